import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { findings } from '../../src/diagnose/findings.ts';
import { type IpLink, links } from '../support/ip-link.ts';
import { cable, DETAILS, found, kernel, messagesAbout, nothing, router } from '../support/router.ts';

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
