import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { files, text } from './repository.ts';

/** Words of a test that becomes another user, gives files away, or is skipped where it is not root. */
const NEEDS_ROOT = /\b(setpriv|chownSync|lchownSync|only root|needs root)\b/;

/** Whether the words are in a file, or in another file of the tests that it imports. */
function needsRoot(path: string): boolean {
  const source = text(path);
  const imported = [...source.matchAll(/ from '(\.[^']+\.ts)'/g)].map(([, to = '']) =>
    join(dirname(path), to),
  );
  return NEEDS_ROOT.test(source) || imported.filter((to) => to.includes('/test/')).some(needsRoot);
}

test('npm test runs each network test that depends on root as root: its file is listed in vitest.config.ts', () => {
  const listed = files('*/vitest.config.ts').flatMap((config) =>
    [...(/\broot: \[([^\]]*)\]/.exec(text(config))?.[1] ?? '').matchAll(/'([^']+)'/g)].map(([, path = '']) =>
      join(dirname(config), path),
    ),
  );
  const dependent = files('*.netns.test.ts').filter(needsRoot);
  expect(dependent.length).toBeGreaterThan(5);
  expect(listed).toEqual(expect.arrayContaining(dependent));
  expect(files(...listed)).toHaveLength(listed.length);
});
