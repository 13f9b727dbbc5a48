import type { EarlyLossMode, ListenAddress } from '../config/settings.ts';

/** How a daemon is run, besides its settings. */
export interface RunOptions {
  readonly wait: boolean;
  readonly once: boolean;
  readonly dryRun: boolean;
  readonly earlyLoss: EarlyLossMode;
  /** False: the kernel does nothing by itself. */
  readonly kernelFailover: boolean;
  /** The requested control socket; 'default' without a request, null for none. */
  readonly socket: string | null;
  readonly metrics: ListenAddress | null;
  readonly force: boolean;
}
