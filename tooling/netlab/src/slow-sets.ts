import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// From here, and from the bundles of the programs beside this package.
const preload = fileURLToPath(new URL('../../netlab/preload/slow-sets.cjs', import.meta.url));

/** A call that set an interface: monotonic milliseconds, as {@link monotonicMs} gives them. */
export interface SlowCall {
  readonly began: number;
  readonly ended: number;
}

/** Daemons whose calls that set an interface take longer on request. */
export interface SlowSets {
  /** For node, before the program. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** From now on each such call takes some of these milliseconds longer, one after another; null: no longer than the kernel takes. */
  take(range: { readonly leastMs: number; readonly mostMs: number } | null): void;
  /**
   * From now on a process is killed right before or right after its next such call; null: it is not.
   *
   * @param after how many such calls it makes first. Default: none
   */
  killAt(when: 'before' | 'after' | null, after?: number): void;
  /** The calls that took longer, so far. */
  calls(): readonly SlowCall[];
}

/** @param folder for what is shared with the processes; made if it is not there */
export function slowSets(folder: string): SlowSets {
  mkdirSync(folder, { recursive: true });
  const [delay, calls] = [join(folder, 'delay'), join(folder, 'calls')];
  writeFileSync(calls, '');
  return {
    options: ['--require', preload],
    env: { IFDEPD_TEST_SLOW_SETS: folder },
    take(range) {
      if (range === null) {
        rmSync(delay, { force: true });
      } else {
        writeFileSync(`${delay}.new`, `${range.leastMs} ${range.mostMs}`);
        renameSync(`${delay}.new`, delay);
      }
    },
    killAt(when, after = 0) {
      writeFileSync(join(folder, 'kill'), when === null ? '' : `${when} ${after}`);
    },
    calls: () =>
      readFileSync(calls, 'latin1')
        .split('\n')
        .slice(0, -1)
        .map((line) => {
          const [began = Number.NaN, ended = Number.NaN] = line.split(' ').map(Number);
          return { began, ended };
        }),
  };
}

/** The clock of {@link SlowCall}, which all processes of the machine share. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
