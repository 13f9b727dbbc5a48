import { expect, test } from 'vitest';
import { text } from './repository.ts';

interface Locked {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(text('package-lock.json')) as { packages: Readonly<Record<string, Locked>> };
const names = new Set(
  Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)),
);

test('it names no registry', () => {
  const addresses = Object.values(packages).filter(({ resolved }) => resolved?.includes('://') === true);
  expect(addresses).toEqual([]);
});

// npm leaves out what it cannot fetch at the moment of writing, and `npm ci` then fails everywhere else.
test('it has the binaries of every platform, not only those of the machine that wrote it', () => {
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
    .filter((name) => !names.has(name));
  expect(missing).toEqual([]);
});
