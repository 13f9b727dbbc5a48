import { addressBytes, type KernelAddress, type KernelRoute } from '@ifdepd/netlink/rtnetlink';
import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { keepCommand } from '../../src/diagnose/address-findings.ts';
import { findings } from '../../src/diagnose/findings.ts';
import type { HostFacts } from '../../src/diagnose/host-facts.ts';
import type { KernelFacts } from '../../src/diagnose/kernel-facts.ts';
import { isThroughInterfaces } from '../../src/diagnose/lost-routes.ts';
import { links } from '../support/ip-link.ts';
import { address, DETAILS, found, kernel, messagesAbout, nothing, route, router } from '../support/router.ts';

describe('IPv6 addresses', () => {
  const about = (addresses: readonly KernelAddress[], keep = 0, all = 0, name = 'eth3') => {
    const facts = kernel({ addresses, details: new Map([[10, { ...DETAILS, keepAddresses: keep }]]) });
    return messagesAbout(found('br0.20', name, { ...facts, keepAllAddresses: all }), 'ipv6-flushed');
  };
  const six = address(10, '2001:db8::1');

  test.each([
    ['not kept', 0, 0, 1],
    ['kept by the interface', 1, 0, 0],
    ['kept by all, where the interface says 0', 0, 1, 0],
    ['kept by all, where the interface says no: all decides where it is not 0', -1, 1, 0],
    ['not kept by all, where the interface says yes', 1, -1, 1],
    ['not kept by the interface, where all says 0', -1, 0, 1],
  ])('%s', (_title, keep, all, count) => {
    expect(about([six], keep, all)).toHaveLength(count);
  });

  test('IPv6 addresses with a lifetime are lost whatever is set', () => {
    expect(about([address(10, '2001:db8::1', { permanent: false })], 1, 1)).toEqual([
      expect.stringMatching(/^has IPv6 addresses with a lifetime/),
    ]);
  });

  test('link-local IPv6 addresses are lost if they were set by hand, on a kernel that reports it', () => {
    const own = address(10, 'fe80::1', { scope: 253, protocol: 3 });
    const made = address(10, 'fe80::ff:fe00:a', { scope: 253 });
    const byHand = address(10, 'fe80::1', { scope: 253 });
    expect(about([own, made], 1)).toEqual([]);
    expect(about([byHand], 1)).toEqual([]);
    expect(about([byHand, own], 1)).toEqual([expect.stringMatching(/set by hand.*: fe80::1$/)]);
  });

  test('IPv4 stays, and so does what is on other interfaces', () => {
    expect(about([address(10, '192.0.2.1'), address(7, '2001:db8::2')])).toEqual([]);
  });

  test('IPv6 addresses of a VLAN are lost with its parent', () => {
    expect(about([address(17, '2001:db8::3')])).toEqual([
      'takes interfaces down with it that have IPv6 addresses, which Linux removes then: eth3.30',
    ]);
  });

  test('the way out names the sysctl so that it works', () => {
    expect(about([six])).toEqual([
      'has global IPv6 addresses, which Linux removes when it is set down: sysctl net.ipv6.conf.eth3.keep_addr_on_down=1',
    ]);
    expect(about([six], 0, -1)).toEqual([
      expect.stringMatching(/: sysctl net\.ipv6\.conf\.all\.keep_addr_on_down=1$/),
    ]);
    expect(keepCommand({ name: 'vrrp.51' }, 0)).toBe('sysctl net/ipv6/conf/vrrp.51/keep_addr_on_down=1');
    expect(keepCommand({ name: 'ethé' }, 0)).toBe("sysctl 'net.ipv6.conf.ethé.keep_addr_on_down=1'");
    expect(keepCommand({ name: "a'$x" }, 0)).toBe("sysctl 'net.ipv6.conf.a'\\''$x.keep_addr_on_down=1'");
  });

  test('stay with protodown', () => {
    const facts = kernel({ addresses: [address(9, '2001:db8::1')] });
    expect(
      messagesAbout(found('lo', '{interface: vrrp.51, action: protodown}', facts), 'ipv6-flushed'),
    ).toEqual([]);
  });
});

describe('routes', () => {
  const about = (
    routes: readonly KernelRoute[],
    more: Partial<KernelFacts> = {},
    facts: Partial<HostFacts> = {},
  ) =>
    found('br0.20', 'eth3', { ...kernel({ routes, ...more }), ...facts })
      .filter(({ code }) => code === 'default-route' || code === 'routes-lost')
      .map(({ message }) => message);

  test.each([
    ['by hand', route('default', [10]), 'this host loses it when it is set down, and nothing puts it back'],
    ['of DHCP', route('default', [10], { protocol: 16 }), 'this host loses it when it is set down'],
    ['of an advertisement', route('::/0', [10], { protocol: 9 }), 'this host loses it when it is set down'],
    [
      'first of two next hops',
      route('default', [10, 7]),
      'with one of its next hops: this host loses that one when it is set down',
    ],
    [
      'second of two next hops',
      route('::/0', [7, 10]),
      'with one of its next hops: this host loses that one when it is set down',
    ],
  ])('the default route, %s', (_title, one, words) => {
    expect(about([one])).toEqual([expect.stringMatching(new RegExp(`^the default route goes .*${words}$`))]);
  });

  test('the default route through what stands on it', () => {
    expect(about([route('default', [17])])).toHaveLength(1);
    expect(about([route('default', [7])])).toEqual([]);
  });

  test.each([
    ['by hand', route('10.0.0.0/8', [10]), '10.0.0.0/8'],
    ['of IPv6', route('2001:db8:5::/64', [10]), '2001:db8:5::/64'],
    ['static', route('10.0.0.0/8', [10], { protocol: 4 }), '10.0.0.0/8'],
    ['of another table', route('10.0.0.0/8', [10], { table: 1000 }), '10.0.0.0/8 (table 1000)'],
    ['the default one of another table', route('default', [10], { table: 7 }), 'default (table 7)'],
    ['with both next hops on it', route('10.0.0.0/8', [10, 10]), '10.0.0.0/8'],
    ['of a VLAN that goes with it', route('10.0.0.0/8', [17]), '10.0.0.0/8'],
  ])('%s are lost for good', (_title, one, words) => {
    expect(about([one])).toEqual([
      `Linux deletes routes when it is set down, and nothing puts them back: ${words}`,
    ]);
  });

  test.each([
    ['of the kernel, which sets them again', route('192.0.2.0/24', [10], { protocol: 2 })],
    ['of a routing daemon', route('10.0.0.0/8', [10], { protocol: 186 })],
    ['with a next hop elsewhere, which are whole again later', route('10.0.0.0/8', [10, 7])],
    ['through others', route('10.0.0.0/8', [7])],
  ])('%s: nothing to tell', (_title, one) => {
    expect(about([one])).toEqual([]);
  });

  test('static ones are put back by a manager of the network, those by hand are not', () => {
    const managed = { managerOf: () => 'systemd-networkd' };
    expect(about([route('10.0.0.0/8', [10], { protocol: 4 })], {}, managed)).toEqual([]);
    expect(about([route('10.0.0.0/8', [10])], {}, managed)).toHaveLength(1);
  });

  test('nexthop objects are deleted, with what uses them alone', () => {
    const nextHops = [
      { id: 5, index: 10, members: [] },
      { id: 6, index: 7, members: [] },
      { id: 9, index: null, members: [5, 6] },
    ];
    const objects = 'Linux deletes nexthop objects when it is set down, and nothing puts them back: id 5';
    const [single, group] = [
      route('10.5.0.0/16', [10], { nextHopId: 5, protocol: 186 }),
      route('10.9.0.0/16', [10, 7], { nextHopId: 9 }),
    ];
    expect(about([], { nextHops })).toEqual([objects]);
    expect(about([group], { nextHops })).toEqual([objects]);
    expect(about([single, group], { nextHops })).toEqual([
      'Linux deletes routes when it is set down, and nothing puts them back: 10.5.0.0/16',
      objects,
    ]);
  });

  test('several destinations that are down at the same time lose what no single one does', () => {
    const ways = kernel({
      routes: [route('default', [10, 3]), route('10.0.0.0/8', [10, 3]), route('10.9.0.0/16', [10, 7])],
      nextHops: [{ id: 5, index: 4, members: [] }],
    });
    const told = (text: string) =>
      found('br0.20', text, ways)
        .filter(({ code }) => code !== 'carrier-stays')
        .map(({ subject, message }) => `${subject}: ${message}`);
    const lost = (name: string) => [
      `${name}: the default route goes through it: this host loses it when it is set down together with the others, and nothing puts it back`,
      `${name}: Linux deletes routes when it is set down together with the others, and nothing puts them back: 10.0.0.0/8`,
    ];
    expect(told('eth3, eth1')).toEqual([...lost('eth3'), ...lost('eth1')]);
    const oneHop = (name: string) =>
      `${name}: the default route goes through it with one of its next hops: this host loses that one when it is set down`;
    expect(told('eth1')).toEqual([oneHop('eth1')]);
    const bond = (name: string) =>
      `${name}: Linux deletes nexthop objects when it is set down together with the others, and nothing puts them back: id 5`;
    expect(told('eth0, eth1')).toEqual([bond('eth0'), oneHop('eth1'), bond('eth1')]);
  });

  test('destinations that are never down at the same time lose nothing together', () => {
    const policy = (other: string) =>
      parseSettings(
        `groups: {a: {sources: [br0.20], destinations: [eth3]}, b: {require: ${other}, destinations: [eth1]}}`,
        'x',
      );
    const routes = [route('10.0.0.0/8', [10, 3])];
    const facts = { links: links(router), ...nothing, ...kernel({ routes }) };
    expect(messagesAbout(findings(policy('{not: br0.20}'), facts), 'routes-lost')).toEqual([]);
    expect(messagesAbout(findings(policy('br0'), facts), 'routes-lost')).toHaveLength(2);
  });

  test.each([
    ['of one receiver', route('10.0.0.0/8', [10]), true],
    ['of many receivers', route('239.0.0.0/8', [10], { type: 5 }), true],
    ['of all receivers', route('10.9.9.255/32', [10], { type: 3, table: 255 }), true],
    ['to addresses of this host, of IPv4', route('10.0.0.0/8', [10], { type: 2, table: 255 }), false],
    ['to addresses of this host, of IPv6', route('2001:db8:5::/64', [10], { type: 2, table: 255 }), true],
    ['that answers with an error, of IPv6', route('2001:db8:5::/64', [1], { type: 7 }), false],
    ['that is a blackhole', route('10.0.0.0/8', [], { type: 6 }), false],
  ])('a route %s: whether an interface can take it along', (_title, one, lost) => {
    expect(isThroughInterfaces(one)).toBe(lost);
  });

  test('a long list is cut short', () => {
    const many = Array.from({ length: 8 }, (_, at) => route(`10.${at}.0.0/16`, [10]));
    expect(about(many)).toEqual([expect.stringMatching(/10\.4\.0\.0\/16 and 3 more$/)]);
  });
});

test('neighbours that were set by hand are forgotten', () => {
  const at = (text: string, proxy: boolean) => ({
    index: 10,
    family: 4 as const,
    address: addressBytes(text) ?? new Uint8Array(),
    hardware: null,
    state: 0x80,
    permanent: true,
    proxy,
    router: false,
  });
  const neighbours = [at('192.0.2.7', false), at('2001:db8::8', true)];
  expect(messagesAbout(found('br0.20', 'eth3', kernel({ neighbours })), 'neighbours-lost')).toEqual([
    'Linux forgets neighbours that were set by hand when it is set down, and nothing puts them back: 192.0.2.7, 2001:db8::8 (proxy)',
  ]);
  expect(messagesAbout(found('br0.20', 'eth2', kernel({ neighbours })), 'neighbours-lost')).toEqual([]);
});
