import { resolve } from 'node:path';
import { hostTarget, type Libc, loadLibc } from '@ifdepd/libc';
import type { PolicyConfig } from '@ifdepd/policy';
import { detach, goToBackground, isInBackground } from '../background/background.ts';
import { type Pidfile, writePidfile } from '../background/pidfile.ts';
import { type Daemon, startDaemon } from '../daemon/start-daemon.ts';
import { ExitCode } from '../exit-code.ts';
import { filtered, type Log, streamLog, syslogLog } from '../log/index.ts';
import type { DaemonArguments } from './arguments.ts';
import { checkHost } from './check-host.ts';

const STDERR = 2;

/**
 * `ifdepd -S … -D …`, to its end.
 *
 * @param program the file of this program, started again for -d
 * @param words its arguments
 * @returns the exit code
 * @throws {ExitError} where it cannot start
 */
export async function daemonCommand(
  args: DaemonArguments,
  program: string,
  words: readonly string[],
): Promise<number> {
  const libc = loadLibc();
  checkHost(args, libc);
  if (args.check) {
    process.stdout.write(`${args.sources.join(' ')} -> ${args.destinations.join(' ')}: fine\n`);
    return ExitCode.ok;
  }
  if (args.background && !isInBackground()) {
    return goToBackground(program, words);
  }
  const pidfile = openPidfile(args);
  const log = filtered(isInBackground() ? syslogLog(libc) : streamLog(STDERR), args.verbosity);
  // What ps(1), pgrep(1) and killall(1) know it by.
  process.title = 'ifdepd';
  endOnFault(log, pidfile);
  try {
    return await run(args, libc, log);
  } finally {
    pidfile?.remove();
    await log.close();
  }
}

/** A fault of ours is told where the daemon tells everything, and ends it: whoever supervises it starts it again. */
function endOnFault(log: Log, pidfile: Pidfile | null): void {
  process.on('uncaughtException', (error) => {
    const message = `internal error, please report it: ${error.stack ?? String(error)}`;
    log.write({ event: 'stop', level: 'err', message });
    pidfile?.remove();
    void log.close().then(() => process.exit(ExitCode.internal));
  });
}

function openPidfile(args: DaemonArguments): Pidfile | null {
  const path = args.pidfile ?? (args.background ? `${hostTarget().runDirectory}/ifdepd.pid` : null);
  return path === null ? null : writePidfile(resolve(path));
}

async function run(args: DaemonArguments, libc: Libc, log: Log): Promise<number> {
  const signals = new Signals();
  using daemon = startDaemon({ policy: policyOf(args), log, libc, dryRun: args.dryRun });
  if (args.once || args.dryRun) {
    return daemon.failures.size === 0 ? ExitCode.ok : ExitCode.failed;
  }
  log.write({
    event: 'ready',
    level: 'info',
    message: `ready: ${args.sources.join(' ')} -> ${args.destinations.join(' ')} (${daemon.backend})`,
  });
  if (isInBackground()) {
    detach(libc);
  }
  const signal = await signals.untilStopped(() => reload(daemon, log));
  log.write({
    event: 'stop',
    level: 'notice',
    message: `stopped by ${signal}; ${args.destinations.join(' ')}: left as they are`,
  });
  return ExitCode.ok;
}

/** The one group of the command line. */
function policyOf(args: DaemonArguments): PolicyConfig {
  return { groups: { cli: { require: { all: args.sources }, destinations: args.destinations } } };
}

function reload(daemon: Daemon, log: Log): void {
  log.write({ event: 'reload', level: 'info', message: 'SIGHUP: reading every interface again' });
  daemon.resync();
}

/** The signals of a daemon, caught from the moment this exists. */
class Signals {
  #stop: ((signal: NodeJS.Signals) => void) | undefined;
  #stopped: NodeJS.Signals | undefined;
  #hangUp: (() => void) | undefined;

  constructor() {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => this.#end(signal));
    }
    process.on('SIGHUP', () => this.#hangUp?.());
  }

  /** The first one stops in order, the second one at once. */
  #end(signal: NodeJS.Signals): void {
    if (this.#stopped !== undefined) {
      process.exit(ExitCode.ok);
    }
    this.#stopped = signal;
    this.#stop?.(signal);
  }

  untilStopped(onHangUp: () => void): Promise<NodeJS.Signals> {
    this.#hangUp = onHangUp;
    return new Promise((resolve) => {
      this.#stop = resolve;
      if (this.#stopped !== undefined) {
        resolve(this.#stopped);
      }
    });
  }
}
