import { expect, test, vi } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseYaml } from '../../src/config/document.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { plainJson } from '../../src/config/plain-json.ts';

const composed = vi.hoisted(() => ({ texts: [] as string[] }));
vi.mock('../../src/config/compose-yaml.ts', async (original) => {
  const { composeYaml } = await original<typeof import('../../src/config/compose-yaml.ts')>();
  return {
    composeYaml(...[text, lines]: Parameters<typeof composeYaml>) {
      composed.texts.push(text);
      return composeYaml(text, lines);
    },
  };
});

const groups = { g0: { sources: ['em0'], destinations: ['carp0'], 'up-delay': 1500 } };

test.each([
  ['on one line', JSON.stringify({ groups })],
  ['indented by spaces', JSON.stringify({ groups }, null, 2)],
  ['indented by tabs', JSON.stringify({ groups }, null, '\t')],
  [
    'with white space and quotes in its texts',
    JSON.stringify({ groups, 'x-a': ' a  "b"\t\\ ü', 'x-b': [0.5, null, true, '<<', -1] }),
  ],
])('JSON as a program writes it, %s: its value is that of YAML, which is not asked', (_title, text) => {
  composed.texts = [];
  const { value, issues } = parseYaml(text);
  expect({ asked: composed.texts, value, issues }).toEqual({
    asked: [],
    value: JSON.parse(text),
    issues: [],
  });
  // A comment makes it YAML.
  expect(parseYaml(`${text}\n# a comment`).value).toEqual(value);
  expect(composed.texts).toHaveLength(1);
});

test.each([
  ['a key twice', '{"groups": {"a": 1, "a": 2}}'],
  ['a number with an exponent', '{"x-a": 1e3}'],
  ['a number with zeros behind the point', '{"x-a": 1.0}'],
  ['a number that is too large', '{"x-a": 12345678901234567890}'],
  ['keys that JSON.parse puts in another order', '{"b": 1, "1": 2}'],
  ['a character that is written as its number', '{"x-a": "\\u00fc"}'],
  ['a comment', '{"x-a": 1} # a comment'],
  ['no mapping', '[1]'],
  ['65 levels', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
  ['250,001 values', JSON.stringify({ a: Array.from({ length: 250_000 }, () => 0) })],
  ['an end that is missing', '{"groups": {'],
  ['a byte order mark', '\uFEFF{}'],
])('JSON with %s is read as YAML', (_title, text) => {
  expect(plainJson(text)).toBeUndefined();
});

test('JSON with 64 levels is not read as YAML', () => {
  expect(plainJson(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`)).toBeDefined();
});

test('a mistake in JSON: the message names its line and column, which YAML knows', () => {
  const text = JSON.stringify(
    { groups: { ...groups, g1: { sources: 7, destinations: ['carp1'] } } },
    null,
    2,
  );
  let thrown: unknown;
  try {
    parseSettings(text, 'x');
  } catch (error) {
    thrown = error;
  }
  expect(thrown instanceof ConfigError && thrown.issues).toMatchObject([
    { line: 13, column: 18, key: 'groups.g1.sources' },
  ]);
});
