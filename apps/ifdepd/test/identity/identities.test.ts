import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { openNetIf } from '@ifdepd/netif';
import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { adminDestination } from '../../src/engine/destinations/admin.ts';
import { unlessLeftAlone } from '../../src/engine/destinations/left-alone.ts';
import { sourceOf } from '../../src/engine/sources/index.ts';
import { identitiesOf } from '../../src/identity/identities.ts';
import { interfacesNow } from '../../src/identity/interfaces-now.ts';
import { identityFaults } from '../../src/identity/spellings.ts';

/** A system in which these interfaces go by the first name of each list, and answer to the others. */
function system(...interfaces: readonly (readonly string[])[]) {
  const asked: string[] = [];
  return {
    asked,
    features: {
      carp: null,
      demotion: null,
      protoDown: true,
      vfLinkState: true,
      hardware: true,
      alternativeNames: 127,
    },
    resolve(name: string) {
      asked.push(name);
      const at = interfaces.findIndex((names) => names.includes(name));
      return at < 0 ? null : { index: at + 1, name: interfaces[at]?.[0] ?? '' };
    },
  };
}

const settings = (groups: string) => parseSettings(`groups: ${groups}\nchecks: {c: {file: /x}}`, 'x');
const A_AND_B = '{a: {sources: [s0], destinations: [d0, x]}, b: {sources: [s1], destinations: [alt0]}}';

describe('which interface a name means', () => {
  test('only unknown names are looked up, each of them once', () => {
    const host = system(['d0', 'alt0'], ['s0']);
    const interfaceOf = interfacesNow(host, (name) => (name === 's0' ? { index: 2, name } : undefined));
    expect(['d0', 's0', 'alt0', 'alt0', 'no0', 'no0'].map((name) => interfaceOf(name)?.index)).toEqual([
      1,
      2,
      1,
      1,
      undefined,
      undefined,
    ]);
    expect(host.asked).toEqual(['d0', 'alt0', 'no0']);
  });

  test('on a BSD nothing is asked: no two names mean one interface', () => {
    const { libc } = scriptedBsd('freebsd');
    using netif = openNetIf({ libc });
    expect(interfacesNow(netif)('em0')).toBeNull();
  });
});

describe('two names of one destination', () => {
  test('the name that the interface goes by stands for both', () => {
    const { settings: named, spellings } = identitiesOf(
      settings(A_AND_B),
      interfacesNow(system(['d0', 'alt0'])),
      null,
    );
    expect([...spellings.one]).toEqual([['alt0', 'd0']]);
    expect(Object.values(named.policy.groups).map(({ destinations }) => destinations)).toEqual([
      ['d0', 'x'],
      ['d0'],
    ]);
    expect([...named.destinations.keys()]).toEqual(['d0', 'x']);
  });

  test('the first stands for both where the interface goes by neither', () => {
    const { spellings } = identitiesOf(
      settings(A_AND_B),
      interfacesNow(system(['real0', 'd0', 'alt0'])),
      null,
    );
    expect([...spellings.one]).toEqual([['alt0', 'd0']]);
  });

  test('in one group they are one member', () => {
    const one = settings('{a: {sources: [s0], destinations: [d0, alt0]}}');
    expect(
      identitiesOf(one, interfacesNow(system(['d0', 'alt0'])), null).settings.policy.groups['a']
        ?.destinations,
    ).toEqual(['d0']);
  });

  test('settings are the same object where nothing goes by two names', () => {
    const one = settings(A_AND_B);
    expect(identitiesOf(one, interfacesNow(system(['d0'], ['alt0'])), null).settings).toBe(one);
  });

  test('set in two ways: a fault, and while it lasts one of them is left alone', () => {
    const one = settings(A_AND_B.replace('[alt0]', '[alt0], on-exit: up'));
    const host = system(['d0', 'alt0']);
    expect(identityFaults(one, interfacesNow(host))).toEqual([
      'alt0 and d0: both are the interface d0, and are set in different ways (action, on-exit or texts): they must agree',
    ]);
    expect([...identitiesOf(one, interfacesNow(host), null).leftAlone]).toEqual([
      ['alt0', 'left alone: it is d0, which d0 sets in another way (action or on-exit)'],
    ]);
  });

  test('files and counters are no interfaces, whatever they are called', () => {
    const one = settings(
      '{a: {sources: [s0], destinations: [{file: /d0, up: "0", down: "1"}, {demote: carp}]}}',
    );
    expect(identitiesOf(one, interfacesNow(system(['/d0', 'demote:carp'])), null).spellings.one.size).toBe(0);
  });
});

describe('a destination that is its own source', () => {
  const host = system(['d0', 'alt0'], ['d1', 'alt1'], ['s0']);
  test.each([
    ['directly', '{a: {sources: [s0, alt0], destinations: [d0]}}'],
    [
      'in whatever expression',
      '{a: {require: {not: {any: [s0, {at-least: 1, of: [alt0]}]}}, destinations: [d0]}}',
    ],
    [
      'with a weight',
      '{a: {require: {weight: {at-least: 1, of: [{source: alt0, weight: 1}]}}, destinations: [d0]}}',
    ],
    [
      'through a group',
      '{a: {require: {group: b}, destinations: [d0]}, b: {sources: [alt0], destinations: [x]}}',
    ],
    [
      'through another destination',
      '{a: {sources: [alt1], destinations: [d0]}, b: {sources: [alt0], destinations: [d1]}}',
    ],
    ['under two alternative names', '{a: {sources: [alt0], destinations: [d0]}}'],
  ])('%s', (_title, groups) => {
    const one = settings(groups);
    expect(identityFaults(one, interfacesNow(host))[0]).toMatch(
      /^alt[01] and d[01]: both are the interface d[01], source and destination of group '[ab]'; once set down/,
    );
    expect(identitiesOf(one, interfacesNow(host), null).leftAlone.get('d0')).toMatch(
      /^left alone: it is the same interface as alt/,
    );
  });

  test.each([
    [
      'a chain without a loop',
      '{a: {sources: [alt0], destinations: [d1]}, b: {sources: [s0], destinations: [d0]}}',
    ],
    ['two names of one source', '{a: {sources: [s0, alt0, d0], destinations: [d1]}}'],
    ['a check of the same name', '{a: {require: {all: [s0, {check: c}]}, destinations: [d0]}}'],
    ['names that mean nothing', '{a: {sources: [no0], destinations: [no1]}}'],
  ])('%s is none', (_title, groups) => {
    expect(identityFaults(settings(groups), interfacesNow(host))).toEqual([]);
  });
});

test('a destination that another daemon holds is left alone, and that may end in silence', () => {
  const locks = { follow: (id: string) => (id === 'd0' ? 'the ifdepd with process id 7' : null) };
  const found = identitiesOf(settings(A_AND_B), interfacesNow(system(['d0'], ['alt0'])), locks);
  expect([...found.leftAlone]).toEqual([['d0', 'left alone: d0 is held by the ifdepd with process id 7']]);
  expect(found.heldElsewhere).toBe(true);
});

test('a destination that is left alone is missing: not read, not set, and its note says why', () => {
  const { libc } = scriptedBsd('freebsd');
  let why: string | null = null;
  const set: string[] = [];
  const driver = unlessLeftAlone(
    {
      read: () => 'up',
      set(to) {
        set.push(to);
        return { changed: true, is: to };
      },
      downRequest: () => ({ name: 'd0' }),
    },
    'd0',
    () => why,
    libc,
  );
  expect([driver.read(), driver.set('down').is, driver.downRequest?.()?.name, driver.note?.()]).toEqual([
    'up',
    'down',
    'd0',
    null,
  ]);
  why = 'left alone: …';
  expect([driver.read(), driver.downRequest?.()?.name, driver.note?.()]).toEqual(['missing', undefined, why]);
  expect(() => driver.set('up')).toThrow(expect.objectContaining({ kind: 'not-found' }));
  expect(set).toEqual(['down']);
});

test('the drivers of 4,000 destinations and the sources of 4,000 interfaces: V8 keeps one shape for all of each kind', () => {
  setFlagsFromString('--allow-natives-syntax');
  const haveSameShape = new Function('one', 'other', 'return %HaveSameMap(one, other)');
  const { libc } = scriptedBsd('freebsd');
  using netif = openNetIf({ libc });
  const drivers = Array.from({ length: 4000 }, (_, at) =>
    unlessLeftAlone(adminDestination(netif, `d${at}`), `d${at}`, () => null, libc),
  );
  const sources = Array.from({ length: 4000 }, (_, at) => sourceOf(`s${at}`));
  // The first ones are made before V8 knows that these properties change.
  for (const all of [drivers, sources]) {
    expect(all.slice(100).filter((one) => haveSameShape(one, all.at(-1)) !== true)).toEqual([]);
  }
});

describe('two paths of one file', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'ifdepd-paths-')));
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (path: string, more = '') => `destinations: [{file: ${path}, up: "0", down: "1"}]${more}`;
  const two = (one: string, other: string) =>
    settings(`{a: {sources: [s0], ${one}}, b: {sources: [s1], ${other}}}`);

  test('empty steps in a path make no other destination', () => {
    const { destinations } = two(file('/run/a/x'), file('/run//./a/x'));
    expect([...destinations.keys()]).toEqual(['/run/a/x']);
    expect([...two(file('/run/a/x'), file('/run/b/../a/x')).destinations]).toHaveLength(2);
  });

  test('a path through a symbolic link is the same destination as the one without', () => {
    const one = two(file(join(folder, 'link', 'x')), file(join(folder, 'real', 'x')));
    const { settings: named } = identitiesOf(one, interfacesNow(system()), null);
    expect([...named.destinations.keys()]).toEqual([join(folder, 'real', 'x')]);
    expect(identityFaults(one, interfacesNow(system()))).toEqual([]);
  });

  test('two paths of one file that are set in different ways are refused', () => {
    const [real, link] = [join(folder, 'real', 'x'), join(folder, 'link', 'x')];
    for (const other of [file(link, ', on-exit: up'), file(link).replace('"1"', '"2"')]) {
      expect(identityFaults(two(file(real), other), interfacesNow(system()))).toEqual([
        `${link} and ${real}: both are the file ${real}, and are set in different ways (action, on-exit or texts): they must agree`,
      ]);
    }
  });

  test('a path that leads nowhere is a destination of its own', () => {
    const one = two(file(join(folder, 'none', 'x')), file(join(folder, 'link', 'x')));
    expect(identitiesOf(one, interfacesNow(system()), null).settings.destinations.size).toBe(2);
  });
});
