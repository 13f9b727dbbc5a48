import { expect, test } from 'vitest';
import { files, manifest, published, text } from './repository.ts';

const readme = text('README.md');
const lines = readme.split('\n');

/** The cells of each row of the README's first table, its header included. */
const rows = readme
  .slice(readme.indexOf('\n| '), readme.indexOf('\n\n', readme.indexOf('\n| ')))
  .trim()
  .split('\n')
  .filter((line) => !line.startsWith('|---'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

test('the README has at most 150 lines', () => {
  expect(lines.length).toBeLessThanOrEqual(150);
});

test('the first screen of the README has the commands that show a failover and run every test', () => {
  const screen = lines.slice(0, 30).join('\n');
  expect(screen).toContain('\nnpm ci && npm run demo\n');
  expect(screen).toContain('\nnpm ci && npm test\n');
});

test('the first table of the README has three columns, and each cell at most twelve words', () => {
  expect(rows[0]).toEqual(['feature', 'default', 'since or limit']);
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((cells) => cells.length !== 3)).toEqual([]);
  const words = (cell: string) => cell.split(/\s+/).length;
  expect(rows.flat().filter((cell) => words(cell) > 12)).toEqual([]);
});

test('every option that the README names is one that the manual page names', () => {
  const page = files('apps/ifdepd/man/ifdepd.8').map(text).join('').replaceAll('\\', '');
  const options = [...readme.matchAll(/`(--[a-z-]+)/g)].map(([, option = '']) => option);
  expect(options.length).toBeGreaterThan(5);
  expect(options.filter((option) => !page.includes(`Fl ${option.slice(1)}`))).toEqual([]);
});

test('the README names every published package', () => {
  const missing = published
    .filter((folder) => folder.startsWith('packages/'))
    .filter((folder) => !readme.includes(`[\`${manifest(folder).name}\`](${folder})`));
  expect(missing).toEqual([]);
});
