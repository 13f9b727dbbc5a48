import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const preload = fileURLToPath(new URL('../preload/turns.cjs', import.meta.url));

/** The longest turn of the event loop of a process. */
export interface LongestTurn {
  readonly pid: number;
  /** The arguments of the process. */
  readonly words: readonly string[];
  /** From when on it was recorded: with IFDEPD_TEST_TURNS_SINCE=start from the first turn on. */
  readonly since: 'ready' | 'start';
  /** Milliseconds of processor time. */
  readonly longestMs: number;
}

/** The event loops of the daemons of a test, and the longest time that each was blocked. */
export interface Turns {
  /** For node, before the program. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Turns of more than 10 ms, since each became ready, or since its first turn. */
  longest(): readonly LongestTurn[];
}

/** @param folder for what the processes record; made if it is not there */
export function turns(folder: string): Turns {
  mkdirSync(folder, { recursive: true });
  return {
    options: ['--require', preload],
    env: { IFDEPD_TEST_TURNS: folder },
    longest: () =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))),
  };
}
