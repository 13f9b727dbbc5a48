import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { type Finding, findings } from '../../src/diagnose/findings.ts';
import type { HostFacts } from '../../src/diagnose/host-facts.ts';
import { links } from '../support/ip-link.ts';
import { DETAILS, found, kernel, messagesAbout, nothing, router } from '../support/router.ts';

describe('a source that no loss of a link makes fail', () => {
  const about = (source: string, monitored = true, type = 1) => {
    const all = [...links(router)].map(([name, link]) => [name, { ...link, type }] as const);
    const details = new Map(all.map(([, { index }]) => [index, { ...DETAILS, monitored }]));
    return messagesAbout(
      found(source, 'eth2', { ...kernel({ details }), links: new Map(all) }),
      'never-fails',
    );
  };
  test.each([
    [
      'vx0',
      'is a vxlan, which has no carrier to lose: as a source it fails only when it is set down or removed',
    ],
    [
      'vrf0',
      'is a vrf, which has no carrier to lose: as a source it fails only when it is set down or removed',
    ],
  ])('%s', (source, message) => {
    expect(about(source)).toEqual([message]);
  });

  test('a bond that does not look at its ports', () => {
    expect(about('bond0', false)).toEqual([
      'does not look at the links of its ports (miimon 0, no arp_interval), so it never fails with them: ip link set dev bond0 type bond miimon 100',
    ]);
    expect(about('bond0')).toEqual([]);
  });

  test('upper links of such an interface', () => {
    const on = (kind: string) => [
      ...router,
      { ifindex: 30, ifname: 'dummy0', linkinfo: { info_kind: 'dummy' } },
      { ifindex: 31, ifname: 'mv9', link: 'dummy0', linkinfo: { info_kind: kind } },
    ];
    const details = new Map([30, 31].map((index) => [index, DETAILS]));
    const messagesOf = (kind: string) =>
      messagesAbout(found('mv9', 'eth2', { ...kernel({ details }), links: links(on(kind)) }), 'never-fails');
    expect(messagesOf('macvlan')).toEqual([
      'stands on dummy0, which is a dummy, which has no carrier to lose: as a source it fails only when it is set down or removed',
    ]);
    expect(messagesOf('veth')).toEqual([]);
  });

  test('a bridge with such an interface among its ports', () => {
    const port = (flags: readonly string[]) => [
      ...router.filter(({ ifname }) => ifname !== 'vx0'),
      { ifindex: 30, ifname: 'vx0', master: 'br0', linkinfo: { info_kind: 'vxlan' }, flags },
    ];
    const about = (source: string, flags: readonly string[]) => {
      const all = links(port(flags));
      const details = new Map([...all.values()].map(({ index }) => [index, DETAILS]));
      return messagesAbout(found(source, 'eth3', { ...kernel({ details }), links: all }), 'never-fails');
    };
    const reason =
      'keeps its carrier while one of its ports has one, and its port vx0 is a vxlan, which has no carrier to lose: as a source it fails only when it is set down or removed';
    expect(about('br0', ['UP'])).toEqual([reason]);
    expect(about('br0.20', ['UP'])).toEqual([`stands on br0, which ${reason}`]);
    expect(about('br0', [])).toEqual([]);
  });

  test('loopback as a source: no loss of a link makes it fail', () => {
    expect(about('lo', true, 772)).toHaveLength(1);
  });

  test.each(['eth3', 'br0.20', 'vrrp.51', 'iv0', 'veth0'])('%s does fail', (source) => {
    expect(about(source)).toEqual([]);
  });
});

describe('upper links of a destination', () => {
  test('an interface on a destination that keeps its carrier is reported, unless it is a destination too', () => {
    const message =
      'Linux leaves the carrier of what stands on it when it is set down, and programs there do not notice: make them destinations too (mv-bond)';
    expect(messagesAbout(found('eth3', 'bond0'), 'carrier-stays')).toEqual([message]);
    expect(messagesAbout(found('eth3', 'bond0, mv-bond'), 'carrier-stays')).toEqual([]);
    expect(messagesAbout(found('eth3', '{interface: bond0, action: protodown}'), 'carrier-stays')).toEqual(
      [],
    );
    expect(messagesAbout(found('bond0', 'eth3'), 'carrier-stays')).toEqual([
      expect.stringMatching(/\(iv0\)$/),
    ]);
    expect(messagesAbout(found('eth3', 'br0'), 'carrier-stays')).toEqual([]);
  });

  test('a VLAN on a destination that is down is set up with it', () => {
    const up = links(router.map((link) => (link.ifname === 'eth3' ? { ...link, flags: ['UP'] } : link)));
    expect(messagesAbout(found('bond0', 'eth3', { links: up }), 'raised-with-it')).toEqual([
      'Linux sets VLANs on it up when it is set up, those too that are down now: eth3.30',
    ]);
    expect(messagesAbout(found('bond0', 'eth3'), 'raised-with-it')).toEqual([]);
  });
});

describe('a destination', () => {
  test.each<[Finding['code'], Partial<HostFacts>, RegExp]>([
    ['this-session', { session: new Set([7]) }, /^this session came in through it/],
    [
      'managed',
      { managerOf: () => 'NetworkManager' },
      /^NetworkManager manages it and may raise it again: put 'unmanaged-devices=interface-name:\w+' under \[keyfile\] in .*, then run 'nmcli general reload'$/,
    ],
    [
      'managed',
      { managerOf: () => 'systemd-networkd' },
      /^systemd-networkd manages it and may raise it again: put 'ActivationPolicy=manual' under \[Link\] .*, then run 'networkctl reload'$/,
    ],
    ['held', { holderOf: () => 1 }, /^the ifdepd with process id 1 holds it/],
  ])('%s', (code, facts, message) => {
    expect(found('eth3', 'br0', facts)).toEqual([
      { level: 'warning', code, subject: 'br0', message: expect.stringMatching(message) },
    ]);
    const elsewhere = found('br0', 'eth4', code === 'managed' || code === 'held' ? {} : facts);
    expect(elsewhere).toEqual([]);
  });

  test('this session, through what goes with it', () => {
    expect(messagesAbout(found('eth3', 'br0', { session: new Set([9]) }), 'this-session')).toHaveLength(1);
  });

  test('a destination that this process holds has no other holder', () => {
    expect(found('eth3', 'br0', { holderOf: () => process.pid })).toEqual([]);
  });

  test.each([
    ['vrrp.51', null, 0],
    ['eth3', null, 0],
    ['bond0', null, 1],
    ['br0', null, 1],
    ['veth0', null, 1],
    ['eth3', false, 1],
    ['br0', true, 0],
  ])('protodown of %s, where the driver says %s', (name, knows, count) => {
    const errors = found('eth4', `{interface: ${name}, action: protodown}`, { knowsProtoDown: () => knows });
    expect(errors.filter(({ level, code }) => level === 'error' && code === 'no-protodown')).toHaveLength(
      count,
    );
  });

  test('a destination that is a file is no interface', () => {
    expect(found('eth4', '{file: /x, up: "0", down: "1"}', { managerOf: () => 'NetworkManager' })).toEqual(
      [],
    );
  });
});

test('missing interfaces are errors, sources first', () => {
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

test('a group without destinations that no group requires is reported; one that another group requires is not', () => {
  const text = `groups:
  named: {sources: [eth3]}
  forgotten: {sources: [eth3]}
  g: {require: {any: [eth2, {not: {group: named}}]}, destinations: [vrrp.51]}`;
  expect(findings(parseSettings(text, 'x'), { links: links(router), ...nothing })).toEqual([
    {
      level: 'warning',
      code: 'not-required',
      subject: 'forgotten',
      message:
        'has no destinations, and no group requires it: it sets nothing. Give it destinations, or require {group: forgotten}',
    },
  ]);
});
