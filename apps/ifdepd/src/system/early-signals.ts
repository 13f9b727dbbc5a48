import { nextTurn } from './loop.ts';

/** These end a process that does not catch them. */
const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Without a handler, SIGUSR1 opens the inspector of Node, and SIGUSR2 ends the process without a message. */
const OTHERS = ['SIGUSR1', 'SIGUSR2'] as const;

/** A signal that a daemon catches. */
export type CaughtSignal = (typeof ENDING)[number] | (typeof OTHERS)[number];

/** The signals of this process, caught since its first instruction. */
export type EarlySignals = ReturnType<typeof earlySignals>;

/** Catches signals. To be called once, before anything is loaded. */
export function earlySignals() {
  const came: CaughtSignal[] = [];
  let heed = (signal: CaughtSignal): void => {
    came.push(signal);
  };
  const caught = (signal: NodeJS.Signals): void => heed(signal as CaughtSignal);
  for (const signal of [...ENDING, ...OTHERS]) {
    process.on(signal, caught);
  }
  function end(signal: CaughtSignal): void {
    if (signal === 'SIGUSR1') {
      return;
    }
    if (process.pid !== 1) {
      process.off(signal, caught);
      process.kill(process.pid, signal);
    } else if (process.listenerCount(signal) === 1) {
      // No import: only process 1 needs it.
      process.exit(128 + process.getBuiltinModule('node:os').constants.signals[signal]);
    }
  }

  return {
    /** Passes every signal on from here, beginning with earlier ones. */
    take(next: (signal: CaughtSignal) => void): void {
      heed = next;
      came.splice(0).forEach(next);
    },
    /**
     * For a program without handlers: restores the default action of each signal, and ends the process if a signal has come
     * already. Resolves when the kernel acts on signals again.
     */
    async release(): Promise<void> {
      heed = end;
      came.splice(0).forEach(end);
      // A pending signal would be lost with its listener: Node emits it in the next turn of the loop.
      await nextTurn();
      // The kernel withholds from process 1 of a container every signal that it does not catch.
      for (const signal of process.pid === 1 ? [] : [...ENDING, 'SIGUSR2']) {
        process.off(signal, caught);
      }
    },
  };
}

/** What this process runs. */
export interface Program {
  /** Started again for -d. */
  readonly file: string;
  /** Caught since the first instruction. */
  readonly signals: EarlySignals;
}

/** The first word of a command line that is work for a daemon, and not what a person has typed. */
export const WORKER = 'worker';
