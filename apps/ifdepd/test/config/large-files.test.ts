import { expect, test } from 'vitest';
import { ConfigError, MOST_ISSUES } from '../../src/config/config-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';

/** `0` to one less than so many, each as a text. */
function each(count: number, text: (number: number) => string, between = '\n'): string {
  return Array.from({ length: count }, (_, number) => text(number)).join(between);
}

const group = 'groups: {g: {sources: [a], destinations: [b]}}\n';

/** Files of less than a megabyte, as large as the limit lets them be, each wrong many thousand times. */
const WRONG: readonly (readonly [string, string])[] = [
  ['unknown keys', each(95_000, (i) => `k${i}: 1`)],
  ['groups that are none', `groups:\n${each(80_000, (i) => `  g${i}: 1`)}`],
  ['checks that are none', `${group}checks:\n${each(60_000, (i) => `  c${i}: 1`)}`],
  ['the same key', `groups:\n${each(80_000, () => '  g: 1')}`],
  [
    'names that are none',
    `groups: {g: {sources: [a], destinations: [${each(60_000, (i) => `b ${i}`, ',')}]}}`,
  ],
  [
    'a source again and again',
    `groups: {g: {require: {at-least: 1, of: [${each(150_000, () => 'a', ',')}]}, destinations: [b]}}`,
  ],
  [
    'groups that are not there',
    `groups:\n${each(15_000, (i) => `  g${i}: {require: {group: h${i}}, destinations: [d]}`)}`,
  ],
  [
    'pairs in a loop',
    `groups:\n${each(15_000, (i) => `  g${i}: {require: {group: g${i ^ 1}}, destinations: [d${i}]}`)}`,
  ],
  ['brackets', each(200_000, () => ']')],
  ['long keys', `groups:\n  g:\n${each(900, (i) => `    ${'x'.repeat(1000)}${i}: 1`)}`],
];

// Each takes a second or three; where the time grew with the square of the length, minutes.
test.each(WRONG)(
  `a large file with nothing but %s is refused with the first ${MOST_ISSUES} mistakes`,
  (_title, text) => {
    let refusal: unknown;
    try {
      parseSettings(text, 'x.conf');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ConfigError);
    const { issues, message } = refusal as ConfigError;
    expect(issues).toHaveLength(MOST_ISSUES + 1);
    expect(issues.at(-1)?.message).toBe(`there may be more mistakes: these are the first ${MOST_ISSUES}`);
    expect(message.length).toBeLessThan(20_000);
  },
  60_000,
);

test.each([
  ['[', 900_000],
  ['{', 900_000],
  ['- ', 400_000],
  ['{a: ', 200_000],
  ['? ', 400_000],
])('a file with %s %i times is refused, and the process goes on', (text, times) => {
  expect(() => parseSettings(text.repeat(times), 'x.conf')).toThrowError(/nested too deeply/);
});

test('a valid file of 15,000 groups is read', () => {
  const many = `groups:\n${each(15_000, (i) => `  g${i}: {require: ${i === 0 ? 'a' : `{group: g${i - 1}}`}, destinations: [d${i}]}`)}`;
  expect(parseSettings(many, 'x.conf').destinations.size).toBe(15_000);
}, 60_000);

test('a source that is listed 150,000 times is one source where members are not counted', () => {
  const many = `groups: {g: {sources: [${each(150_000, () => 'a', ',')}], destinations: [b]}}`;
  expect(parseSettings(many, 'x.conf').policy.groups).toEqual({
    g: { require: { all: ['a'] }, destinations: ['b'] },
  });
});

test('five hundred aliases of a short list are accepted', () => {
  const many = `x: &s [a, b]\ngroups:\n${each(500, (i) => `  g${i}: {sources: *s, destinations: [d${i}]}`)}`;
  expect(() => parseSettings(many, 'x.conf')).toThrowError(/^x\.conf:1:1: x: unknown key[^\n]*$/);
});
