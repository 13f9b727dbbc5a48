import { expect, test } from 'vitest';
import { imagesIn, withSiteLinks } from '../src/links.ts';
import { slug } from '../src/slug.ts';

const pages = [
  { from: 'docs/recipes.md', to: 'recipes' },
  { from: 'docs/adr/README.md', to: 'why/records/' },
  { from: 'README.md', to: 'overview' },
];
const rewritten = (target: string, from = 'docs/recipes.md') =>
  withSiteLinks(`[text](${target})`, from, pages, (path) => path === 'packages').slice('[text]('.length, -1);

test('a link to a document that is a page becomes the path of that page, with its fragment', () => {
  expect(rewritten('../README.md#use')).toBe('/overview#use');
  expect(rewritten('docs/recipes.md', 'README.md')).toBe('/recipes');
});

test('a link to a folder whose README is a page becomes the path of that page', () => {
  expect(rewritten('adr/')).toBe('/why/records/');
});

test('a link to any other file or folder leads to the repository', () => {
  expect(rewritten('../biome.jsonc')).toBe('https://github.com/ifdepd/ifdepd/blob/main/biome.jsonc');
  expect(rewritten('../packages')).toBe('https://github.com/ifdepd/ifdepd/tree/main/packages');
});

test('a link to a document by its address at the repository becomes the path of its page', () => {
  expect(rewritten('https://github.com/ifdepd/ifdepd/tree/main/docs/recipes.md#a')).toBe('/recipes#a');
  const other = 'https://github.com/ifdepd/ifdepd/blob/main/biome.jsonc';
  expect(rewritten(other)).toBe(other);
});

test('an address, a fragment and a path on the site stay as they are', () => {
  for (const target of ['https://nodejs.org/', 'mailto:a@example.com', '#use', '/playground']) {
    expect(rewritten(target)).toBe(target);
  }
});

test('an image of the repository is copied, and its link becomes its path from the root', () => {
  expect(rewritten('soak.png')).toBe('/docs/soak.png');
  expect(
    imagesIn('![a curve](soak.png) ![elsewhere](https://example.com/a.png)', 'docs/reliability.md'),
  ).toEqual(['docs/soak.png']);
});

test('the fragment of a heading has no punctuation, as at the host of the repository', () => {
  expect(slug("One client's work in one turn: `step`")).toBe('one-clients-work-in-one-turn-step');
});
