import { type Libc, loadLibc } from '@ifdepd/libc';
import type { Action, Settings } from '../config/settings.ts';
import type { DaemonOptions } from '../daemon/daemon.ts';
import { openStart, type PreparedStart } from '../daemon/start-daemon.ts';
import { rememberedDestinations } from '../engine/daemon-rules.ts';
import { goOnFrom } from '../engine/resume.ts';
import { renameEntries } from '../identity/identities.ts';
import type { InterfaceOf } from '../identity/interfaces-now.ts';
import { both, notice } from '../log/index.ts';
import { metrics } from '../report/metrics.ts';
import { destinationLocks, holderOf, takeInTurns } from '../state/destination-locks.ts';
import { journalKey, openJournal } from '../state/journal.ts';
import { type Ledger, ledger } from '../state/ledger.ts';
import { openLedgerFile } from '../state/ledger-file.ts';
import { assumeLowered, resolveIntents } from '../state/resolve-intents.ts';
import { openStateFile } from '../state/state-file.ts';
import { bootId } from '../system/boot-id.ts';
import { type Directories, directoriesOf } from '../system/directories.ts';
import { realLoop, turnsOf } from '../system/loop.ts';
import { networkNamespaceCookie, networkNamespaceId } from '../system/network-namespace.ts';
import { version } from '../system/version.ts';
import { undoFormer } from './former-actions.ts';
import { identityWatch } from './identity-watch.ts';
import { releaseForgotten, reportForgotten } from './release-forgotten.ts';
import { type LoadSettings, loadHooks, loadPrograms, noteDecision, type Running } from './running.ts';
import { stop } from './stop.ts';

/** The options of a daemon besides its settings. */
export interface PrepareOptions
  extends Pick<
    DaemonOptions,
    'log' | 'libc' | 'tables' | 'earlyLoss' | 'warmUp' | 'kernelFailover' | 'loop'
  > {
  /** The system that this process runs on, whose files are locked. Default: loaded where it is needed. */
  readonly host?: Libc;
  /** The directories of locks and journals. Default: those of the libc's target. */
  readonly directories?: Directories;
  /** Ignore the locks of other daemons, and take none. Default: false. */
  readonly force?: boolean;
  /** Missing interfaces are no mistake of a configuration. Default: false. */
  readonly wait?: boolean;
  /** How a reload reads the configuration. Default: in this process, which is blocked meanwhile. */
  readonly load?: LoadSettings;
  /** Resume the state of an earlier process, and save it for the next one. Default: true. */
  readonly goOn?: boolean;
  /** What the names of the settings mean. Default: the system is asked. */
  readonly interfaceOf?: InterfaceOf;
  /** The file of this program, which runs checks in another process. Default: checks run in this process. */
  readonly program?: string;
}

/**
 * Takes the locks, reads the journal and loads what hooks need: everything before the first decision.
 *
 * @returns a daemon that has its locks and the records of earlier ones, and has not changed anything yet
 * @throws {ExitError} 75 where another daemon holds a destination
 */
export async function prepareDaemon(written: Settings, options: PrepareOptions) {
  const { libc = loadLibc(), tables = {}, force = false, wait = false, loop = realLoop } = options;
  const { runtime, state } = options.directories ?? directoriesOf(libc.target);
  const namespace = networkNamespaceId(libc.target);
  const note = (message: string) => notice(options.log, 'info', message);
  const identity = identityWatch(libc, tables, loop);
  const turn = turnsOf(loop);
  if (written.patterns !== undefined) {
    await identity.listed(written);
  }
  const identities = identity.look(written, null, options.interfaceOf);
  const { settings, interfaceOf } = identities;
  identity.adopt(identities);
  const { ownNameOf } = identity;
  const locks = force
    ? null
    : destinationLocks(options.host ?? loadLibc(), namespace, note, runtime, ownNameOf);
  try {
    if (locks !== null) {
      await takeInTurns(locks, [...settings.destinations.keys()], turn);
    }
  } catch (error) {
    locks?.[Symbol.dispose]();
    identity[Symbol.dispose]();
    throw error;
  }
  // The key has the own names of interfaces: a destination by another name has the same journal.
  const own = [...settings.destinations.keys()].map((id) => interfaceOf(id)?.name ?? id);
  const key = journalKey(namespace, settings.file, own);
  const boot = `${bootId(libc)} ${networkNamespaceCookie(libc)}`;
  const place = { directory: state, key, boot };
  const journal = openJournal({ ...place, unavailable: note, available: note }, loop);
  const log = both(options.log, journal);
  const warn = (message: string) => notice(log, 'warning', message);
  const inform = (message: string) => notice(log, 'info', message);
  const file = openLedgerFile(
    {
      ...place,
      namespace,
      present: () => noted.present(),
      unavailable: warn,
      available: inform,
    },
    loop,
  );
  /** The action of an interface by the present settings. */
  function actionOf(id: string): Action | undefined {
    const one = parts.settings.destinations.get(id);
    return one !== undefined && 'interface' in one ? one.action : undefined;
  }
  const noted: Ledger = ledger(file, loop.now, actionOf);
  renameEntries(noted, settings, interfaceOf);
  log.write({
    event: 'start',
    level: 'info',
    message: `ifdepd ${version} started (pid ${process.pid}, Node ${process.versions.node})`,
    fields: { pid: process.pid },
  });
  let running: Running | undefined;
  const stateFile =
    options.goOn === false
      ? null
      : openStateFile(
          {
            ...place,
            text: () => running?.daemon.saved() ?? null,
            refused: (message) => notice(log, 'notice', message),
            unavailable: warn,
            available: inform,
          },
          loop,
        );
  const saved = stateFile?.saved ?? null;
  const ending = lazyAbort();
  const parts: Omit<Running, 'daemon'> = {
    written,
    settings,
    started: settings,
    identity,
    log,
    libc,
    tables,
    loop,
    ledger: noted,
    journal,
    state: stateFile,
    locks,
    metrics: metrics(libc.target.platform),
    hooks: null,
    programs: null,
    checks: null,
    probes: null,
    hasFormer: false,
    wait,
    program: options.program ?? null,
    load: options.load ?? (async (file) => (await import('../config/load-settings.ts')).loadSettings(file)),
    get ended() {
      return ending.signal;
    },
  };
  parts.hooks = await loadHooks(settings, () => parts.settings, log);
  parts.programs = await loadPrograms(settings, parts.program);

  let starting: PreparedStart | undefined;

  function open(): PreparedStart {
    resolveIntents(noted, settings, libc, tables);
    if (file.isPartial) {
      assumeLowered(noted, rememberedDestinations(settings), settings, libc, tables);
    }
    return openStart({
      ...options,
      waitForList: false,
      policy: settings.policy,
      destinations: settings.destinations,
      log,
      libc,
      tables,
      owned: noted.owned,
      disowned: noted.forget,
      programs: () => parts.programs?.destinations ?? null,
      undoValueOf: noted.undoValueOf,
      intend: noted.intend,
      prepareIntents: noted.prepareIntents,
      goOn: saved === null ? undefined : goOnFrom(saved, log.write, loop),
      leftAlone: identity.leftAlone,
      observe(decision) {
        noteDecision(parts, decision);
        if (running?.hasFormer === true) {
          undoFormer(running);
        }
      },
    });
  }

  return {
    /** Writes to the journal, too. */
    log,
    /**
     * Lists the interfaces, makes the first decision and goes on from it, in several turns of the event loop where that takes
     * long. To be called once.
     */
    async start(): Promise<Running> {
      await turn();
      starting = open();
      await starting.listed();
      await turn();
      const decided = starting.decide();
      await turn();
      running = Object.assign(parts, { daemon: decided.finish() });
      // The first decision could not be saved before there was a daemon.
      stateFile?.changed();
      undoFormer(running);
      releaseForgotten(running, file.own);
      identity.follow(running);
      reportForgotten(running, (id) => holderOf(id, namespace, runtime) !== null);
      return running;
    },
    /** Stops in order: releases destinations as their `on-exit` says. @param cause `SIGTERM` */
    async stop(cause: string): Promise<void> {
      ending.abort();
      if (running !== undefined) {
        await stop(running, cause);
      }
    },
    /** Waits for the journal, and leaves destinations as they are. Without a stop it ends like a crash. */
    async close(): Promise<void> {
      ending.abort();
      identity[Symbol.dispose]();
      running?.checks?.[Symbol.dispose]();
      running?.probes?.[Symbol.dispose]();
      running?.hooks?.[Symbol.dispose]();
      (running?.daemon ?? starting)?.close();
      parts.programs?.[Symbol.dispose]();
      // The journal closes last: the state file may report to it that it cannot be written.
      await stateFile?.close();
      await Promise.all([journal.close(), file.close()]);
      locks?.[Symbol.dispose]();
    },
  };
}

/** An AbortController that is made on first use: its class loads a module of Node that the first decision does not need. */
function lazyAbort(): Pick<AbortController, 'signal' | 'abort'> {
  let controller: AbortController | undefined;
  let aborted = false;
  return {
    get signal() {
      controller ??= new AbortController();
      if (aborted) {
        controller.abort();
      }
      return controller.signal;
    },
    abort() {
      aborted = true;
      controller?.abort();
    },
  };
}
