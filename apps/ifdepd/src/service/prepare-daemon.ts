import { type Libc, loadLibc } from '@ifdepd/libc';
import type { EarlyLossMode, Settings } from '../config/settings.ts';
import { startDaemon } from '../daemon/start-daemon.ts';
import { goOnFrom } from '../engine/resume.ts';
import { renameEntries } from '../identity/rename-entries.ts';
import { both, type Log } from '../log/index.ts';
import { metrics } from '../report/metrics.ts';
import { destinationLocks, holderOf } from '../state/destination-locks.ts';
import { journalKey, openJournal } from '../state/journal.ts';
import { type Ledger, ledger } from '../state/ledger.ts';
import { openLedgerFile } from '../state/ledger-file.ts';
import { downWords, release } from '../state/release.ts';
import { resolveIntents } from '../state/resolve-intents.ts';
import { openStateFile } from '../state/state-file.ts';
import { bootId } from '../system/boot-id.ts';
import { monotonicNow } from '../system/clock.ts';
import { type Directories, directoriesOf } from '../system/directories.ts';
import { networkNamespaceCookie, networkNamespaceId } from '../system/network-namespace.ts';
import type { SystemTables } from '../system/system-tables.ts';
import { version } from '../system/version.ts';
import { identityWatch } from './identity-watch.ts';
import { releaseForgotten, reportForgotten } from './release-forgotten.ts';
import { type LoadSettings, loadHooks, noteDecision, type Running } from './running.ts';

/** What a daemon with all that belongs to it is made of. */
export interface PrepareOptions {
  readonly log: Log;
  /** The system to work on. Default: this one. */
  readonly libc?: Libc;
  /** The numbers of that system. Default: those of the libc's target. */
  readonly tables?: SystemTables;
  /** The system that this process runs on, where the files are: locks them. Default: loaded where it is needed. */
  readonly host?: Libc;
  /** Where locks and journals are kept. Default: where the libc's target keeps such things. */
  readonly directories?: Directories;
  /** Default: 'auto'. */
  readonly earlyLoss?: EarlyLossMode;
  /** Default: false. */
  readonly warmUp?: boolean;
  /** Default: false. */
  readonly kernelFailover?: boolean;
  /** Leave the locks of other daemons alone, and take none. Default: false. */
  readonly force?: boolean;
  /** What is missing is no mistake of a configuration. Default: false. */
  readonly wait?: boolean;
  /** How a reload reads the configuration. Default: in this process, which does nothing else meanwhile. */
  readonly load?: LoadSettings;
  /** Goes on where an earlier process ended, and keeps the state for the next one. Default: true. */
  readonly goOn?: boolean;
  /** The file of this program: checks run in another process of it. Default: null, they run in this one. */
  readonly program?: string;
  /** Monotonic milliseconds since the system started. Default: those of this system. */
  readonly now?: () => number;
}

/** A daemon that has its locks and knows what an earlier one did, and has not touched anything yet. */
export interface PreparedDaemon {
  /** Goes to the journal, too. */
  readonly log: Log;
  /** Decides, and applies it, before it returns. Once. */
  start(): Running;
  /** Stops in order: destinations become what their `on-exit` says. @param cause `SIGTERM` */
  stop(cause: string): void;
  /** Waits for the journal. Destinations are left as they are, as after a crash where {@link stop} was not called. */
  close(): Promise<void>;
}

/**
 * Takes the locks, reads the journal and loads what hooks need: everything before the first decision.
 *
 * @throws {ExitError} 75 where another daemon holds a destination
 */
export async function prepareDaemon(written: Settings, options: PrepareOptions): Promise<PreparedDaemon> {
  const { libc = loadLibc(), tables = {}, force = false, wait = false } = options;
  const { runtime, state } = options.directories ?? directoriesOf(libc.target);
  const namespace = networkNamespaceId(libc.target);
  const note = (message: string) => options.log.write({ event: 'notice', level: 'info', message });
  const identity = identityWatch(libc, tables);
  const identities = identity.look(written, null);
  const { settings, interfaceOf } = identities;
  identity.adopt(identities);
  const { ownNameOf } = identity;
  const locks = force
    ? null
    : destinationLocks(options.host ?? loadLibc(), namespace, note, runtime, ownNameOf);
  try {
    locks?.take(settings.destinations.keys());
  } catch (error) {
    identity[Symbol.dispose]();
    throw error;
  }
  // One journal, by whatever name its destinations are called.
  const own = [...settings.destinations.keys()].map((id) => interfaceOf(id)?.name ?? id);
  const key = journalKey(namespace, settings.file, own);
  const boot = `${bootId(libc)} ${networkNamespaceCookie(libc)}`;
  const journal = openJournal({
    directory: state,
    key,
    boot,
    unavailable: note,
  });
  const log = both(options.log, journal);
  const file = openLedgerFile({
    directory: state,
    key,
    namespace,
    boot,
    present: () => noted.present(),
    unavailable: (message) => log.write({ event: 'notice', level: 'warning', message }),
  });
  const noted: Ledger = ledger(file, options.now ?? monotonicNow);
  renameEntries(noted, settings, interfaceOf);
  log.write({
    event: 'start',
    level: 'info',
    message: `ifdepd ${version} started (pid ${process.pid}, Node ${process.versions.node})`,
    fields: { pid: process.pid },
  });
  const stateFile =
    options.goOn === false
      ? null
      : openStateFile({
          directory: state,
          key,
          boot,
          text: () => running?.daemon.saved() ?? null,
          refused: (message) => log.write({ event: 'notice', level: 'notice', message }),
          unavailable: (message) => log.write({ event: 'notice', level: 'warning', message }),
        });
  const saved = stateFile?.saved ?? null;
  /** Made when it is asked for: its class takes a module of Node that no first decision needs. */
  let ending: AbortController | undefined;
  let ended = false;
  const parts: Omit<Running, 'daemon'> = {
    written,
    settings,
    started: settings,
    identity,
    log,
    libc,
    tables,
    ledger: noted,
    journal,
    state: stateFile,
    locks,
    metrics: metrics(libc.target.platform),
    hooks: null,
    checks: null,
    wait,
    program: options.program ?? null,
    load: options.load ?? loadHere,
    get ended() {
      ending ??= new AbortController();
      if (ended) {
        ending.abort();
      }
      return ending.signal;
    },
  };
  parts.hooks = await loadHooks(settings, () => parts.settings, log);
  let running: Running | undefined;

  function end(): void {
    ended = true;
    ending?.abort();
  }

  return {
    log,
    start() {
      resolveIntents(noted, settings, libc, tables);
      const daemon = startDaemon({
        policy: settings.policy,
        destinations: settings.destinations,
        log,
        libc,
        tables,
        earlyLoss: options.earlyLoss ?? 'auto',
        warmUp: options.warmUp ?? false,
        kernelFailover: options.kernelFailover ?? false,
        owned: noted.owned,
        undoValueOf: noted.undoValueOf,
        intend: noted.intend,
        now: options.now,
        goOn: saved === null ? undefined : goOnFrom(saved, log.write),
        leftAlone: identity.leftAlone,
        observe: (decision) => noteDecision(parts, decision),
      });
      running = Object.assign(parts, { daemon });
      releaseForgotten(running, file.own);
      identity.follow(running);
      reportForgotten(running, (id) => holderOf(id, namespace, runtime) !== null);
      return running;
    },
    stop(cause) {
      end();
      if (running !== undefined) {
        stop(running, cause);
      }
    },
    async close() {
      end();
      identity[Symbol.dispose]();
      running?.checks?.[Symbol.dispose]();
      running?.hooks?.[Symbol.dispose]();
      running?.daemon.close();
      // The last to be told of what cannot be written is the journal.
      await stateFile?.close();
      await Promise.all([journal.close(), file.close()]);
      locks?.[Symbol.dispose]();
    },
  };
}

function stop({ settings, daemon, log, ledger, state, checks, hooks }: Running, cause: string): void {
  checks?.[Symbol.dispose]();
  hooks?.[Symbol.dispose]();
  daemon.quiesce();
  state?.end();
  const { driverOf, status } = daemon;
  const down = release(settings.destinations.values(), { log, ledger, driverOf, status });
  log.write({
    event: 'stop',
    // Nobody watches them from now on.
    level: down.length > 0 ? 'warning' : 'notice',
    message: [`stopped by ${cause}`, ...(down.length > 0 ? [downWords(down)] : [])].join('; '),
    fields: { signal: cause },
  });
}

async function loadHere(file: string): Promise<Settings> {
  // Loaded when it was read first.
  return (await import('../config/load-settings.ts')).loadSettings(file);
}
