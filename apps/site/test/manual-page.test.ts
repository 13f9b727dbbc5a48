import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { manualPage } from '../src/manual-page.ts';

const file = fileURLToPath(new URL('../../ifdepd/man/ifdepd.conf.5', import.meta.url));

test('a manual page becomes a heading for each section, and blocks of HTML without an empty line', ({
  skip,
}) => {
  skip(spawnSync('mandoc', ['-T', 'lint', file]).error !== undefined, 'mandoc is not installed');
  const page = manualPage(file);
  expect(page.startsWith('# ifdepd.conf(5)\n\n## NAME {#NAME}\n\n<div')).toBe(true);
  expect(page).toContain('\n## FILES OF DESTINATIONS {#FILES_OF_DESTINATIONS}\n');
  const blocks = page
    .trim()
    .split(/\n\n/)
    .filter((part) => part.startsWith('<div'));
  expect(blocks.every((part) => part.endsWith('</div>'))).toBe(true);
  expect(blocks.length).toBe(page.match(/^## /gm)?.length);
});

test('the other manual page of the daemon is a link, and those of the system are not', ({ skip }) => {
  skip(spawnSync('mandoc', ['-T', 'lint', file]).error !== undefined, 'mandoc is not installed');
  expect(manualPage(file)).toContain('<a href="./ifdepd.8.html">ifdepd(8)</a>');
  expect(manualPage(file)).not.toContain('<a class="Xr">');
});
