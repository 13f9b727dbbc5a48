import { ip } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, runToEnd, socket } from '../support/program.ts';

const GATEWAY = '192.0.2.9';

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

/** The interface of the host with its address and its default route. */
function connect(): void {
  ip('addr', 'replace', '192.0.2.1/24', 'dev', 'em0');
  ip('route', 'replace', 'default', 'via', GATEWAY);
}

test('a group follows the default route: deleted, gone with its interface without a message, without a carrier, and back', async () => {
  using lab = host('em0', 'carp0');
  connect();
  using file = configFile(`${rules('{route: default}')}metrics: {listen: 9817}\n`);
  await using running = await daemon(['-f', file.path, '--socket', socket]);
  await running.line(/probe way is active/);

  ip('route', 'del', 'default');
  await lab.allAre('down', ['carp0']);
  await running.line(/probe way failed: no default route \(IPv4\)$/);
  expect(await ask('explain', 'carp0')).toMatch(
    /^carp0 is down because probe:way failed \(no default route \(IPv4\)\)/,
  );
  expect(await ask('events')).toContain('no default route (IPv4)');
  const report = JSON.parse(await ask('status', '--json')) as StatusReport;
  expect(report.groups[0]?.sources).toEqual([
    { id: 'probe:way', health: 'failed', reason: 'no default route (IPv4)', since: expect.any(String) },
  ]);
  const text = await (await fetch('http://127.0.0.1:9817/metrics')).text();
  expect(text).toContain('\nifdepd_source_active{source="probe:way"} 0\n');
  expect(text).not.toContain('ifdepd_probe_');

  connect();
  await lab.allAre('up', ['carp0']);
  expect(await ask('status')).toMatch(/probe:way +active .*default route \(IPv4\) via 192\.0\.2\.9 on em0/);

  ip('link', 'set', 'em0', 'down');
  await lab.allAre('down', ['carp0']);
  ip('link', 'set', 'em0', 'up');
  connect();
  await lab.allAre('up', ['carp0']);

  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  await running.line(
    /probe way failed: default route \(IPv4\) via 192\.0\.2\.9 on em0, which has no carrier$/,
  );
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0']);
});

test('a group follows the route to a net on one interface', async () => {
  using lab = host('em0', 'em1', 'carp0');
  connect();
  ip('route', 'add', '2001:db8:7::/48', 'via', 'fe80::9', 'dev', 'em1');
  using file = configFile(rules('{route: "2001:DB8:7::/48", interface: em0}'));
  await using running = await daemon(['-f', file.path]);
  await running.line(/probe way failed: no route to 2001:db8:7::\/48 on em0$/);
  await lab.allAre('down', ['carp0']);
  ip('route', 'add', '2001:db8:7::/48', 'via', 'fe80::9', 'dev', 'em0', 'metric', '2000');
  await lab.allAre('up', ['carp0']);

  file.write(rules('{route: 203.0.113.0/24}'));
  running.signal('SIGHUP');
  await running.line(/probe way failed: no route to 203\.0\.113\.0\/24$/);
  ip('route', 'add', '203.0.113.0/24', 'via', GATEWAY);
  await lab.allAre('up', ['carp0']);
});

test('a group follows the address of an interface: removed and returned', async () => {
  using lab = host('em0', 'carp0');
  ip('link', 'property', 'add', 'dev', 'em0', 'altname', 'uplink0');
  using file = configFile(rules('{address: uplink0, family: ipv4}'));
  await using running = await daemon(['-f', file.path, '--socket', socket]);
  await running.line(/probe way failed: no IPv4 address on uplink0$/);
  await lab.allAre('down', ['carp0']);
  for (let round = 0; round < 2; round += 1) {
    ip('addr', 'add', '192.0.2.1/24', 'dev', 'em0');
    await lab.allAre('up', ['carp0']);
    expect(await ask('status')).toMatch(/probe:way +active .*192\.0\.2\.1\/24 on uplink0/);
    ip('addr', 'del', '192.0.2.1/24', 'dev', 'em0');
    await lab.allAre('down', ['carp0']);
  }
  ip('addr', 'add', '2001:db8::1/64', 'dev', 'em0', 'nodad');
  file.write(rules('{address: uplink0, family: ipv6}'));
  running.signal('SIGHUP');
  await lab.allAre('up', ['carp0']);
  ip('addr', 'del', '2001:db8::1/64', 'dev', 'em0');
  await running.line(/probe way failed: no usable IPv6 address on uplink0: fe80::\S+ is for its link alone$/);
});

test('--once and plan read routes and addresses at once, check names a missing interface and a destination', async () => {
  using lab = host('em0', 'carp0');
  using file = configFile(rules('{route: default}'));
  const plan = await runToEnd(['plan', '-f', file.path]);
  expect(plan.stdout).toMatch(
    /carp0 +would be set down +at once +wan: probe:way failed \(no default route \(IPv4\)\)/,
  );
  expect(await runToEnd(['--once', '-f', file.path])).toMatchObject({ code: 0 });
  expect(lab.isUp('carp0')).toBe(false);
  connect();
  expect(await runToEnd(['--once', '-f', file.path])).toMatchObject({ code: 0 });
  expect(lab.isUp('carp0')).toBe(true);

  file.write(rules('{address: carp0, family: ipv6}'));
  const looped = await runToEnd(['check', '-f', file.path]);
  expect(looped.stdout).toContain(
    'probe:way needs an address of carp0: when it is set down, probe:way fails',
  );
  file.write(rules('{route: default, interface: em7}'));
  const missing = await runToEnd(['check', '-f', file.path]);
  expect(missing).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('em7: no such interface (source)'),
  });
});

test('check warns of a route and an address that are not there, and of a default route through a destination', async () => {
  using _lab = host('em0', 'carp0');
  using file = configFile(
    `groups: {wan: {require: {all: [{probe: way}, {probe: lease}]}, destinations: [carp0]}}
probes: {way: {route: default}, lease: {address: em0}}
`,
  );
  const absent = await runToEnd(['check', '-f', file.path]);
  expect(absent.code).toBe(0);
  expect(absent.stdout).toContain('probe way: is not active at present: no default route (IPv4)\n');
  expect(absent.stdout).toContain('probe lease: is not active at present: no IPv4 address on em0\n');

  connect();
  const present = await runToEnd(['check', '-f', file.path]);
  expect(present.stdout).not.toContain('probe ');

  ip('addr', 'add', '198.51.100.1/24', 'dev', 'carp0');
  ip('route', 'replace', 'default', 'via', '198.51.100.9', 'dev', 'carp0');
  const looped = await runToEnd(['check', '-f', file.path]);
  expect(looped.stdout).toContain(
    'carp0: probe:way needs a route through carp0: when it is set down, probe:way fails, and both stay down for ever\n',
  );
  expect(looped.stdout).not.toContain('not active');
});
