import { createHash } from 'node:crypto';
import type { World } from './world.ts';

/** What a simulation came to. */
export interface Played<One> {
  /** Of everything that happened, each with its time: the same operations have the same hash on every machine. */
  readonly hash: string;
  /** The operations, up to the one after which something was wrong. */
  readonly operations: readonly One[];
  /** What was wrong; null for nothing. */
  readonly violation: string | null;
  readonly simulatedMs: number;
  /** Callbacks that the event loops made. */
  readonly calls: number;
  /** System calls that failed, and at most how many in one moment. */
  readonly failed: number;
  readonly mostAtOnce: number;
}

/** The end of a history, and what is recorded of it. */
export interface PerformOptions {
  /** Milliseconds to simulate at most. Default: until the operations end. */
  readonly forMs?: number;
  /** Receives each line of the history. */
  readonly trace?: (line: string) => void;
}

/** Hosts on which operations are performed, and their judge. */
export interface Stage<One> {
  readonly worlds: readonly World[];
  now(): number;
  /** The state of the hosts, in a line. */
  state(): string;
  /** What is wrong at this moment; null for nothing. */
  wrong(): string | null;
  /** Milliseconds after which something may be wrong though nothing happens. */
  nextLookMs(): number;
  start(): Promise<void>;
  /** Lets time pass, at most until something happens that a judge may have to see. */
  pass(ms: number): Promise<void>;
  /**
   * @param passed lets time pass and judges meanwhile
   * @returns what was wrong meanwhile; null for nothing
   */
  apply(operation: One, passed: (ms: number) => Promise<string | null>): Promise<string | null>;
}

/** Milliseconds at the end of a history in which nothing happens, so that everything comes to rest. */
const LAST_QUIET_MS = 120_000;

/**
 * Performs operations, and judges after each of them.
 *
 * @param stageOf makes the hosts, whose lines are noted
 */
export async function perform<One extends { readonly afterMs: number }>(
  operations: Iterable<One>,
  stageOf: (note: (line: string) => void) => Stage<One>,
  { forMs = Number.POSITIVE_INFINITY, trace }: PerformOptions,
): Promise<Played<One>> {
  const hash = createHash('sha256');
  const note = (line: string): void => {
    const at = `${stage.now()} ${line}\n`;
    hash.update(at);
    trace?.(at);
  };
  const stage = stageOf(note);
  const began = stage.now();
  const played: One[] = [];
  let last = '';

  function look(): string | null {
    const state = stage.state();
    if (state !== last) {
      last = state;
      note(state);
    }
    return stage.wrong();
  }

  async function passed(ms: number): Promise<string | null> {
    const end = stage.now() + ms;
    let wrong = look();
    for (let left = ms; wrong === null && left > 0; left = end - stage.now()) {
      await stage.pass(Math.min(left, stage.nextLookMs()));
      wrong = look();
    }
    return wrong;
  }

  async function history(): Promise<string | null> {
    await stage.start();
    for (const operation of operations) {
      if (stage.now() - began >= forMs) {
        break;
      }
      played.push(operation);
      const before = await passed(operation.afterMs);
      if (before !== null) {
        return before;
      }
      note(JSON.stringify(operation));
      const wrong = await stage.apply(operation, passed);
      if (wrong !== null) {
        return wrong;
      }
    }
    return await passed(LAST_QUIET_MS);
  }

  let violation = await history().catch((error: unknown) =>
    error instanceof Error ? `${error.stack?.split('\n').slice(0, 6).join('\n')}` : String(error),
  );
  const simulatedMs = stage.now() - began;
  for (const world of stage.worlds) {
    await world.close().catch((error: unknown) => {
      violation ??= String(error);
    });
  }
  return {
    hash: hash.digest('hex').slice(0, 16),
    operations: played,
    violation,
    simulatedMs,
    calls: stage.worlds.reduce((sum, { loop }) => sum + loop.calls, 0),
    failed: stage.worlds.reduce((sum, { faults }) => sum + faults.failed, 0),
    mostAtOnce: Math.max(...stage.worlds.map(({ faults }) => faults.mostAtOnce)),
  };
}
