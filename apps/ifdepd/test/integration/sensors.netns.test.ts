import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { filter, ip } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd, socket } from '../support/program.ts';

const rules = (probe: string) => `groups:
  wan: {require: {probe: way}, destinations: [carp0]}
probes:
  way: ${probe}
`;

async function ask(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd([...words, '--socket', socket]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function sourceNow() {
  const report = JSON.parse(await ask('status', '--json')) as StatusReport;
  return report.groups[0]?.sources[0];
}

const metrics = async () => (await fetch('http://127.0.0.1:9817/metrics')).text();

test('a group follows the speed of an interface: enough, no carrier, and too little after a reload', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile(`${rules('{speed: em0, at-least: 10G}')}metrics: {listen: 9817}\n`);
  await using running = await daemon(['-f', file.path, '--socket', socket]);
  await running.line(/probe way is active: speed of em0 is 10 Gb\/s$/);
  ip('link', 'set', 'em0', 'down');
  await lab.allAre('down', ['carp0']);
  await running.line(/probe way failed: em0 is down$/);
  ip('link', 'set', 'em0', 'up');
  await lab.allAre('up', ['carp0']);
  expect(await sourceNow()).toMatchObject({
    health: 'active',
    reason: 'speed of em0 is 10 Gb/s',
    detail: { speedMbps: 10_000, duplex: 'full' },
  });
  expect(await ask('status')).toMatch(/probe:way +active .*speed of em0 is 10 Gb\/s/);
  expect(await metrics()).toContain('\nifdepd_probe_speed_bits_per_second{source="probe:way"} 10000000000\n');

  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(/probe way failed: em0 has no carrier$/);
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0']);

  file.write(rules('{speed: em0, at-least: 25G}'));
  running.signal('SIGHUP');
  await lab.allAre('down', ['carp0']);
  expect(await ask('explain', 'carp0')).toMatch(
    /^carp0 is down because probe:way failed \(speed of em0 is 10 Gb\/s, at least 25 Gb\/s is wanted\)/,
  );
  expect(await ask('events')).toContain('speed of em0 is 10 Gb/s, at least 25 Gb/s is wanted');

  file.write(rules('{speed: em0, at-least: 10G}'));
  running.signal('SIGHUP');
  await lab.allAre('up', ['carp0']);
  ip('link', 'del', 'em0');
  await lab.allAre('down', ['carp0']);
  await running.line(/probe way failed: there is no interface em0$/);
});

/** A frame of VXLAN network 5, with an IPv4 packet whose sender does not hear of congestion. */
const FRAME = Buffer.from(
  `0800000000000500ffffffffffff0200000000990800${'4500001c000000004011000000000000c0000202'}0000000000000000`,
  'hex',
);

/** Sends frames to the local VXLAN, which counts each of them as an error. */
async function sendBroken(count: number): Promise<void> {
  const sender = createSocket('udp4');
  for (let left = count; left > 0; left -= 1) {
    await new Promise((sent) => sender.send(FRAME, 4789, '127.0.0.1', sent));
  }
  await new Promise<void>((closed) => sender.close(closed));
}

test('a group follows the receive errors of an interface: a few, too many, and none for the window', async () => {
  using lab = host('carp0');
  ip('link', 'set', 'lo', 'up');
  ip('link', 'add', 'vx0', 'type', 'vxlan', 'id', '5', 'dstport', '4789', 'local', '127.0.0.1');
  ip('link', 'set', 'vx0', 'up');
  // Such a packet says that it met congestion, and its frame cannot say so: Linux counts an error.
  execFileSync('nft', ['-f', '-'], { input: filter('output', 'udp dport 4789 ip ecn set ce') });
  using file = configFile(
    `${rules('{errors: vx0, at-most: 3, per: 3s, every: 100ms}')}metrics: {listen: 9817}\n`,
  );
  await using running = await daemon(['-v', '-f', file.path, '--socket', socket]);
  await running.line(/probe way is active/);
  await sendBroken(3);
  await sendBroken(2);
  await lab.allAre('down', ['carp0']);
  await running.line(/probe way failed: [45] errors on vx0 within 3 s, at most 3 are accepted$/);
  await lab.allAre('up', ['carp0']);
  expect(await ask('status')).toMatch(/probe:way +active .*at most 3 errors on vx0 within 3 s/);
  expect(await sourceNow()).toMatchObject({ detail: { errors: expect.any(Number) } });
  expect(await metrics()).toMatch(/^ifdepd_probe_errors\{source="probe:way"\} \d$/m);
});

test.each([
  [
    '{speed: lo, at-least: 1G}',
    'probe way: cannot be answered at present: the driver of lo reports no speed',
  ],
  ['{bond: em0, at-least: 1}', 'probe way: cannot be answered at present: em0 is not a bond'],
  [
    '{wireguard: em0, handshake-within: 3m}',
    'probe way: cannot be answered at present: em0 is not a WireGuard interface',
  ],
  [
    '{speed: em0, at-least: 25G}',
    'probe way: is not active at present: speed of em0 is 10 Gb/s, at least 25 Gb/s is wanted',
  ],
  [
    '{speed: carp0, at-least: 1G}',
    'carp0: probe:way reads the speed of carp0: when it is set down, probe:way fails, and both stay down for ever',
  ],
])('check warns of the probe %s: %s', async (probe, words) => {
  using _lab = host('em0', 'carp0');
  for (const name of ['lo', 'em0', 'carp0']) {
    ip('link', 'set', name, 'up');
  }
  using file = configFile(rules(probe));
  const { code, stdout } = await runToEnd(['check', '-f', file.path]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining(`warning: ${words}`),
  });
});

test('plan and --once read a device at once, check refuses an interface that is missing', async () => {
  using lab = host('em0', 'carp0');
  ip('link', 'set', 'em0', 'up');
  ip('link', 'set', 'carp0', 'up');
  using file = configFile(rules('{speed: em0, at-least: 25G}'));
  const plan = await runToEnd(['plan', '-f', file.path]);
  expect(plan.stdout).toMatch(
    /carp0 +would be set down +at once +wan: probe:way failed \(speed of em0 is 10 Gb\/s/,
  );
  expect(await runToEnd(['--once', '-f', file.path])).toMatchObject({ code: 0 });
  expect(lab.isUp('carp0')).toBe(false);
  file.write(rules('{errors: em7, at-most: 1, per: 1m}'));
  expect(await runToEnd(['check', '-f', file.path])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('em7: no such interface (source)'),
  });
});
