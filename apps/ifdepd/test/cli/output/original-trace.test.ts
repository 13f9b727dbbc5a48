import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { originalTrace } from '../../../src/cli/output/original-trace.ts';

/** An error that says that it came from the first line of a file of the program. */
function errorAt(path: string): Error {
  const error = new Error('broken');
  error.stack = `Error: broken\n    at f (${path}:1:5)`;
  return error;
}

test.for([
  // The first line of the file is the third of its source.
  [
    'a map',
    JSON.stringify({ version: 3, sources: ['../../../src/system/clock.ts'], names: [], mappings: 'AAEA' }),
    'src/system/clock.ts:3',
  ],
  ['a map that cannot be read', '{', null],
  ['no map', null, null],
] as const)('a trace with %s beside the file', ([, map, line]) => {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-trace-'));
  try {
    const path = join(folder, 'main.cjs');
    if (map !== null) {
      writeFileSync(`${path}.map`, map);
    }
    expect(originalTrace(errorAt(path))).toBe(`Error: broken\n    at f (${line ?? `${path}:1:5`})`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what is thrown and no error is told as what it is', () => {
  expect([null, undefined, 'words'].map(originalTrace)).toEqual(['null', 'undefined', 'words']);
});
