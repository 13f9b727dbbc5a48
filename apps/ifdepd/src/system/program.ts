import type { EarlySignals } from './early-signals.ts';

/** What this process runs. */
export interface Program {
  /** Started again for -d. */
  readonly file: string;
  /** Caught since the first instruction. */
  readonly signals: EarlySignals;
  /** Keeps what V8 has compiled so far for the next start, where there is a place for it. Never fails. */
  readonly keepCode: () => Promise<void>;
}
