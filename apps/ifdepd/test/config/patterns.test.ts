import { compile } from '@ifdepd/policy';
import { describe, expect, test } from 'vitest';
import { compiled } from '../../src/config/compiled-policy.ts';
import type { ConfigError } from '../../src/config/config-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { MOST_MATCHED, patternWords, withMatched } from '../../src/config/patterns.ts';
import type { Settings } from '../../src/config/settings.ts';

const requiring = (require: string): Settings =>
  parseSettings(`groups: {g: {require: ${require}, destinations: [carp0]}}`, 'x.conf');
const ruleOf = (settings: Settings) => settings.policy.groups['g']?.require;

function faults(text: string): readonly string[] {
  try {
    parseSettings(text, 'x.conf');
  } catch (error) {
    return (error as ConfigError).message.split('\n');
  }
  return [];
}

/** The rule on a host with these interfaces, all of which match each pattern. */
function onHost(require: string, ...names: readonly string[]) {
  const interfaces = names.map((name, index) => ({ name, index: index + 1 }));
  const settings = withMatched(
    requiring(require),
    () => interfaces,
    (name) => interfaces.find((one) => one.name === name)?.index,
  );
  compiled(settings.policy);
  return ruleOf(settings);
}

describe('interfaces in the place of a pattern', () => {
  test.each([
    ['{any: [{match: "eth*"}]}', ['eth0', 'eth1'], { any: ['eth0', 'eth1'] }],
    ['{any: [{match: "eth*"}]}', [], { any: ['match:eth*'] }],
    ['{any: [wwan0, {match: "eth*"}]}', [], { any: ['wwan0', 'match:eth*'] }],
    ['{at-least: 1, of: [{match: "eth*"}]}', ['eth0', 'eth1'], { atLeast: 1, of: ['eth0', 'eth1'] }],
    [
      '{at-least: 3, below: 2, of: [{match: "eth*"}]}',
      ['eth0'],
      { atLeast: 3, below: 2, of: ['eth0', 'match:eth*#2', 'match:eth*#3'] },
    ],
    ['{at-least: 2, of: [{match: "eth*"}]}', [], { atLeast: 2, of: ['match:eth*', 'match:eth*#2'] }],
    ['{at-least: 2, of: [wwan0, {match: "eth*"}]}', [], { atLeast: 2, of: ['wwan0', 'match:eth*'] }],
    ['{at-least: 50%, of: [{match: "eth*"}]}', ['eth0', 'eth1'], { atLeast: '50%', of: ['eth0', 'eth1'] }],
    ['{at-least: 50%, of: [{match: "eth*"}]}', [], { atLeast: '50%', of: ['match:eth*'] }],
    ['{not: {any: [{match: "eth*"}]}}', ['eth0'], { not: { any: ['eth0'] } }],
    ['{all: [wwan0, {any: [{match: "eth*"}]}]}', ['eth0'], { all: ['wwan0', { any: ['eth0'] }] }],
    ['{any: [[{match: "eth*"}], {check: c}]}', ['eth0'], 'refused: there is no check'],
  ])('%s on a host with %j is %j', (require, names, expected) => {
    if (typeof expected === 'string') {
      expect(() => onHost(require, ...names)).toThrow('there is no check');
    } else {
      expect(onHost(require, ...names)).toEqual(expected);
    }
  });

  test('an interface that is named beside the pattern, or that two patterns match, is one member', () => {
    expect(onHost('{at-least: 2, of: [eth1, {match: "eth*"}]}', 'eth0', 'eth1')).toEqual({
      atLeast: 2,
      of: ['eth1', 'eth0'],
    });
    expect(onHost('{any: [{match: "eth*"}, {driver: e1000e}]}', 'eth0')).toEqual({ any: ['eth0'] });
  });

  test('before a host is looked at, a configuration is as if nothing matched', () => {
    const settings = requiring('{at-least: 2, of: [{match: "eth*"}]}');
    expect(ruleOf(settings)).toEqual({ atLeast: 2, of: ['match:eth*', 'match:eth*#2'] });
    expect(settings.patterns?.rules.groups['g']?.require).toEqual({ atLeast: 2, of: ['match:eth*'] });
    expect(() => compile(settings.policy)).not.toThrow();
  });

  test('a configuration without patterns stays the same object', () => {
    const settings = requiring('{any: [eth0]}');
    expect(settings.patterns).toBeUndefined();
    expect(withMatched(settings, () => [])).toBe(settings);
  });
});

test('sources with a number or any beside them may be patterns', () => {
  const text = 'groups: {g: {sources: [{match: "eth*"}], require: 2, destinations: [carp0]}}';
  expect(ruleOf(parseSettings(text, 'x'))).toEqual({ atLeast: 2, of: ['match:eth*', 'match:eth*#2'] });
});

test.each([
  ['{mac: 52-54-00-AB-CD-EF}', { id: 'mac:52:54:00:ab:cd:ef', mac: '52:54:00:ab:cd:ef' }],
  ['{mac: 5254.00ab.cdef}', { id: 'mac:52:54:00:ab:cd:ef', mac: '52:54:00:ab:cd:ef' }],
  [
    '{driver: mlx5_core, match: "en*"}',
    { id: 'match:en*,driver:mlx5_core', match: 'en*', driver: 'mlx5_core' },
  ],
])('the pattern %s is %j', (written, expected) => {
  expect([...(requiring(`{any: [${written}]}`).patterns?.byId.values() ?? [])]).toEqual([expected]);
});

test.each([
  ['match:eth*', 'eth*'],
  ['mac:52:54:00:ab:cd:ef', 'mac 52:54:00:ab:cd:ef'],
  ['match:en*,driver:mlx5_core', 'en* and driver mlx5_core'],
])('%s reads as %s', (id, words) => {
  expect(patternWords(id)).toBe(words);
});

describe('a pattern in the wrong place or form is refused with the way out', () => {
  test.each([
    ['require: {all: [eth9, {match: "eth*"}]}', "can only be in an 'any' or 'at-least' list: write {any: ["],
    ['require: {match: "eth*"}', "can only be in an 'any' or 'at-least' list"],
    ['require: {not: {driver: veth}}', "can only be in an 'any' or 'at-least' list"],
    [
      'require: {weight: {at-least: 1, of: [{source: {mac: "52:54:00:00:00:01"}, weight: 1}]}}',
      "can only be in an 'any' or 'at-least' list",
    ],
    ['sources: [eth9, {match: "eth*"}]', "write 'require: any', a number or a percentage beside 'sources'"],
    [
      'require: {any: [{match: "eth[0-9]"}]}',
      "a pattern has only * (any characters) and ? (one) in it, and no '['",
    ],
    ['require: {any: [{match: "a b"}]}', 'an interface name has no white space'],
    ['require: {any: [{mac: "52:54"}]}', 'must be a hardware address, such as 52:54:00:12:34:56'],
    ['require: {any: [{mtach: "eth*"}]}', "unknown key; did you mean 'match'?"],
    ['require: {any: [{match: "eth*", speed: 1}]}', 'unknown key (known: match, mac, driver)'],
    ['require: {at-least: 3, below: 50%, of: [{match: "eth*"}]}', 'are both numbers or both percentages'],
    [
      `require: {at-least: ${MOST_MATCHED + 1}, of: [{match: "eth*"}]}`,
      'must be a whole number from 1 to 256',
    ],
    ['require: {at-least: 0, of: [{match: "eth*"}]}', 'must be a whole number from 1 to 256'],
    ['require: {any: [eth*]}', 'or write {match: "eth*"} in an'],
  ])('%s', (require, words) => {
    expect(faults(`groups: {g: {${require}, destinations: [carp0]}}`)).toEqual([
      expect.stringContaining(words),
    ]);
  });

  test('the place of a pattern among all sources is named', () => {
    expect(
      faults('groups:\n  g:\n    sources:\n      - eth9\n      - match: "eth*"\n    destinations: [d]')[0],
    ).toMatch(/^x\.conf:5:9: groups\.g\.sources\.1: a pattern stands for/);
  });
});

test.each(['{match: 5}', '{match: [a]}', '{driver: {a: 1}}', '{mac: 7}'])(
  'the pattern %s, which is no text, is one mistake with one message',
  (pattern) => {
    const found = faults(`groups: {g: {require: {any: [${pattern}]}, destinations: [carp0]}}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^x\.conf:1:\d+: groups\.g\.require\.any\.0\.(?:match|mac|driver): must be /);
  },
);
