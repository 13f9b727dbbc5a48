import type { Libc } from '@ifdepd/libc';
import type { Settings } from '../config/settings.ts';
import { startDaemon } from '../daemon/start-daemon.ts';
import { presences } from '../engine/destinations/presences.ts';
import { explainParts } from '../engine/explain-parts.ts';
import type { InterfaceOf } from '../identity/interfaces-now.ts';
import { type Log, notice } from '../log/index.ts';
import { statusLines } from '../report/decision-lines.ts';
import type { CaughtSignal, Program } from '../system/early-signals.ts';
import { ExitCode } from '../system/errors.ts';
import { loadLater } from '../system/load-later.ts';
import { realLoop, turnsOf } from '../system/loop.ts';
import { shortenSlice } from '../tuning/sched-slice.ts';
import { letV8Idle } from '../tuning/v8-idle.ts';
import { detach, isInBackground } from './background.ts';
import { identityWatch } from './identity-watch.ts';
import { prepareDaemon } from './prepare-daemon.ts';
import type { RunOptions } from './run-options.ts';
import {
  followChecks,
  followProbes,
  type LoadSettings,
  loadPrograms,
  needsRestart,
  type Running,
  restartNotice,
} from './running.ts';
import { type SignalHandlers, untilStopped } from './signals.ts';
import { untilApplied } from './until-applied.ts';

/** How long a start waits for destinations that take long. Milliseconds. */
const FIRST_DECISION_LIMIT_MS = 5000;

/** What a daemon is run with. */
export interface Host {
  readonly libc: Libc;
  readonly log: Log;
  /** What this process runs. */
  readonly program: Program;
  /** What the names of the settings mean. */
  readonly interfaceOf: InterfaceOf;
}

/** Runs the daemon until a signal ends it, or until it has decided with --once and --dry-run. @returns the exit code */
export async function runDaemon(
  settings: Settings,
  args: RunOptions,
  { libc, log: out, program, interfaceOf }: Host,
): Promise<number> {
  if (args.dryRun) {
    await program.signals.release();
    using programs = await loadPrograms(settings, null);
    const known = await presences(settings, programs?.destinations ?? null);
    using identity = identityWatch(libc, {});
    using daemon = startDaemon({
      ...identity.look(settings, null).settings,
      log: out,
      libc,
      dryRun: true,
      earlyLoss: 'off',
      programs: () => programs?.destinations ?? null,
      presenceOf: (id) => known.get(id),
    });
    await untilApplied({ daemon, programs });
    return ExitCode.ok;
  }
  let heed: (handlers: SignalHandlers) => void = () => {};
  const heeding = new Promise<SignalHandlers>((resolve) => (heed = resolve));
  const stopped = untilStopped(program.signals, libc._exit, heeding);
  const startedAt = new Date(realLoop.wallNow());
  const { earlyLoss, force, wait } = args;
  const kernelFailover = args.kernelFailover && !args.once;
  const load: LoadSettings = async (file, ended) => {
    const { loadAside } = await loadLater(() => import('../config/load-aside.ts'));
    return loadAside(file, program.file, ended);
  };
  const options = {
    log: out,
    libc,
    host: libc,
    earlyLoss,
    kernelFailover,
    force,
    wait,
    warmUp: !args.once,
    goOn: !args.once,
    load,
    interfaceOf,
    ...(args.once ? {} : { program: program.file }),
  };
  const prepared = await prepareDaemon(settings, options);
  try {
    let attach: (running: Running) => void = () => {};
    const serving = {
      libc,
      log: prepared.log,
      startedAt,
      running: new Promise<Running>((resolve) => (attach = resolve)),
    };
    // Servers requested explicitly. If one cannot be opened, the start fails before any interface is changed.
    const path = args.once || args.socket === 'default' ? null : args.socket;
    const address = args.once ? null : (args.metrics ?? settings.metrics);
    using _socket = path === null ? null : (await import('./after-start.ts')).openSocket(path, serving);
    using _metrics =
      address === null ? null : await (await import('./after-start.ts')).openMetrics(address, serving);
    await prepared.decide();
    const turn = turnsOf();
    const running = prepared.start();
    if (args.once) {
      const { endOnce } = await import('./end-once.ts');
      return await endOnce(running, stopped);
    }
    await turn();
    shortenSlice(libc);
    letV8Idle();
    // V8 has parsed the program in small pieces of memory, which glibc keeps when they are freed.
    libc.malloc_trim();
    if (process.pid === 1) {
      // A container without an init: orphans of hooks and other sessions become our children.
      const { adoptOrphans } = await import('../programs/orphans.ts');
      adoptOrphans(libc);
    }
    await followChecks(running);
    await followProbes(running);
    attach(running);
    const after = await import('./after-start.ts');
    using _default = args.socket === 'default' ? after.openDefaultSocket(serving) : null;
    using _steps = after.onClockStep(libc, () => {
      const message = 'the clock was set, or the machine has slept: reading every interface again';
      notice(prepared.log, 'info', message);
      running.daemon.resync();
    });
    await prepared.stop(await serveUntilStopped(running, args, program, after, heed, stopped));
    return ExitCode.ok;
  } finally {
    await prepared.close();
  }
}

async function serveUntilStopped(
  running: Running,
  args: RunOptions,
  program: Program,
  { serviceManager, reportFindings, reload }: typeof import('./after-start.ts'),
  heed: (handlers: SignalHandlers) => void,
  stopped: Promise<CaughtSignal>,
): Promise<CaughtSignal> {
  const { daemon, log, libc, settings } = running;
  using manager = serviceManager(libc, log);
  const applied = untilApplied(running, FIRST_DECISION_LIMIT_MS).then(() => null);
  const early = await Promise.race([stopped, applied]);
  if (early !== null) {
    return early;
  }
  const message = `ready: watching ${summaryOf(settings)} (${daemon.backend})`;
  log.write({
    event: 'ready',
    level: 'info',
    message,
    fields: { backend: daemon.backend, config: settings.file },
  });
  if (args.kernelFailover && daemon.kernelFailover === null && libc.target.ioUring !== null) {
    const reason = 'io_uring(7) is not available (sysctl kernel.io_uring_disabled, or Linux before 5.12)';
    notice(log, 'info', `kernel failover disabled: ${reason}`);
  }
  if (isInBackground()) {
    detach(libc);
  }
  manager.send('READY=1', `STATUS=${summaryOf(settings)}`);
  const examined = { ...settings, metrics: args.metrics ?? settings.metrics };
  using _findings = reportFindings(examined, program.file, log);
  heed({
    SIGHUP() {
      manager.reloading();
      void reload(running).then((error) => {
        const state = [summaryOf(running.settings), restartNotice(needsRestart(running))]
          .filter(Boolean)
          .join('; ');
        manager.send(
          'READY=1',
          `STATUS=${error === null ? state : 'not reloaded: the configuration has mistakes'}`,
        );
      });
    },
    SIGUSR1() {
      void explainParts(daemon).then((explained) => {
        for (const line of statusLines(explained)) {
          log.write(line);
        }
      });
    },
  });
  const signal = await stopped;
  manager.send('STOPPING=1');
  return signal;
}

/** `em0 bge0 -> carp0 carp1`, or how many groups of which file. */
function summaryOf({ file, policy, destinations }: Settings): string {
  const groups = Object.values(policy.groups);
  if (file !== null) {
    return `${groups.length} ${groups.length === 1 ? 'group' : 'groups'} from ${file}`;
  }
  const require = groups[0]?.require;
  const sources = typeof require === 'object' ? Object.values(require).find(Array.isArray) : undefined;
  return `${(sources ?? []).join(' ')} -> ${[...destinations.keys()].join(' ')}`;
}
