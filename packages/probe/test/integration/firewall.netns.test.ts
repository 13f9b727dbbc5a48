import { execFileSync } from 'node:child_process';
import {
  enterNewNamespace,
  filter,
  firewallFault,
  ip,
  type OtherNamespace,
  otherNamespace,
} from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { farHost } from '../support/far-host.ts';
import { probing } from '../support/probing.ts';

const noFirewall = firewallFault();
let far: OtherNamespace | undefined;

beforeEach(({ skip }) => {
  skip(noFirewall !== null, noFirewall ?? '');
});

afterEach(() => {
  far?.[Symbol.dispose]();
  far = undefined;
});

async function lab(): Promise<OtherNamespace> {
  enterNewNamespace();
  far = await farHost();
  return far;
}

test.each(['192.0.2.2', '2001:db8::2'])(
  'a ping of %s that a firewall of this machine drops is not sent: its verdict is unknown, and names EPERM',
  async (host) => {
    await lab();
    using ping = probing({ kind: 'ping', host });
    await ping.verdict('active');
    execFileSync('nft', [filter('output', 'meta l4proto { icmp, icmpv6 } drop')]);
    expect(await ping.verdict('unknown')).toMatch(
      /^cannot probe: .*operation not permitted \(sendto: EPERM\)$/,
    );
    expect(await ping.result('unsent')).toMatchObject({ why: expect.stringContaining('EPERM') });
    execFileSync('nft', [filter('output', 'accept')]);
    await ping.verdict('active');
  },
);

test('a gateway that drops what it should forward fails the probe of the host behind it, and answers itself', async () => {
  const gateway = await lab();
  using server = await otherNamespace();
  gateway.run(
    'ip',
    'link',
    'add',
    'behind',
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    `${server.pid}`,
  );
  gateway.run('ip', 'addr', 'add', '198.51.100.1/24', 'dev', 'behind');
  gateway.run('ip', 'link', 'set', 'behind', 'up');
  gateway.run('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  server.run('ip', 'addr', 'add', '198.51.100.7/24', 'dev', 'eth0');
  server.run('ip', 'link', 'set', 'eth0', 'up');
  server.run('ip', 'route', 'add', 'default', 'via', '198.51.100.1');
  ip('route', 'add', 'default', 'via', '192.0.2.2');

  using beyond = probing({ kind: 'ping', host: '198.51.100.7', timeoutMs: 100 });
  using near = probing({ kind: 'ping', host: '192.0.2.2' });
  await beyond.verdict('active');
  await near.verdict('active');
  gateway.run('nft', filter('forward', 'drop'));
  expect(await beyond.verdict('failed')).toMatch(/^\d+ of \d+ probes unanswered for \d+\.\d s$/);
  await near.result('answered');
  expect(near.probe.verdict).toBe('active');
  gateway.run('nft', filter('forward', 'accept'));
  await beyond.verdict('active');
});

test('a path that loses most of its packets at random is over its limit of loss, and comes back without the loss', async () => {
  const gateway = await lab();
  using lossy = probing({
    kind: 'ping',
    host: '192.0.2.2',
    timeoutMs: 100,
    fall: 1000,
    window: 20,
    loss: 0.3,
  });
  await lossy.verdict('active');
  gateway.run('nft', filter('input', 'icmp type echo-request numgen random mod 100 < 60 drop'));
  expect(await lossy.verdict('failed')).toMatch(/^\d+ of \d+ probes lost \([\d.]+ %\), limit 30 %$/);
  gateway.run('nft', filter('input', 'accept'));
  await lossy.verdict('active');
  expect(lossy.probe.statistics.loss).toBeLessThanOrEqual(0.15);
});
