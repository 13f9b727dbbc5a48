import type { Libc } from '@ifdepd/libc';
import type { Settings } from '../config/settings.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { Decision } from '../engine/policy-loop.ts';
import type { Log } from '../log/index.ts';
import type { Checks } from '../programs/checks.ts';
import type { Hooks } from '../programs/hooks.ts';
import type { Metrics } from '../report/metrics.ts';
import type { DestinationLocks } from '../state/destination-locks.ts';
import type { Journal } from '../state/journal.ts';
import type { Ledger } from '../state/ledger.ts';
import type { StateFile } from '../state/state-file.ts';
import type { SystemTables } from '../system/system-tables.ts';
import type { IdentityWatch } from './identity-watch.ts';
import type { StartSettings } from './needs-restart.ts';

/** Reads a configuration. @throws {ConfigError} with what is wrong with it */
export type LoadSettings = (file: string, ended: AbortSignal) => Promise<Settings>;

/** What a daemon that runs has around it. What is not configured is not even loaded. */
export interface Running {
  /** As they were written, and with one name for each destination. Replaced by a reload. */
  written: Settings;
  settings: Settings;
  /** As they were at the start. */
  readonly started: StartSettings;
  /** Which interfaces the names in them mean. */
  readonly identity: IdentityWatch;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly daemon: Daemon;
  /** The system it works on, and its numbers. */
  readonly libc: Libc;
  readonly tables: SystemTables;
  readonly metrics: Metrics;
  readonly journal: Journal;
  /** Null where the state is not kept. */
  readonly state: StateFile | null;
  readonly locks: DestinationLocks | null;
  /** --wait: what is missing is no mistake of a configuration. */
  readonly wait: boolean;
  /** Reads the configuration again; an abort of the signal ends that. */
  readonly load: LoadSettings;
  /** Aborted once the daemon ends: what goes on then must change nothing. */
  readonly ended: AbortSignal;
  /** The file of this program, for workers; null inside of another one. */
  readonly program: string | null;
  hooks: Hooks | null;
  checks: Checks | null;
}

/** Loads and makes what runs hooks, where there are any and it is not there yet. */
export async function loadHooks(
  settings: Settings,
  current: () => Settings,
  log: Log,
): Promise<Hooks | null> {
  if (settings.hooks.length === 0) {
    return null;
  }
  const { hooks } = await import('../programs/hooks.ts');
  const destinationsOf = (group: string) => {
    const { groups } = current().policy;
    return Object.hasOwn(groups, group) ? (groups[group]?.destinations ?? []) : [];
  };
  return hooks(() => current().hooks, destinationsOf, log);
}

/** Loads what runs checks, where there are any. */
export async function loadChecks({
  checks,
}: Settings): Promise<typeof import('../programs/checks.ts') | null> {
  return checks.size > 0 ? await import('../programs/checks.ts') : null;
}

/** Starts the checks of the present settings, or replaces those that run. */
export async function followChecks(running: Running): Promise<void> {
  const { settings, daemon, checks, program } = running;
  if (checks !== null) {
    checks.replace(settings.checks);
  } else {
    const loaded = await loadChecks(settings);
    running.checks =
      loaded?.startChecks(settings.checks, (source) => daemon.feed({ type: 'source', source }), program) ??
      null;
  }
}

/** Takes note of a moment: must be quick, the next message waits. */
export function noteDecision(
  { ledger, hooks, metrics, state }: Pick<Running, 'ledger' | 'hooks' | 'metrics' | 'state'>,
  decision: Decision,
): void {
  metrics.note(decision);
  if (decision.outcomes.length > 0) {
    ledger.note(decision.outcomes);
  }
  if (decision.transitions.length > 0) {
    hooks?.note(decision.transitions);
  }
  if (decision.event.type !== 'tick' || decision.transitions.length + decision.outcomes.length > 0) {
    state?.changed();
  }
}
