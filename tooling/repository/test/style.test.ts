import { expect, test } from 'vitest';
import { files, text } from './repository.ts';

/** Phrases of a dialect that says who did nothing, or says nothing. */
const DIALECT =
  /\b(?:told(?! apart)|as ever|whoever|somebody|to be had|in so many words|hung up on|in vain|a courtesy)\b/i;

/** Names that need their `describe` to be understood: a single word, or the end of a sentence. */
const HEADLESS = /^(?:\S+|(?:and|that|who|whose|which|both|nor|but) .*)$/;

/** The names of tests, with the files they stand in. */
const names = files('*.test.ts').flatMap((path) =>
  [
    ...text(path).matchAll(/^ *test(?:\.\w+(?:\([^\n]*?\)|<[^\n]*?>\([^\n]*?\))?)*\(\s*(['"`])(.*?)\1,/gms),
  ].map(([, , name = '']) => ({ path, name })),
);

test('a source file has at most 300 lines', () => {
  const sources = files('apps/*/src/*.ts', 'packages/*/src/*.ts');
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.filter((path) => text(path).split('\n').length > 301)).toEqual([]);
});

test('no test name is in dialect', () => {
  expect(names.length).toBeGreaterThan(1500);
  const wrong = names.filter(({ name }) => DIALECT.test(name));
  expect(wrong.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
});

test('no test name needs its describe() to be understood', () => {
  const wrong = names.filter(({ name }) => HEADLESS.test(name) && !name.includes('%') && !name.includes('$'));
  expect(wrong.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
});
