import type { EarlySignals } from './early-signals.ts';

/** What this process runs. */
export interface Program {
  /** Started again for -d. */
  readonly file: string;
  /** Caught since the first instruction. */
  readonly signals: EarlySignals;
}
