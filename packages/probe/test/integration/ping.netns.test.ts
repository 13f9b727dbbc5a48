import { writeFileSync } from 'node:fs';
import { enterNewNamespace, ip, type OtherNamespace } from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { probeObstacle } from '../../src/index.ts';
import { farHost } from '../support/far-host.ts';
import { probing } from '../support/probing.ts';

let far: OtherNamespace;

beforeEach(async () => {
  enterNewNamespace();
  far = await farHost();
});

afterEach(() => far[Symbol.dispose]());

/** Which groups may open a datagram socket of ICMP. In a new namespace none may. */
const PING_GROUPS = '/proc/sys/net/ipv4/ping_group_range';

test.each([
  ['a raw socket', null],
  ['a datagram socket', '0 0'],
])('a ping over %s is answered for IPv4, IPv6 and a link-local address', async (_, range) => {
  if (range !== null) {
    writeFileSync(PING_GROUPS, range);
  }
  for (const host of ['192.0.2.2', '2001:db8::2', 'fe80::2%eth0']) {
    using ping = probing({ kind: 'ping', host });
    expect(await ping.verdict('active')).toMatch(/^answers in \d+(\.\d\d)? ms$/);
    expect(ping.probe.statistics).toMatchObject({ loss: 0 });
  }
});

test('a ping through an interface answers, and through another one does not', async () => {
  ip('link', 'add', 'eth9', 'type', 'veth', 'peer', 'name', 'eth9-x');
  ip('link', 'set', 'eth9', 'up');
  ip('link', 'set', 'eth9-x', 'up');
  using through = probing({
    kind: 'ping',
    host: '192.0.2.2',
    interface: 'eth0',
    source: '192.0.2.1',
    mark: 7,
  });
  using beside = probing({ kind: 'ping', host: '192.0.2.2', interface: 'eth9', timeoutMs: 100 });
  await through.verdict('active');
  expect(await beside.verdict('failed')).toMatch(/^3 of 3 probes (unanswered|failed)/);
});

test('a host that ignores echo requests fails the ping, and comes back when it answers', async () => {
  using ping = probing({ kind: 'ping', host: '192.0.2.2', timeoutMs: 100 });
  await ping.verdict('active');
  far.run('sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=1');
  expect(await ping.verdict('failed')).toMatch(/^\d+ of \d+ probes unanswered for \d+\.\d s$/);
  far.run('sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_all=0');
  await ping.verdict('active');
});

test('a ping without a route is unreachable, and names the errno', async () => {
  using ping = probing({ kind: 'ping', host: '203.0.113.1' });
  expect(await ping.result('unreachable')).toMatchObject({ why: expect.stringContaining('ENETUNREACH') });
  expect(await ping.verdict('failed')).toMatch(/failed for .*network is unreachable/);
});

test('a blackhole route fails the ping', async () => {
  ip('route', 'add', 'blackhole', '198.51.100.0/24');
  using ping = probing({ kind: 'ping', host: '198.51.100.7' });
  expect(await ping.verdict('failed')).toContain('EINVAL');
});

test('a ping that this machine forbids has no verdict, and names the errno', async () => {
  ip('route', 'add', 'prohibit', '198.51.100.0/24');
  using ping = probing({ kind: 'ping', host: '198.51.100.7' });
  expect(await ping.result('unsent')).toMatchObject({ why: expect.stringContaining('EACCES') });
  expect(ping.probe.reason).toMatch(/^cannot probe: .*EACCES/);
  expect(ping.probe.verdict).toBe('unknown');
});

test('an interface that goes fails the ping, and one that comes back with another index answers', async () => {
  using ping = probing({ kind: 'ping', host: '192.0.2.2', interface: 'eth0', timeoutMs: 100 });
  await ping.verdict('active');
  ip('link', 'del', 'eth0');
  far[Symbol.dispose]();
  expect(await ping.verdict('failed')).toMatch(/^\d+ of \d+ probes/);
  expect(await ping.result('unreachable')).toMatchObject({ why: expect.stringContaining('ENODEV') });
  far = await farHost();
  await ping.verdict('active');
});

test('a name that no server resolves leaves the ping without a verdict', async () => {
  using ping = probing({ kind: 'ping', host: 'host.invalid' });
  expect(await ping.result('unsent')).toMatchObject({
    why: expect.stringMatching(/^cannot resolve the name host\.invalid \([A-Z]+\)$/),
  });
  expect(ping.probe.verdict).toBe('unknown');
});

test('a program that was held up concludes nothing from it', async () => {
  using ping = probing({ kind: 'ping', host: '192.0.2.2', everyMs: 20, timeoutMs: 40 });
  await ping.verdict('active');
  const until = performance.now() + 500;
  while (performance.now() < until);
  await ping.result('answered');
  expect(ping.results.filter(({ type }) => type !== 'answered')).toEqual([]);
  expect(ping.probe.statistics.sent).toBeLessThan(ping.results.length);
});

test('an obstacle of a target is a missing route or interface, and nothing is sent to find it', () => {
  const sent = () => far.run('cat', '/proc/net/snmp');
  const before = sent();
  expect(probeObstacle({ kind: 'ping', host: '192.0.2.2', interface: 'eth0' })).toBeNull();
  expect(probeObstacle({ kind: 'arp', address: 'fe80::2', interface: 'eth0' })).toBeNull();
  expect(probeObstacle({ kind: 'dns', name: 'example.net', server: '203.0.113.1' })).toBe(
    'there is no route to 203.0.113.1',
  );
  expect(probeObstacle({ kind: 'tcp', host: '192.0.2.2', port: 1, interface: 'eth7' })).toBe(
    'eth7: no such device (setsockopt SO_BINDTODEVICE: ENODEV)',
  );
  expect(probeObstacle({ kind: 'http', url: 'http://host.invalid/' })).toBeNull();
  expect(sent()).toBe(before);
});
