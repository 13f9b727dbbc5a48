import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compile, type PolicyConfig } from '../src/index.ts';
import { group, issues, requirement } from './support/issues.ts';

describe('accepted configurations', () => {
  test('a policy lists groups, sources and destinations in the order of first mention', () => {
    const config = {
      groups: {
        z: { require: { any: ['b', { group: 'a' }] }, destinations: ['y', 'x'] },
        a: { require: { all: ['a', 'b'] }, destinations: ['x'] },
      },
    } as const satisfies PolicyConfig;
    const policy = compile(config);
    expect(policy).toMatchObject({ groups: ['z', 'a'], sources: ['b', 'a'], destinations: ['y', 'x'] });
    expect(policy.config).toBe(config);
  });

  test('the fingerprint of a policy depends on its meaning', () => {
    const print = (upDelayMs: number): string =>
      compile({ groups: { g: { require: 'a', destinations: ['d'], upDelayMs } } }).fingerprint;
    expect(print(1)).toBe(print(1));
    expect(print(1)).not.toBe(print(2));
    const enforced = (enforce: 'down' | 'never'): string =>
      compile({ groups: { g: { require: 'a', destinations: ['d'], enforce } } }).fingerprint;
    expect(enforced('down')).not.toBe(enforced('never'));
  });

  test('a configuration without groups, with knobs at their limits, or with an id as source and destination is accepted', () => {
    expect(issues({ groups: {} })).toEqual([]);
    expect(
      group({ upDelayMs: 2_147_483_647, downDelayMs: 0, dampening: {}, enforce: 'never', raise: 'owned' }),
    ).toEqual([]);
    expect(requirement({ atLeast: 2, of: ['a', 'b'] })).toEqual([]);
    expect(requirement({ atLeast: '100%', of: ['a', 'b'] })).toEqual([]);
    expect(requirement({ weight: { atLeast: 2, below: 2, of: [{ source: 'a', weight: 2 }] } })).toEqual([]);
    expect(requirement({ all: ['g', { any: ['a'] }, { not: 'a' }] })).toEqual([]);
    expect(
      issues({
        groups: { g: { require: 'a', destinations: ['d'] }, h: { require: 'd', destinations: ['e'] } },
      }),
    ).toEqual([]);
    expect(group({ upDelayMs: undefined, dampening: undefined, enforce: undefined })).toEqual([]);
  });

  test('names such as __proto__ and constructor are accepted as names', () => {
    const groups = JSON.parse(
      '{"__proto__":{"require":"constructor","destinations":["toString"]},"valueOf":{"require":{"group":"__proto__"},"destinations":["hasOwnProperty"]}}',
    );
    expect(compile({ groups })).toMatchObject({ groups: ['__proto__', 'valueOf'], sources: ['constructor'] });
  });
});

describe('loops', () => {
  const loop = (groups: Record<string, [unknown, string[]]>): string[] =>
    issues({
      groups: Object.fromEntries(
        Object.entries(groups).map(([name, [require, destinations]]) => [name, { require, destinations }]),
      ),
    });
  const way = '; remove one link';

  test('a group that requires itself is a loop', () => {
    expect(loop({ a: [{ any: ['x', { not: { group: 'a' } }] }, ['d']] })).toEqual([
      `loop groups.a.require: depends on itself (a → a)${way}`,
    ]);
  });

  test('three groups in a ring are one loop, without a group that only requires one of them', () => {
    expect(
      loop({
        z: [{ group: 'a' }, ['w']],
        a: [{ group: 'b' }, ['x']],
        b: [{ group: 'c' }, ['y']],
        c: [{ group: 'a' }, ['z']],
      }),
    ).toEqual([`loop groups.a.require: depends on itself (a → b → c → a)${way}`]);
  });

  test('a ring that is found from its middle is reported from its first group', () => {
    expect(
      loop({ z: [{ group: 'b' }, ['w']], a: [{ group: 'b' }, ['x']], b: [{ group: 'a' }, ['y']] }),
    ).toEqual([`loop groups.a.require: depends on itself (a → b → a)${way}`]);
  });

  test('a ring that two references close is one issue', () => {
    const twice = { all: [{ group: 'a' }, { any: [{ group: 'a' }] }] };
    expect(loop({ a: [{ group: 'b' }, ['x']], b: [twice, ['y']] })).toEqual([
      `loop groups.a.require: depends on itself (a → b → a)${way}`,
    ]);
  });

  test('two rings are two issues', () => {
    expect(
      loop({
        a: [{ group: 'b' }, ['x']],
        b: [{ group: 'a' }, ['y']],
        c: [{ group: 'd' }, ['x']],
        d: [{ group: 'c' }, ['y']],
      }),
    ).toHaveLength(2);
  });

  test('a destination that is a source of its own group is a loop', () => {
    expect(loop({ a: [{ all: ['em0', 'carp0'] }, ['carp0']] })).toEqual([
      `own-destination groups.a.destinations: depends on itself (a → carp0 → a)${way}`,
    ]);
  });

  test('a destination that its own group requires through a chain of groups is a loop', () => {
    expect(loop({ a: ['em0', ['carp0']], b: [{ group: 'a' }, ['em0']] })).toEqual([
      `own-destination groups.a.destinations: depends on itself (a → em0 → b → a)${way}`,
    ]);
  });

  test('a destination that its own group requires through other destinations is a loop', () => {
    expect(loop({ a: ['em0', ['carp0']], b: ['carp0', ['vlan5']], c: ['vlan5', ['em0']] })).toEqual([
      `own-destination groups.a.destinations: depends on itself (a → em0 → c → vlan5 → b → carp0 → a)${way}`,
    ]);
  });
});

test('the README explains every code of an issue', () => {
  const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
  const codes = [...read('../src/compile/issue.ts').matchAll(/^ {2}\| '([\w-]+)'/gm)].map(([, code]) => code);
  const rows = [...read('../README.md').matchAll(/^\| (`[\w-]+`(?:, `[\w-]+`)*) \| .* \| `/gm)];
  const explained = rows.flatMap(([, cell = '']) => [...cell.matchAll(/[\w-]+/g)].map(([code]) => code));
  expect(codes.length).toBeGreaterThan(10);
  expect(explained.toSorted()).toEqual(codes.toSorted());
});
