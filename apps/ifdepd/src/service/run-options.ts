import type { PolicyConfig } from '@ifdepd/policy';
import type { Action, EarlyLossMode, ListenAddress, LogSettings, OnExit } from '../config/settings.ts';

/** The one group that -S and -D describe. */
export interface CommandLineGroup {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** The values of -S and -D as they were written. */
  readonly written: { readonly sources: readonly string[]; readonly destinations: readonly string[] };
  readonly policy: PolicyConfig;
  readonly action: Action;
  readonly onExit: OnExit;
}

/** What the command line of the daemon asks for. */
export interface DaemonArguments {
  /** Null with -f. */
  readonly group: CommandLineGroup | null;
  /** The file of -f; null without. */
  readonly config: string | null;
  readonly verbosity: 'quiet' | 'normal' | 'verbose';
  readonly background: boolean;
  readonly check: boolean;
  readonly pidfile: string | null;
  readonly wait: boolean;
  readonly once: boolean;
  readonly dryRun: boolean;
  readonly earlyLoss: EarlyLossMode;
  /** False: the kernel does nothing by itself. */
  readonly kernelFailover: boolean;
  readonly log: LogSettings;
  readonly netns: string | null;
  /** The control socket that was asked for; 'default' where none was, null with --no-socket. */
  readonly socket: string | null;
  readonly metrics: ListenAddress | null;
  readonly force: boolean;
}
