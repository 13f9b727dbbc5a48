import { addressBytes, type KernelRoute } from '@ifdepd/netlink/rtnetlink';
import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { findings } from '../../src/diagnose/findings.ts';
import type { HostFacts } from '../../src/diagnose/host-facts.ts';
import { type IpLink, links } from '../support/ip-link.ts';
import { cable, DETAILS, found, kernel, messagesAbout, nothing, route, router } from '../support/router.ts';

describe('loops through the kernel', () => {
  test.each([
    ['the parent of a VLAN', 'bond0.10', 'bond0', 'bond0.10 stands on bond0'],
    ['the only port of a bridge', 'br0', 'eth2', 'br0 is made of eth2'],
    ['the other end of a cable', 'left', 'right', 'left is the other end of right'],
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
    ['the bridge under a VLAN under a macvlan', 'vrrp.51', 'br0', 'vrrp.51 stands on br0.20 stands on br0'],
  ])('%s', (_title, source, destination, way) => {
    const list = found(source, destination, { links: links([...router, ...cable]) });
    expect(messagesAbout(list, 'kernel-loop')).toEqual([
      `${way}: when it is set down, ${source} fails, and both stay down for ever`,
    ]);
  });

  test.each([
    ['a VLAN of a source', 'bond0', 'bond0.10'],
    ['a macvlan of a source', 'br0.20', 'vrrp.51'],
    ['something beside it', 'eth3', 'bond0'],
    ['a number of another network namespace', 'veth0', 'eth3'],
    ['the bond of a port, which keeps flag and carrier', 'eth0', 'bond0'],
    ['the bridge of a port', 'eth2', 'br0'],
    ['the VRF of a port', 'eth4', 'vrf0'],
    ['a port of a VRF', 'vrf0', 'eth4'],
    ['one of two ports of a bond', 'bond0', 'eth1'],
    ['what a tunnel leaves through', 'vx0', 'eth3'],
    ['a bond under a macvlan, which keeps its carrier', 'mv-bond', 'bond0'],
    ['what an ipvlan stands on', 'iv0', 'eth3'],
  ])('none through %s', (_title, source, destination) => {
    expect(messagesAbout(found(source, destination), 'kernel-loop')).toEqual([]);
  });

  test('none through the parent of a VLAN with loose binding', () => {
    const details = new Map([[5, { ...DETAILS, loose: true }]]);
    expect(messagesAbout(found('bond0.10', 'bond0', kernel({ details })), 'kernel-loop')).toEqual([]);
    const bound = new Map([[5, DETAILS]]);
    expect(messagesAbout(found('bond0.10', 'bond0', kernel({ details: bound })), 'kernel-loop')).toHaveLength(
      1,
    );
  });

  test('through both ports of a bond together, and none where the bond does not monitor their links', () => {
    const both = 'eth0, eth1';
    const loop =
      'bond0 is made of eth0 and eth1: when it is set down together with the others, bond0 fails, and all stay down for ever';
    const monitored = new Map([[4, DETAILS]]);
    expect(messagesAbout(found('bond0', both, kernel({ details: monitored })), 'kernel-loop')).toEqual([
      loop,
      loop,
    ]);
    const blind = new Map([[4, { ...DETAILS, monitored: false }]]);
    expect(messagesAbout(found('bond0', both, kernel({ details: blind })), 'kernel-loop')).toEqual([]);
  });

  test('through a port that is the only one with a carrier', () => {
    const working = (name: string) => (link: IpLink) =>
      link.ifname === name ? { ...link, flags: ['UP', 'LOWER_UP'] } : link;
    const one = links(router.map(working('eth1')));
    expect(messagesAbout(found('bond0', 'eth1', { links: one }), 'kernel-loop')).toHaveLength(1);
    expect(messagesAbout(found('bond0', 'eth0', { links: one }), 'kernel-loop')).toEqual([]);
  });

  test('none where the group goes up without the source', () => {
    const text = (rule: string) =>
      `groups: {g: {require: {${rule}: [bond0.10, eth3]}, destinations: [bond0]}}`;
    const loopsOf = (rule: string) =>
      messagesAbout(
        findings(parseSettings(text(rule), 'x'), { ...nothing, links: links(router) }),
        'kernel-loop',
      );
    expect(loopsOf('any')).toEqual([]);
    expect(loopsOf('all')).toHaveLength(1);
  });

  test('none where the source belongs to another group', () => {
    const chain = ', h: {sources: [bond0.10], destinations: [eth2]}';
    expect(messagesAbout(found('eth3', 'bond0', {}, chain), 'kernel-loop')).toEqual([]);
  });

  test('through a source that another group sets: it cannot be set up while what it stands on is down', () => {
    const chain = ', h: {sources: [eth3], destinations: [bond0.10]}';
    expect(messagesAbout(found('bond0.10', 'bond0', {}, chain), 'kernel-loop')).toHaveLength(1);
  });

  test('through two groups, of which each takes the source of the other along', () => {
    const other = ', h: {sources: [br0.20], destinations: [bond0]}';
    const list = found('bond0.10', 'br0', {}, other);
    expect(list.filter(({ code }) => code === 'kernel-loop').map(({ subject }) => subject)).toEqual([
      'br0',
      'bond0',
    ]);
  });

  test('through the requirement of another group', () => {
    const text = `groups: {wan: {sources: [bond0.10], destinations: [eth2]}, lan: {require: {group: wan}, destinations: [bond0]}}`;
    const list = findings(parseSettings(text, 'x'), { ...nothing, links: links(router) });
    expect(messagesAbout(list, 'kernel-loop')).toHaveLength(1);
  });

  test('a loop never settles where the loss of its source sets the destination up', () => {
    const text = 'groups: {g: {require: {not: bond0.10}, destinations: [bond0]}}';
    const list = findings(parseSettings(text, 'x'), { ...nothing, links: links(router) });
    expect(messagesAbout(list, 'kernel-loop')).toEqual([
      'bond0.10 stands on bond0: when it is set down, bond0.10 fails, and that sets it up again, without end',
    ]);
  });
});

describe('loops through the kernel that a probe closes', () => {
  const about = (probe: string, facts: Partial<HostFacts> = {}, destination = 'eth3', rule = 'all') => {
    const text = `groups: {g: {require: {${rule}: [br0, {probe: p}]}, destinations: [${destination}]}}
probes: {p: ${probe}}`;
    const list = findings(parseSettings(text, 'x'), { ...nothing, links: links(router), ...facts });
    return messagesAbout(list, 'kernel-loop');
  };
  const loop = (way: string) =>
    `probe:p ${way}: when it is set down, probe:p fails, and both stay down for ever`;
  const gateway = addressBytes('192.0.2.1');
  const hop = (index: number, by: Uint8Array | null) => ({ index, gateway: by, weight: 1, flags: 0 });
  const taking = (...hops: readonly ReturnType<typeof hop>[]) =>
    new Map([['probe:p', route('198.51.100.1/32', [], { hops })]]);

  test.each([
    ['{ping: 198.51.100.1, interface: eth3}', 'is sent through eth3'],
    ['{arp: 198.51.100.1, interface: eth3.30}', 'is sent through eth3.30 stands on eth3'],
    ['{address: eth3, family: ipv6}', 'needs an address of eth3'],
    ['{errors: eth3, at-most: 1, per: 1m}', 'reads the errors of eth3'],
    ['{vrrp: 51, interface: eth3}', 'listens on eth3'],
    ['{route: default, interface: eth3}', 'needs a route through eth3'],
  ])('%s', (probe, way) => {
    expect(about(probe)).toEqual([loop(way)]);
    expect(about(probe, {}, 'eth3', 'any')).toEqual([]);
    expect(about(probe, {}, 'eth4')).toEqual([]);
  });

  test('an address of IPv4 stays on an interface that is set down', () => {
    expect(about('{address: eth3}')).toEqual([]);
  });

  test('counters are read of an interface that has lost its carrier alone', () => {
    const errors = '{errors: vrrp.51, at-most: 1, per: 1m}';
    const speed = '{speed: vrrp.51, at-least: 1G}';
    expect(about(errors, {}, 'br0.20')).toEqual([]);
    expect(about(speed, {}, 'br0.20')).toEqual([loop('reads the speed of vrrp.51 stands on br0.20')]);
  });

  test('a host on the link of a destination, though a default route leads elsewhere', () => {
    const facts = { ...kernel({ routes: [route('default', [7])] }), probeRoutes: taking(hop(10, null)) };
    expect(about('{ping: 198.51.100.1}', facts)).toEqual([loop('is sent through eth3')]);
  });

  test('a host behind a router on a destination, unless another route leads there too', () => {
    const probeRoutes = taking(hop(10, gateway));
    const at = (...routes: readonly KernelRoute[]) =>
      about('{tcp: "198.51.100.1:80"}', { ...kernel({ routes }), probeRoutes });
    expect(at()).toEqual([loop('is sent through eth3')]);
    expect(at(route('203.0.113.0/24', [7]))).toEqual([loop('is sent through eth3')]);
    expect(at(route('198.51.100.0/24', [7], { table: 100 }))).toEqual([loop('is sent through eth3')]);
    expect(at(route('198.51.100.0/24', [7]))).toEqual([]);
    expect(at(route('default', [10, 7]))).toEqual([]);
  });

  test('a route that leads through destinations alone', () => {
    const at = (...routes: readonly KernelRoute[]) => about('{route: 10.0.0.0/8}', kernel({ routes }));
    expect(at(route('10.0.0.0/8', [10]))).toEqual([loop('needs a route through eth3')]);
    expect(at(route('10.0.0.0/8', [10, 7]))).toEqual([]);
    expect(at(route('10.0.0.0/8', [10]), route('10.0.0.0/8', [7], { priority: 100 }))).toEqual([]);
    expect(at()).toEqual([]);
  });

  test('none through a probe that no group requires', () => {
    const text = `groups: {g: {sources: [br0], destinations: [eth3]}}
probes: {p: {ping: 198.51.100.1, interface: eth3}}`;
    const list = findings(parseSettings(text, 'x'), { ...nothing, links: links(router) });
    expect(messagesAbout(list, 'kernel-loop')).toEqual([]);
  });
});
