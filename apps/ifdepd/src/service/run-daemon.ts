import type { Libc } from '@ifdepd/libc';
import type { Settings } from '../config/settings.ts';
import { startDaemon } from '../daemon/start-daemon.ts';
import { presences } from '../engine/destinations/presences.ts';
import type { InterfaceOf } from '../identity/interfaces-now.ts';
import { type Log, notice } from '../log/index.ts';
import type { Program } from '../system/early-signals.ts';
import { ExitCode } from '../system/errors.ts';
import { loadLater } from '../system/load-later.ts';
import { realLoop, turnsOf } from '../system/loop.ts';
import { shortenSlice } from '../tuning/sched-slice.ts';
import { letV8Idle } from '../tuning/v8-idle.ts';
import { identityWatch } from './identity-watch.ts';
import { prepareDaemon } from './prepare-daemon.ts';
import type { RunOptions } from './run-options.ts';
import { followChecks, followProbes, type LoadSettings, loadPrograms, type Running } from './running.ts';
import { type SignalHandlers, untilStopped } from './signals.ts';
import { untilApplied } from './until-applied.ts';

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
    const running = await prepared.start();
    // The name in ps(1), pgrep(1) and killall(1).
    process.title = 'ifdepd';
    const turn = turnsOf();
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
    await prepared.stop(await after.serveUntilStopped(running, args, program, heed, stopped));
    return ExitCode.ok;
  } finally {
    await prepared.close();
  }
}
