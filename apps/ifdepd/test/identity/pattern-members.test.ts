import { linkRecord } from '@ifdepd/linkwatch/testing';
import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { MOST_MATCHED } from '../../src/config/patterns.ts';
import { candidatesOf } from '../../src/identity/candidates.ts';
import { identitiesOf } from '../../src/identity/identities.ts';
import { patternMembers } from '../../src/identity/pattern-members.ts';

const settings = (pattern: string, destinations = '[dst0]') =>
  parseSettings(`groups: {g: {sources: [${pattern}], require: any, destinations: ${destinations}}}`, 'x');

const card = (driver: string, address: string) => ({ driver, address });

/** Interfaces in the order of their indices, from 1 on, with the hardware of some of them. */
function system(names: readonly (readonly string[])[], hardware: Readonly<Record<string, object>> = {}) {
  const asked: string[] = [];
  const links = names.map(([name = '', ...altNames], at) =>
    linkRecord({ index: at + 1, name, altNames, flags: name === 'lo' ? 0x9 : 0x1 }),
  );
  const candidates = candidatesOf(links.toReversed(), {
    hardware(name) {
      asked.push(name);
      return (hardware[name] ?? card('', '')) as ReturnType<typeof card>;
    },
  });
  const interfaceOf = (name: string) =>
    links.find((one) => one.name === name || one.altNames.includes(name)) ?? null;
  const matching = (pattern: string, destinations?: string) => {
    const [members] = patternMembers(settings(pattern, destinations), candidates, interfaceOf).values();
    return {
      sources: members?.interfaces.map(({ name }) => name),
      leftOut: members?.leftOut.map(({ name, why }) => `${name}: ${why}`),
    };
  };
  return { candidates, interfaceOf, matching, asked };
}

describe('what a pattern matches', () => {
  test('names and alternative names match, in the order of the indices, and each interface once', () => {
    const { matching, asked } = system([['wan0', 'eth7', 'eth8'], ['eth1'], ['veth0'], ['eth0', 'eth9']]);
    expect(matching('{match: "eth*"}')).toEqual({ sources: ['wan0', 'eth1', 'eth0'], leftOut: [] });
    expect(asked).toEqual([]);
  });

  test('a destination, under whatever name, and loopback are left out with the reason', () => {
    const { matching } = system([['lo'], ['l0'], ['l1', 'dst0'], ['l2']]);
    expect(matching('{match: "l*"}', '[dst0, l2]')).toEqual({
      sources: ['l0'],
      leftOut: [
        'lo: it is loopback, which does not fail',
        'l1: it is a destination of this configuration',
        'l2: it is a destination of this configuration',
      ],
    });
  });

  test(`of more than ${MOST_MATCHED} interfaces, those with the lowest indices are sources`, () => {
    const { matching } = system(Array.from({ length: 1000 }, (_, at) => [`eth${at}`]));
    const { sources = [], leftOut = [] } = matching('{match: "eth*"}');
    expect([sources.length, sources.at(0), sources.at(-1)]).toEqual([256, 'eth0', 'eth255']);
    expect([leftOut.length, leftOut[0]]).toEqual([
      744,
      'eth256: a pattern stands for at most 256 interfaces, those with the lowest indices',
    ]);
  });

  test('driver and hardware address must both match, and only those that the name lets through are asked', () => {
    const { matching, asked } = system([['eth0'], ['eth1'], ['wan0'], ['eth2']], {
      eth0: card('mlx5_core', '52:54:00:00:00:01'),
      eth1: card('e1000e', '52:54:00:00:00:01'),
      wan0: card('mlx5_core', '52:54:00:00:00:01'),
      eth2: card('mlx5_core', '52:54:00:00:00:02'),
    });
    expect(matching('{match: "eth*", mac: 52-54-00-00-00-01, driver: "mlx5*"}').sources).toEqual(['eth0']);
    expect(asked).toEqual(['eth0', 'eth1', 'eth2']);
    expect(matching('{driver: mlx5_core}').sources).toEqual(['eth0', 'wan0', 'eth2']);
    expect(matching('{mac: "52:54:00:00:00:01"}').sources).toEqual(['eth0', 'eth1', 'wan0']);
    // Each interface is asked once.
    expect(asked).toEqual(['eth0', 'eth1', 'eth2', 'wan0']);
  });
});

test('the settings of a host have interfaces in the place of patterns, and one name for each destination', () => {
  const { candidates, interfaceOf } = system([['eth0'], ['d0', 'alt0'], ['eth1', 'up1']]);
  const text = 'groups: {a: {require: {at-least: 2, of: [up1, {match: "eth*"}]}, destinations: [d0, alt0]}}';
  const { settings: found } = identitiesOf(parseSettings(text, 'x'), interfaceOf, null, candidates);
  expect(found.policy.groups).toEqual({
    a: { require: { atLeast: 2, of: ['up1', 'eth0'] }, destinations: ['d0'] },
  });
  // The rules of a later look are about the same destinations.
  expect(found.patterns?.rules.groups['a']?.destinations).toEqual(['d0']);
});
