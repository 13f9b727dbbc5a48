import { readFileSync } from 'node:fs';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { host } from '../support/host.ts';
import { noSlices } from '../support/slice.ts';
import { systemd, systemdFault } from '../support/systemd.ts';

const noSystemd = systemdFault();

/** Bit 12 of linux/capability.h. */
const CAP_NET_ADMIN = '0000000000001000';

test('a real systemd runs the unit in its sandbox: it fails over, reloads, and writes its journal', async ({
  skip,
}) => {
  skip(noSystemd !== null, noSystemd ?? '');
  using lab = host('em0', 'carp0');
  await using manager = await systemd('groups: {g: {sources: [em0], destinations: [carp0]}}\n');
  const started = manager.run('systemctl', 'start', 'ifdepd');
  expect(started).toEqual({ status: 0, stdout: '', stderr: '' });

  const show = (name: string) =>
    manager.run('systemctl', 'show', '-p', name, '--value', 'ifdepd').stdout.trim();
  const pid = show('MainPID');
  const facts = Object.fromEntries(
    manager
      .run('cat', `/proc/${pid}/status`)
      .stdout.split('\n')
      .map((line) => line.split(/:\s+/) as [string, string]),
  );
  expect(facts).toMatchObject({
    NoNewPrivs: '1',
    Seccomp: '2',
    CapPrm: CAP_NET_ADMIN,
    CapEff: CAP_NET_ADMIN,
    CapBnd: CAP_NET_ADMIN,
    CapAmb: CAP_NET_ADMIN,
  });
  expect(Number(facts['Uid']?.split('\t')[0])).toBeGreaterThan(0);
  const mounts = manager.run('cat', `/proc/${pid}/mounts`).stdout.split('\n');
  const writable = mounts.filter((line) => / \/(?:etc|usr|opt)?(?:\/ifdepd)? \S+ rw/.test(line));
  expect(writable).toEqual([]);

  if (noSlices === null) {
    // Where the kernel tells (CONFIG_SCHED_DEBUG).
    const { status, stdout } = manager.run('cat', `/proc/${pid}/sched`);
    expect(status === 0 ? /se\.slice\s*:\s*(\d+)/.exec(stdout)?.[1] : '100000').toBe('100000');
  }

  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  const status = (): StatusReport =>
    JSON.parse(
      manager.run('curl', '-s', '--unix-socket', '/run/ifdepd/ifdepd.sock', 'http://x/v1/status').stdout,
    );
  expect(status().groups[0]).toMatchObject({ name: 'g', phase: 'down', blame: ['em0'] });

  manager.run('sh', '-c', 'echo "groups: {h: {sources: [em0], destinations: [carp0]}}" > /etc/ifdepd.conf');
  expect(manager.run('systemctl', 'reload', 'ifdepd')).toEqual({ status: 0, stdout: '', stderr: '' });
  await until('the new configuration', () => status().groups[0]?.name === 'h');
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0']);

  const journal = () => manager.run('sh', '-c', 'cat /var/lib/ifdepd/*.journal').stdout;
  await until('the journal', () => /"msg":"carp0: set up \(h: em0 active\)"/.test(journal()));
  expect(journal()).toContain('carp0: set down (g: em0 failed)');
  expect(manager.run('sh', '-c', 'ls /run/ifdepd/locks').stdout).toMatch(/-carp0\n$/);
  expect(manager.run('systemctl', 'stop', 'ifdepd').status).toBe(0);
  expect([show('ActiveState'), show('Result'), show('NRestarts')]).toEqual(['inactive', 'success', '0']);

  // The drop-in without compilers, in the same service manager.
  const dropIn = readFileSync(
    new URL('../../service/systemd/drop-ins/jitless.conf', import.meta.url),
    'utf8',
  );
  const folder = '/run/units/ifdepd.service.d';
  manager.run(
    'sh',
    '-c',
    `mkdir ${folder}; printf %s '${dropIn}' > ${folder}/jitless.conf; systemctl daemon-reload`,
  );
  expect(manager.run('systemctl', 'start', 'ifdepd')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(show('MemoryDenyWriteExecute')).toBe('yes');
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  expect(status().groups[0]).toMatchObject({ name: 'h', phase: 'down' });
  // Refused is what it would be without the drop-in's other half.
  manager.run('sh', '-c', `sed -i /NODE_OPTIONS/d ${folder}/jitless.conf; systemctl daemon-reload`);
  manager.run('systemctl', 'stop', 'ifdepd');
  expect(manager.run('systemctl', 'start', 'ifdepd').status).not.toBe(0);
});

/** journald as a unit of the service manager of a test: it reads nothing of the kernel, and keeps everything in memory. */
const JOURNALD = `mkdir -p /etc/systemd
printf '[Journal]\\nStorage=volatile\\nAudit=no\\nReadKMsg=no\\n' > /etc/systemd/journald.conf
printf '[Unit]\\nDefaultDependencies=no\\n[Service]\\nType=notify\\nExecStart=/lib/systemd/systemd-journald\\nStandardOutput=null\\n' \
  > /run/units/systemd-journald.service
systemctl daemon-reload && systemctl start systemd-journald`;

test('journald finds the lines of a group and of an interface by their fields', async ({ skip }) => {
  skip(noSystemd !== null, noSystemd ?? '');
  using lab = host('em0', 'carp0');
  await using manager = await systemd('groups: {gateway: {sources: [em0], destinations: [carp0]}}\n');
  expect(manager.run('sh', '-c', JOURNALD)).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(manager.run('systemctl', 'start', 'ifdepd')).toEqual({ status: 0, stdout: '', stderr: '' });
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  const found = (...fields: readonly string[]) =>
    manager.run('journalctl', '--no-pager', '-q', '-o', 'cat', ...fields).stdout;
  const line = /^carp0: set down \(gateway: em0 failed\)$/m;
  await until('the line of the group', () => line.test(found('IFDEPD_GROUP=gateway')));
  for (const field of [
    'IFDEPD_INTERFACE=carp0',
    'IFDEPD_INTERFACE=em0',
    'PRIORITY=4',
    '_SYSTEMD_UNIT=ifdepd.service',
  ]) {
    expect(found('IFDEPD_EVENT=action', field)).toMatch(line);
  }
  expect(found('IFDEPD_GROUP=other')).toBe('');
});
