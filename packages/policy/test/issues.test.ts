import { describe, expect, test } from 'vitest';
import { compile } from '../src/index.ts';
import { group, issues, requirement } from './support/issues.ts';

describe('refused configurations', () => {
  test('mistakes of every kind in a configuration are reported at once', () => {
    expect(
      issues({
        groups: {
          a: { require: { group: 'b' }, destinations: ['x'], upDelay: 3 },
          b: { require: { all: [{ group: 'a' }, 'em0'] }, destinations: [] },
        },
        extra: 1,
      }),
    ).toEqual([
      'unknown-key extra: there is no key "extra" here; known: groups',
      'unknown-key groups.a.upDelay: there is no key "upDelay" here; did you mean upDelayMs?',
      'empty-list groups.b.destinations: must not be empty',
      'loop groups.a.require: depends on itself (a → b → a); remove one link',
    ]);
  });

  test('the message of a PolicyError has one line for each issue', () => {
    expect(() => compile({ groups: { g: { require: '', destinations: [] } } })).toThrow(
      'groups.g.require: must be a name, not ""\ngroups.g.destinations: must not be empty',
    );
  });

  test('a PolicyError has a name, a code and a message', () => {
    expect(() => compile({ groups: { g: { require: 'a', destinations: [] } } })).toThrow(
      expect.objectContaining({
        name: 'PolicyError',
        code: 'ERR_POLICY_CONFIG',
        message: 'groups.g.destinations: must not be empty',
      }),
    );
  });

  test.each<[unknown, string]>([
    [undefined, 'missing-key : is missing; it must be an object'],
    [null, 'bad-type : must be an object, not null'],
    [[], 'bad-type : must be an object, not a list'],
    [{}, 'missing-key groups: is missing; it must be an object'],
    [{ groups: 'x' }, 'bad-type groups: must be an object, not "x"'],
    [{ groups: { g: 7 } }, 'bad-type groups.g: must be an object, not 7'],
    [{ groups: { '': { require: 'a', destinations: ['d'] } } }, 'bad-name groups.: must be a name, not ""'],
  ])('configuration %j is refused with one issue', (config, issue) => {
    expect(issues(config)).toEqual([issue]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ restore: 'never' }, 'bad-choice groups.g.restore: must be one of auto, manual, not "never"'],
    [{ destinations: 'd' }, 'bad-type groups.g.destinations: must be a list, not "d"'],
    [{ destinations: ['d', ''] }, 'bad-name groups.g.destinations.1: must be a name, not ""'],
    [{ destinations: ['d', 3] }, 'bad-name groups.g.destinations.1: must be a name, not 3'],
    [{ destinations: ['d', 'e', 'd'] }, 'duplicate groups.g.destinations.2: is listed twice; remove one'],
    [{ upDelayMs: -1 }, 'bad-number groups.g.upDelayMs: must be a number from 0 to 2147483647, not -1'],
    [
      { downDelayMs: 2 ** 31 },
      'bad-number groups.g.downDelayMs: must be a number from 0 to 2147483647, not 2147483648',
    ],
    [
      { startDelayMs: Number.NaN },
      'bad-number groups.g.startDelayMs: must be a number from 0 to 2147483647, not NaN',
    ],
    [{ upDelayMs: '3s' }, 'bad-number groups.g.upDelayMs: must be a number from 0 to 2147483647, not "3s"'],
    [{ upDelayMs: '5' }, 'bad-number groups.g.upDelayMs: must be a number from 0 to 2147483647, not "5"'],
    [{ destinations: [{}] }, 'bad-name groups.g.destinations.0: must be a name, not an object'],
    [{ enforce: 'both' }, 'bad-choice groups.g.enforce: must be one of down, always, never, not "both"'],
    [{ raise: true }, 'bad-choice groups.g.raise: must be one of always, owned, not true'],
    [{ dampening: true }, 'bad-type groups.g.dampening: must be an object, not true'],
    [
      { dampening: { reuse: 2_000 } },
      'bad-dampening groups.g.dampening: reuse (2000) must be less than suppress (2000)',
    ],
    [
      { dampening: { halfLifeMs: 0 } },
      'bad-number groups.g.dampening.halfLifeMs: must be a number from 1 to 2147483647, not 0',
    ],
    [
      { dampening: { penalty: 0 } },
      'bad-number groups.g.dampening.penalty: must be a number from 1 to 1000000000, not 0',
    ],
    [
      { dampening: { supress: 1 } },
      'unknown-key groups.g.dampening.supress: there is no key "supress" here; did you mean suppress?',
    ],
    [
      { destination: ['d'] },
      'unknown-key groups.g.destination: there is no key "destination" here; did you mean destinations?',
    ],
  ])('group with %j is refused with one issue', (part, issue) => {
    expect(group(part)).toEqual([issue]);
  });

  test.each<[unknown, string]>([
    [
      undefined,
      'missing-key groups.g.require: is missing; it must be the name of a source or an object with one of all, any, not, atLeast, weight, group',
    ],
    ['', 'bad-name groups.g.require: must be a name, not ""'],
    [
      ['a'],
      'bad-type groups.g.require: must be the name of a source or an object with one of all, any, not, atLeast, weight, group, not a list',
    ],
    [{ all: [] }, 'empty-list groups.g.require.all: must not be empty'],
    [{ all: 'a' }, 'bad-type groups.g.require.all: must be a list, not "a"'],
    [{ all: ['a', 'a'] }, 'duplicate groups.g.require.all.1: is listed twice; remove one'],
    [
      { all: ['a', 7] },
      'bad-type groups.g.require.all.1: must be the name of a source or an object with one of all, any, not, atLeast, weight, group, not 7',
    ],
    [
      { any: ['a'], all: ['b'] },
      'unknown-key groups.g.require.any: cannot stand beside all; nest one in the other',
    ],
    [
      { not: { not: null } },
      'bad-type groups.g.require.not.not: must be the name of a source or an object with one of all, any, not, atLeast, weight, group, not null',
    ],
    [
      { atLeast: 4, of: ['a', 'b', 'c'] },
      'bad-count groups.g.require.atLeast: there are only 3 sources; use all, any, a whole number from 1 to 3, or a percentage',
    ],
    [
      { atLeast: 0, of: ['a'] },
      'bad-count groups.g.require.atLeast: must be 1, or a percentage up to 100%, not 0',
    ],
    [
      { atLeast: 1.5, of: ['a', 'b'] },
      'bad-count groups.g.require.atLeast: must be a whole number from 1 to 2, or a percentage up to 100%, not 1.5',
    ],
    [
      { atLeast: '101%', of: ['a'] },
      'bad-count groups.g.require.atLeast: must be 1, or a percentage up to 100%, not "101%"',
    ],
    [
      { atLeast: '0%', of: ['a'] },
      'bad-count groups.g.require.atLeast: must be 1, or a percentage up to 100%, not "0%"',
    ],
    [
      { atLeast: ' 50%', of: ['a'] },
      `bad-count groups.g.require.atLeast: must be 1, or a percentage up to 100%, not " 50%"`,
    ],
    [
      { atLeast: '50%!', of: ['a'] },
      `bad-count groups.g.require.atLeast: must be 1, or a percentage up to 100%, not "50%!"`,
    ],
    [
      { atLeast: [50], of: ['a'] },
      `bad-count groups.g.require.atLeast: must be 1, or a percentage up to 100%, not a list`,
    ],
    [
      { atLeast: ['50%'], of: ['a'] },
      `bad-count groups.g.require.atLeast: must be 1, or a percentage up to 100%, not a list`,
    ],
    [
      { atLeast: 'half', of: ['a'] },
      'bad-count groups.g.require.atLeast: must be 1, or a percentage up to 100%, not "half"',
    ],
    [{ atLeast: 1 }, 'missing-key groups.g.require.of: is missing; it must be a list'],
    [{ group: 'h' }, 'unknown-group groups.g.require.group: there is no group "h" here; known: g'],
    [
      { all: ['a', 'b', { group: 'h' }] },
      'unknown-group groups.g.require.all.2.group: there is no group "h" here; known: g',
    ],
    [{ group: 7 }, 'bad-name groups.g.require.group: must be a name, not 7'],
    [{ group: 'g', of: [] }, 'unknown-key groups.g.require.of: there is no key "of" here; known: group'],
    [
      {},
      'missing-key groups.g.require: must be the name of a source or an object with one of all, any, not, atLeast, weight, group, not an object',
    ],
    [
      { atLeast: 2, of: ['a'] },
      'bad-count groups.g.require.atLeast: there is only 1 source; use all, any, 1, or a percentage',
    ],
    [
      { any: ['a'], weight: { atLeast: 1, of: [] } },
      'unknown-key groups.g.require.weight: cannot stand beside any; nest one in the other',
    ],
    [
      { weight: { atLeast: '50%', of: [{ source: 'a', weight: 2 }] } },
      'bad-count groups.g.require.weight.atLeast: must be a whole number from 1 to 2 (the sum of the weights), not "50%"',
    ],
    [{ weight: 3 }, 'bad-type groups.g.require.weight: must be an object, not 3'],
    [{ weight: { atLeast: 1, of: [3] } }, 'bad-type groups.g.require.weight.of.0: must be an object, not 3'],
    [
      { weight: { atLeast: 1, of: [{ source: 'a', weight: 1.5 }] } },
      'bad-count groups.g.require.weight.of.0.weight: must be a whole number from 1 to 1000000000, not 1.5',
    ],
    [
      { weight: { atLeast: 1, of: [{ source: 'a', weigth: 1, weight: 1 }] } },
      'unknown-key groups.g.require.weight.of.0.weigth: there is no key "weigth" here; did you mean weight?',
    ],
    [
      { weight: { atLeast: 3, of: [{ source: 'a', weight: 2 }] } },
      'bad-count groups.g.require.weight.atLeast: must be a whole number from 1 to 2 (the sum of the weights), not 3',
    ],
    [
      { weight: { of: [{ source: 'a', weight: 2 }] } },
      'missing-key groups.g.require.weight.atLeast: is missing; it must be a whole number from 1 to 2 (the sum of the weights)',
    ],
    [
      { weight: { atLeast: 1, below: 2, of: [{ source: 'a', weight: 2 }] } },
      'bad-count groups.g.require.weight.below: must be 1 (the upper threshold), not 2',
    ],
    [
      { atLeast: 1, below: 2, of: ['a', 'b'] },
      'bad-count groups.g.require.below: must be 1 (the upper threshold), or a percentage up to 100%, not 2',
    ],
    [
      { atLeast: '40%', below: '60%', of: ['a', 'b', 'c', 'x', 'y'] },
      'bad-count groups.g.require.below: must be a whole number from 1 to 2 (the upper threshold), or a percentage up to 100%, not "60%"',
    ],
    [
      { all: ['a'], below: 1 },
      'unknown-key groups.g.require.below: there is no key "below" here; known: all',
    ],
    [
      { weight: { atLeast: 1, of: [{ source: 'a', weight: 2 }], over: 1 } },
      'unknown-key groups.g.require.weight.over: there is no key "over" here; known: atLeast, below, of',
    ],
  ])('requirement %j is refused with one issue', (require, issue) => {
    expect(requirement(require)).toEqual([issue]);
  });

  test.each<[unknown, string]>([
    [{ atLeast: 9, below: 8, of: 'a' }, 'bad-type groups.g.require.of: must be a list, not "a"'],
    [{ atLeast: 9, below: 8, of: [] }, 'empty-list groups.g.require.of: must not be empty'],
    [
      { atLeast: 'x', below: 2, of: ['a', 'b'] },
      'bad-count groups.g.require.atLeast: must be a whole number from 1 to 2, or a percentage up to 100%, not "x"',
    ],
    [
      { weight: { atLeast: 9, below: 8, of: [{ source: 'a', weight: 1 }, 'b'] } },
      'bad-type groups.g.require.weight.of.1: must be an object, not "b"',
    ],
    [
      { weight: { atLeast: 9, of: [{ source: 'a', weight: '9' }] } },
      'bad-count groups.g.require.weight.of.0.weight: must be a whole number from 1 to 1000000000, not "9"',
    ],
    [
      { weight: { atLeast: 0, below: 1, of: [{ source: 'a', weight: 1 }] } },
      'bad-count groups.g.require.weight.atLeast: must be 1 (the sum of the weights), not 0',
    ],
  ])(
    'one mistake in %j is one issue: the count is not compared with what could not be read',
    (require, issue) => {
      expect(requirement(require)).toEqual([issue]);
    },
  );

  test('a dampening knob with a wrong type is one issue', () => {
    expect(group({ dampening: { reuse: '2000', suppress: 1_000 } })).toEqual([
      'bad-number groups.g.dampening.reuse: must be a number from 1 to 1000000000, not "2000"',
    ]);
  });

  test('an expression with an unknown operator is one issue with a suggestion', () => {
    expect(requirement({ al: ['a'] })).toEqual([
      'unknown-key groups.g.require.al: there is no key "al" here; did you mean all?',
    ]);
  });

  test('an unknown group name that resembles no other is refused with the list of groups', () => {
    expect(issues({ groups: { gateway: { require: { group: 'zzz' }, destinations: ['d'] } } })).toEqual([
      'unknown-group groups.gateway.require.group: there is no group "zzz" here; known: gateway',
    ]);
  });
});
