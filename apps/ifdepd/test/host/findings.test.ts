import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { type Finding, findings } from '../../src/host/findings.ts';
import type { HostFacts } from '../../src/host/host-facts.ts';
import { type IpLink, links } from '../support/ip-link.ts';

/** `ip -d -j link` of a router with a bond, a bridge, VLANs on both, a team of macvlans and a cable. */
const router: readonly IpLink[] = [
  { ifindex: 1, ifname: 'lo' },
  { ifindex: 2, ifname: 'eth0', master: 'bond0' },
  { ifindex: 3, ifname: 'eth1', master: 'bond0' },
  { ifindex: 4, ifname: 'bond0', linkinfo: { info_kind: 'bond' } },
  { ifindex: 5, ifname: 'bond0.10', link: 'bond0', linkinfo: { info_kind: 'vlan' } },
  { ifindex: 6, ifname: 'eth2', master: 'br0', altnames: ['enp3s0'] },
  { ifindex: 7, ifname: 'br0', linkinfo: { info_kind: 'bridge' } },
  { ifindex: 8, ifname: 'br0.20', link: 'br0', linkinfo: { info_kind: 'vlan' } },
  { ifindex: 9, ifname: 'vrrp.51', link: 'br0.20', linkinfo: { info_kind: 'macvlan' } },
  { ifindex: 10, ifname: 'eth3' },
  // A cable into another namespace, where number 10 is somebody else.
  { ifindex: 11, ifname: 'veth0', link_index: 10, link_netnsid: 0, linkinfo: { info_kind: 'veth' } },
];

const nothing: Omit<HostFacts, 'links'> = {
  vhids: new Map(),
  losesIpv6: new Set(),
  defaultRoutes: new Set(),
  session: null,
  managerOf: () => null,
  holderOf: () => null,
};

function found(
  source: string,
  destination: string,
  facts: Partial<HostFacts> = {},
  more = '',
): readonly Finding[] {
  const text = `groups: {g: {sources: [${source}], destinations: [${destination}]}${more}}`;
  return findings(parseSettings(text, 'x'), { links: links(router), ...nothing, ...facts });
}

describe('loops through the kernel', () => {
  test.each([
    ['the parent of a VLAN', 'bond0.10', 'bond0', 'bond0.10 stands on bond0'],
    ['a port of the bond under a VLAN', 'bond0.10', 'eth0', 'bond0.10 stands on bond0 is made of eth0'],
    ['a port of a bond', 'bond0', 'eth1', 'bond0 is made of eth1'],
    ['the bond of a port', 'eth0', 'bond0', 'eth0 is a port of bond0'],
    ['the bridge of a port', 'eth2', 'br0', 'eth2 is a port of br0'],
    ['a port of a bridge', 'br0', 'eth2', 'br0 is made of eth2'],
    [
      'what a macvlan on a VLAN on a bridge stands on',
      'vrrp.51',
      'eth2',
      'vrrp.51 stands on br0.20 stands on br0 is made of eth2',
    ],
    [
      'the same by its alternative name',
      'vrrp.51',
      'enp3s0',
      'vrrp.51 stands on br0.20 stands on br0 is made of eth2',
    ],
  ])('%s', (_title, source, destination, way) => {
    const [finding, ...others] = found(source, destination);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      level: 'warning',
      code: 'kernel-loop',
      message: `${way}: when it is set down, ${source} fails, and both stay down for ever`,
    });
  });

  test.each([
    ['a VLAN of a source', 'bond0', 'bond0.10'],
    ['a macvlan of a source', 'br0.20', 'vrrp.51'],
    ['something beside it', 'eth3', 'bond0'],
    ['a number of another network namespace', 'veth0', 'eth3'],
  ])('none through %s', (_title, source, destination) => {
    expect(found(source, destination)).toEqual([]);
  });

  test('none where the source is held down by a group itself: that is a chain', () => {
    const chain = ', h: {sources: [eth3], destinations: [bond0.10]}';
    expect(found('bond0.10', 'bond0', {}, chain)).toEqual([]);
  });
});

describe('a destination', () => {
  test.each<[Finding['code'], Partial<HostFacts>, RegExp]>([
    [
      'ipv6-flushed',
      { losesIpv6: new Set(['bond0']) },
      /sysctl net\.ipv6\.conf\.bond0\.keep_addr_on_down=1$/,
    ],
    ['default-route', { defaultRoutes: new Set(['bond0']) }, /^the default route goes through it/],
    ['this-session', { session: 'bond0' }, /^this session came in through it/],
    ['managed', { managerOf: () => 'NetworkManager' }, /^NetworkManager manages it and may raise it again/],
    ['held', { holderOf: () => 1 }, /^the ifdepd with process id 1 holds it/],
  ])('%s', (code, facts, message) => {
    expect(found('eth3', 'bond0', facts)).toEqual([
      { level: 'warning', code, subject: 'bond0', message: expect.stringMatching(message) },
    ]);
    expect(found('bond0', 'eth3', code === 'managed' || code === 'held' ? {} : facts)).toEqual([]);
  });

  test('that this process holds itself is held by nobody else', () => {
    expect(found('eth3', 'bond0', { holderOf: () => process.pid })).toEqual([]);
  });

  test.each([
    ['vrrp.51', 0],
    ['eth3', 0],
    ['bond0', 1],
    ['br0', 1],
    ['veth0', 1],
  ])('protodown of %s', (name, count) => {
    const warnings = found('lo', `{interface: ${name}, action: protodown}`);
    expect(warnings.filter(({ code }) => code === 'no-protodown')).toHaveLength(count);
  });

  test('protodown leaves IPv6 addresses alone, and a file is no interface', () => {
    const facts = { losesIpv6: new Set(['vrrp.51']), managerOf: () => 'NetworkManager' };
    const codes = (destination: string) => found('lo', destination, facts).map(({ code }) => code);
    expect(codes('{interface: vrrp.51, action: protodown}')).toEqual(['managed']);
    expect(codes('{file: /x, up: "0", down: "1"}')).toEqual([]);
  });
});

test('what is missing is an error, sources first', () => {
  expect(found('em8', 'em9')).toEqual([
    { level: 'error', code: 'missing', subject: 'em8', message: 'no such interface (source)' },
    { level: 'error', code: 'missing', subject: 'em9', message: 'no such interface (destination)' },
  ]);
});

describe('a vhid', () => {
  test.each([
    [100, []],
    [239, []],
    [240, ['low-already']],
    [254, ['low-already']],
  ])('with an advskew of %d', (advskew, codes) => {
    const facts = { vhids: new Map([['1@eth3', advskew]]) };
    const list = found('bond0', '1@eth3', facts);
    expect(list.map(({ code }) => code)).toEqual(codes);
    for (const { level, message } of list) {
      expect(level).toBe('warning');
      expect(message).toContain(`has an advskew of ${advskew}`);
      expect(message).toContain('ifconfig eth3 vhid 1 advskew 0');
    }
  });
});

test('a check that no group requires, not even in a corner of its requirement', () => {
  const text = `groups: {g: {require: {any: [eth3, {not: {check: used}}]}, destinations: [vrrp.51]}}
checks: {used: {file: /used}, idle: {file: /idle}}`;
  expect(findings(parseSettings(text, 'x'), { links: links(router), ...nothing })).toEqual([
    {
      level: 'warning',
      code: 'not-required',
      subject: 'idle',
      message: 'no group requires this check, so what it finds changes nothing: {check: idle}',
    },
  ]);
});
