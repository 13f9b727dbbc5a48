import { expect, test } from 'vitest';
import { files, manifest, published, text } from './repository.ts';

/** The packages that a changeset names, from its front matter. */
function namedIn(path: string): readonly string[] {
  const [, head = ''] = text(path).split(/^---$/m);
  return [...head.matchAll(/^["']([^"']+)["']: (?:major|minor|patch)$/gm)].map(([, name = '']) => name);
}

test('until the first release each published package has one release note of its own', () => {
  const notes = files('.changeset/*-first-release.md').flatMap(namedIn);
  const names = published.map((folder) => manifest(folder).name);
  expect([...notes].sort()).toEqual([...names].sort());
});
