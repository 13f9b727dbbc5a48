import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { files } from './repository.ts';

interface Guard {
  readonly target: string;
  readonly guard: string;
}

const script = new URL('../../tasks/lib/fuzz-guards.mjs', import.meta.url).href;
const { guards, withoutGuard } = (await import(script)) as {
  readonly guards: readonly Guard[];
  readonly withoutGuard: (guard: Guard) => string;
};

test('every guard that a fuzz target must miss stands where it is said to, and can be taken out', () => {
  for (const guard of guards) {
    expect(withoutGuard(guard)).not.toContain(guard.guard);
  }
});

test('every fuzz target has a guard to miss', () => {
  const targets = files('*/test/fuzz/*.corpus.json').map((path) => basename(path, '.corpus.json'));
  expect(targets.length).toBeGreaterThan(0);
  expect([...new Set(guards.map(({ target }) => target))].sort()).toEqual(targets.sort());
});
