import { readdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileError } from './config-error.ts';
import { fits } from './fits.ts';

/** The most files that one entry of `include` may mean. */
const MOST_FILES = 1000;

/**
 * The files that one entry of `include` means, in the order of their names. `*` and `?` may stand in the last part of the path; they
 * match no dot at the beginning. A pattern may match nothing.
 *
 * @param from the file that includes: paths are relative to its directory
 * @throws {ConfigError} for a pattern that cannot be followed, or means `from` itself
 */
export function findIncluded(from: string, pattern: string): readonly string[] {
  const path = resolve(dirname(from), pattern);
  const [directory, last] = [dirname(path), basename(path)];
  if (/[*?]/.test(directory)) {
    throw fileError(from, `include '${pattern}': * and ? may only stand in the last part of a path`);
  }
  const found = /[*?]/.test(last) ? matching(from, pattern, directory, last) : [path];
  if (found.includes(from)) {
    throw fileError(from, `include '${pattern}': the file includes itself`);
  }
  if (found.length > MOST_FILES) {
    throw fileError(
      from,
      `include '${pattern}': matches ${found.length} files; at most ${MOST_FILES} are read`,
    );
  }
  return found;
}

function matching(from: string, pattern: string, directory: string, last: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    throw fileError(from, `include '${pattern}': ${error instanceof Error ? error.message : error}`);
  }
  return names
    .filter((name) => fits(last, name) && (last.startsWith('.') || !name.startsWith('.')))
    .sort()
    .map((name) => `${directory}/${name}`);
}
