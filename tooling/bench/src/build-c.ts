import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The C programs, compiled. */
export interface CPrograms extends Disposable {
  readonly floor: string;
  readonly stopwatch: string;
  readonly launch: string;
  readonly flapper: string;
}

/**
 * Compiles the floor, the stopwatch, the starting pistol and the flapper with the C compiler of this machine.
 *
 * @throws {Error} if there is no compiler
 */
export function buildC(): CPrograms {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-bench-'));
  const build = (name: string): string => {
    const output = join(folder, name);
    const source = fileURLToPath(new URL(`../c/${name}.c`, import.meta.url));
    const { error, status, stderr } = spawnSync('cc', ['-O2', '-pthread', '-o', output, source], {
      encoding: 'utf8',
    });
    if (error !== undefined || status !== 0) {
      rmSync(folder, { recursive: true });
      const reason = error?.message ?? stderr;
      throw new Error(
        `the benchmark compares with a C program and needs cc: apt-get install gcc (${reason})`,
      );
    }
    return output;
  };
  return {
    floor: build('floor'),
    stopwatch: build('stopwatch'),
    launch: build('launch'),
    flapper: build('flapper'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
