import type { Libc } from '@ifdepd/libc';
import type { SourceReading } from '@ifdepd/policy';
import type { Settings } from '../config/settings.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { Decision } from '../engine/policy-loop.ts';
import type { Log } from '../log/index.ts';
import type { Checks } from '../programs/checks.ts';
import type { Hooks } from '../programs/hooks.ts';
import type { RunningProbes } from '../programs/probes.ts';
import type { ProgramRunner } from '../programs/program-runner.ts';
import type { RunCommand } from '../programs/run-command.ts';
import type { Metrics } from '../report/metrics.ts';
import type { DestinationLocks } from '../state/destination-locks.ts';
import type { Journal } from '../state/journal.ts';
import type { Ledger } from '../state/ledger.ts';
import type { StateFile } from '../state/state-file.ts';
import type { SystemTables } from '../system/kernel.ts';
import type { Loop } from '../system/loop.ts';
import type { IdentityWatch } from './identity-watch.ts';

/** Reads a configuration. @throws {ConfigError} with what is wrong with it */
export type LoadSettings = (file: string, ended: AbortSignal) => Promise<Settings>;

/** A running daemon with everything around it. Parts that are not configured are not even loaded. */
export interface Running {
  /** The settings as written, and with one name for each destination. A reload replaces both. */
  written: Settings;
  settings: Settings;
  /** The settings at the start. */
  readonly started: StartSettings;
  /** Which interfaces the names in them mean. */
  readonly identity: IdentityWatch;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly daemon: Daemon;
  /** The system that it works on, and its numbers. */
  readonly libc: Libc;
  readonly tables: SystemTables;
  readonly loop: Loop;
  readonly metrics: Metrics;
  readonly journal: Journal;
  /** Null where the state is not saved. */
  readonly state: StateFile | null;
  readonly locks: DestinationLocks | null;
  /** --wait: missing interfaces are no mistake of a configuration. */
  readonly wait: boolean;
  /** Reads the configuration again, until the signal aborts. */
  readonly load: LoadSettings;
  /** Aborted once the daemon ends: nothing may be changed after that. */
  readonly ended: AbortSignal;
  /** The file of this program, for workers; null inside another program. */
  readonly program: string | null;
  hooks: Hooks | null;
  /** What runs the programs of checks and destinations; null while there are none. */
  programs: ProgramRunner | null;
  checks: Checks | null;
  probes: RunningProbes | null;
  /** Whether an action that the rules no longer name still holds an interface down. */
  hasFormer: boolean;
}

/** Loads and starts the runner of hooks; null where there are no hooks. */
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

/** Loads the runner of checks; null where there are no checks. */
export async function loadChecks({
  checks,
}: Settings): Promise<typeof import('../programs/checks.ts') | null> {
  return checks.size > 0 ? await import('../programs/checks.ts') : null;
}

/**
 * Loads and starts what runs the programs of checks and destinations; null where there are none.
 *
 * @param program the file of this program: another process of it runs them. Null: this process does
 */
export async function loadPrograms(
  { checks, destinations }: Settings,
  program: string | null,
): Promise<ProgramRunner | null> {
  const any =
    [...checks.values()].some(({ kind }) => kind === 'exec') ||
    [...destinations.values()].some(({ action }) => action === 'exec');
  return any ? (await import('../programs/program-runner.ts')).programRunner(program) : null;
}

/** Runs programs by what is loaded when they are run: a reload may bring the first ones. */
export function runnerOf(running: Pick<Running, 'programs'>): RunCommand {
  return (command, done) => {
    if (running.programs === null) {
      throw new Error('nothing runs programs');
    }
    return running.programs.run(command, done);
  };
}

/** Starts the checks of the present settings, or replaces those that run. Starts none after the end. */
export async function followChecks(running: Running): Promise<void> {
  const { settings, daemon, checks, ended } = running;
  const loaded = checks === null ? await loadChecks(settings) : null;
  if (ended.aborted) {
    return;
  }
  if (checks !== null) {
    checks.replace(settings.checks);
  } else {
    const answer = (source: SourceReading) => daemon.feed({ type: 'source', source });
    running.checks = loaded?.startChecks(settings.checks, answer, runnerOf(running)) ?? null;
  }
}

/** Loads the runner of probes; null where there are none. */
export async function loadProbes({
  probes,
}: Settings): Promise<typeof import('../programs/probes.ts') | null> {
  return probes.size > 0 ? await import('../programs/probes.ts') : null;
}

/** Starts the probes of the present settings, or replaces those that run. Leaves none after the end. */
export async function followProbes(running: Running): Promise<void> {
  const { settings, daemon, libc, ended } = running;
  if (ended.aborted) {
    return;
  }
  let { probes } = running;
  if (probes !== null) {
    await probes.replace(settings.probes);
  } else {
    const loaded = await loadProbes(settings);
    const answer = (source: SourceReading) => daemon.feed({ type: 'source', source });
    probes = (await loaded?.startProbes(settings.probes, answer, libc)) ?? null;
  }
  if (ended.aborted) {
    probes?.[Symbol.dispose]();
  } else {
    running.probes = probes;
  }
}

/** Records a decision. Must be quick: the next message waits. */
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

/** Keys of a configuration that take effect only at a start. */
const AT_START = ['log', 'metrics'] as const;

/** Their values at the start of the daemon. */
export type StartSettings = Pick<Settings, (typeof AT_START)[number]>;

/** The keys whose values have changed since. */
export function needsRestart({
  started,
  settings,
}: Pick<Running, 'started' | 'settings'>): readonly string[] {
  return AT_START.filter((key) => JSON.stringify(started[key]) !== JSON.stringify(settings[key]));
}

/** `metrics takes effect at the next start`; '' where there are none. */
export function restartNotice(keys: readonly string[]): string {
  return keys.length === 0
    ? ''
    : `${keys.join(' and ')} ${keys.length === 1 ? 'takes' : 'take'} effect at the next start`;
}
