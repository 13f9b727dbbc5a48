import { enterNewNamespace, ip, type OtherNamespace } from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { farHost } from '../support/far-host.ts';
import { probing } from '../support/probing.ts';

let far: OtherNamespace;

beforeEach(async () => {
  enterNewNamespace();
  far = await farHost();
});

afterEach(() => far[Symbol.dispose]());

test.each(['192.0.2.2', '2001:db8::2', 'fe80::2'])('the owner of %s on the link answers', async (address) => {
  using link = probing({ kind: 'arp', address, interface: 'eth0' });
  await link.verdict('active');
});

test('an interface without an IPv4 address asks by ARP all the same', async () => {
  ip('addr', 'flush', 'dev', 'eth0');
  using link = probing({ kind: 'arp', address: '192.0.2.2', interface: 'eth0' });
  await link.verdict('active');
});

test.each(['192.0.2.99', '2001:db8::99'])(
  'an address without an owner, %s, is unanswered',
  async (address) => {
    using link = probing({ kind: 'arp', address, interface: 'eth0', timeoutMs: 60 });
    expect(await link.verdict('failed')).toMatch(/^3 of 3 probes unanswered for \d\.\d s$/);
  },
);

test('a host that falls silent on the link fails, and comes back', async () => {
  using link = probing({ kind: 'arp', address: '192.0.2.2', interface: 'eth0', timeoutMs: 100 });
  await link.verdict('active');
  far.run('ip', 'link', 'set', 'far0', 'arp', 'off');
  await link.verdict('failed');
  far.run('ip', 'link', 'set', 'far0', 'arp', 'on');
  await link.verdict('active');
});
