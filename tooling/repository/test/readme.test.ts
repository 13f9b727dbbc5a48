import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, manifest, published, root, text } from './repository.ts';

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

test('the README has at most 120 lines', () => {
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
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

describe.each(published)('the README of %s, which npm shows', (folder) => {
  const shown = text(`${folder}/README.md`);

  test('says how the package is installed', () => {
    expect(shown).toMatch(new RegExp(`npm install (?:--global )?${manifest(folder).name}\\b`));
  });

  test('has absolute links alone, and those into the repository lead to files of it', () => {
    const targets = [...shown.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !target.startsWith('https://'))).toEqual([]);
    const home = manifest('.').homepage?.replace('#readme', '/tree/main/') ?? '';
    const inside = targets.filter((target) => target.startsWith(home));
    const gone = inside.filter(
      (target) => !existsSync(join(root, target.slice(home.length).replace(/#.*$/, ''))),
    );
    expect(gone).toEqual([]);
  });
});

test('the README of the daemon says how to install, upgrade and uninstall it, and what to do when it does not work', () => {
  const titles = [...text('apps/ifdepd/README.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  expect(titles).toEqual(
    expect.arrayContaining(['Install', 'Run as a service', 'Upgrade', 'Uninstall', 'Troubleshooting']),
  );
});
