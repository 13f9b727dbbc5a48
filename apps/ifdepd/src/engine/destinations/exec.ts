import { basename } from 'node:path';
import type { Presence } from '@ifdepd/policy';
import type { DestinationSettings } from '../../config/settings.ts';
import type { BeforeWrite, DestinationDriver, Setting } from './driver.ts';

/** The programs of a destination. */
export type ExecWords = Extract<DestinationSettings, { action: 'exec' }>;

/** A program to run. */
export interface ProgramCommand {
  /** The program and its arguments; never seen by a shell. */
  readonly words: readonly string[];
  /** Added to a clean environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly ok: boolean;
  /** `exited 1: "no such table"`, `timed out after 5 s` */
  readonly reason: string;
  /** The last line that it printed on standard output. */
  readonly printed: string;
}

/** What runs the programs of destinations. */
export interface Programs {
  /** Does work on a destination in a later turn of the event loop, when all earlier work on it is done. */
  inTurn<Result>(destination: string, work: () => Promise<Result>): Promise<Result>;
  /** Runs a program to its end, or to its timeout. Never rejects. */
  run(command: ProgramCommand): Promise<ProgramEnd>;
}

const ANSWERS: readonly string[] = ['up', 'down', 'missing'] satisfies Presence[];

/**
 * A destination that programs set: one for up, one for down, and one that prints what it is. A program has done its work
 * when it exits with 0; after any other end the destination is unknown until `read` says what it is, or a run succeeds.
 *
 * Without `read` it is what it was set to last, and up before that.
 *
 * @param known what it is; `unknown` where an earlier process set it down, or was killed while it did. Default: nothing is known
 */
export function execDestination(
  { id, up, down, read, timeoutMs }: ExecWords,
  programs: Programs,
  known?: Presence | 'unknown',
): DestinationDriver<Promise<Setting>> {
  let is = known ?? (read === null ? 'up' : 'unknown');
  let torn = known === 'unknown';
  let runs: string | null = null;
  let fault: string | null = null;

  async function run(words: readonly string[]): Promise<ProgramEnd> {
    const program = basename(String(words[0]));
    runs = program;
    const end = await programs.run({ words, env: { IFDEPD_DESTINATION: id }, timeoutMs });
    runs = null;
    return { ...end, reason: `${program} ${end.reason}` };
  }

  async function set(to: 'up' | 'down', before?: BeforeWrite): Promise<Setting> {
    if (is === to) {
      return { changed: false, is: to };
    }
    before?.();
    const { ok, reason } = await run(to === 'up' ? up : down);
    [is, torn, fault] = ok ? [to, false, null] : ['unknown', true, reason];
    if (!ok) {
      throw Object.assign(new Error(reason), { code: 'ERR_PROGRAM' });
    }
    return { changed: true, is: to };
  }

  /** An answer that cannot be used says nothing of the destination: it is taken to be as it was. */
  async function ask(words: readonly string[]): Promise<boolean> {
    const was = is;
    const { ok, reason, printed } = await run(words);
    if (ok && ANSWERS.includes(printed)) {
      [is, torn, fault] = [printed as Presence, false, null];
    } else {
      fault = `cannot be read: ${reason}${ok ? ` and printed "${printed}", not up, down or missing` : ''}`;
    }
    return is !== was;
  }

  return {
    needsUndo: true,
    read: () => is,
    set: (to, before) => programs.inTurn(id, () => set(to, before)),
    ...(read === null ? {} : { ask: () => programs.inTurn(id, () => ask(read)) }),
    isTorn: () => torn,
    note: () => (runs === null ? fault : `${runs} runs`),
  };
}
