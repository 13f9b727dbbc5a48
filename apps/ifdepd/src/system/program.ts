import type { EarlySignals } from './early-signals.ts';

/** What this process runs. */
export interface Program {
  /** Started again for -d. */
  readonly file: string;
  /** Caught since the first instruction. */
  readonly signals: EarlySignals;
}

/** The first word of a command line that is work for a daemon, and not what a person has typed. */
export const WORKER = 'worker';
