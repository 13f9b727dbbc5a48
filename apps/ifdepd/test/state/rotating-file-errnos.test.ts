import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRotatingFile, readRotatingFile } from '../../src/state/rotating-file.ts';
import { FILE_ERRNOS, failingFiles, MOMENTS } from '../support/failing-files.ts';

const LIMIT = 40;
const CALLS = ['renameSync', 'openSync', 'fstatSync', 'closeSync', 'write'] as const;

const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Writes lines until a file has been rotated some times. */
async function write(file: ReturnType<typeof openRotatingFile>, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    file.write(line);
    await turn();
  }
}

const linesOf = (word: string) => Array.from({ length: 12 }, (_, number) => `${word} ${number}`);

test.each(CALLS)(
  '%s fails on a rotating file: the lines after the fault are there, and the file rotates again',
  async (call) => {
    const wrong: string[] = [];
    for (const errno of FILE_ERRNOS) {
      for (const [moment, fails] of MOMENTS) {
        const folder = mkdtempSync(join(tmpdir(), 'ifdepd-ring-'));
        const path = join(folder, 'ring');
        const file = openRotatingFile(path, LIMIT, () => 'first');
        {
          using _fault = failingFiles(call, errno, fails);
          await write(file, linesOf('during'));
        }
        const after = linesOf('after');
        await write(file, after);
        await file.close();
        const last = readRotatingFile(path);
        const size = readFileSync(path).length;
        if (!last.includes(`${after.at(-1)}\n`) || size > 2 * LIMIT) {
          wrong.push(`${errno}, ${moment}: ${size} bytes, ${JSON.stringify(last)}`);
        }
        rmSync(folder, { recursive: true });
      }
    }
    expect(wrong).toEqual([]);
  },
);
