import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { configFile } from '../support/config-file.ts';
import { blocksOf, documentsIn, documentText } from '../support/documents.ts';

const paths = [
  'README.md',
  'apps/ifdepd/README.md',
  ...documentsIn('docs', 'apps/ifdepd/examples', 'apps/site/pages'),
];
const blocks = paths.flatMap((path) =>
  blocksOf(documentText(path), 'yaml').map((text, at) => ({ path, number: at + 1, text })),
);

test('the recipes have configurations', () => {
  expect(blocks.filter(({ path }) => path === 'docs/recipes.md').length).toBeGreaterThan(5);
});

test.each(blocks)('$path: block $number of YAML is a valid configuration', ({ text }) => {
  using file = configFile(text);
  // What a configuration includes from conf.d.
  mkdirSync(join(file.folder, 'conf.d'));
  const part = 'groups: {included: {sources: [eth8], destinations: [eth9]}}\n';
  writeFileSync(join(file.folder, 'conf.d/included.yaml'), part);
  expect(Object.keys(loadSettings(file.path).policy.groups).length).toBeGreaterThan(0);
});
