import { expect, test } from 'vitest';
import { files, manifest, published, text } from './repository.ts';

/** The packages that a changeset names, from its front matter. */
function namedIn(path: string): readonly string[] {
  const [, head = ''] = text(path).split(/^---$/m);
  return [...head.matchAll(/^["']([^"']+)["']: (?:major|minor|patch)$/gm)].map(([, name = '']) => name);
}

const unreleased = published.map(manifest).filter(({ version }) => version === '0.0.0');

test('each package that was never released has one first release note of its own, and no other changeset', () => {
  const notes = files('.changeset/*.md').flatMap(namedIn);
  const names = unreleased.map(({ name }) => name);
  expect(notes.filter((name) => names.includes(name)).sort()).toEqual([...names].sort());
});
