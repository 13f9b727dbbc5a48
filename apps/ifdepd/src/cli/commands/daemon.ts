import { hostTarget, type Libc, loadLibc } from '@ifdepd/libc';
import { openNetIf } from '@ifdepd/netif';
import { checkHost, interfacesOf } from '../../diagnose/check-host.ts';
import { refuseUnsupported } from '../../diagnose/unsupported.ts';
import { refuseUnwritable } from '../../diagnose/unwritable.ts';
import { askForAll, interfacesNow } from '../../identity/interfaces-now.ts';
import { type Log, openLog } from '../../log/index.ts';
import { isInBackground } from '../../service/background.ts';
import { type Pidfile, writePidfile } from '../../service/pidfile.ts';
import { runDaemon } from '../../service/run-daemon.ts';
import { absolutePath } from '../../system/directories.ts';
import type { Program } from '../../system/early-signals.ts';
import { ExitCode, traceOf } from '../../system/errors.ts';
import { nextTurn, turnsOf } from '../../system/loop.ts';
import { settingsOf, settingsOnce } from '../arguments/command-line-settings.ts';
import { type DaemonArguments, refuseUnseenLog } from '../arguments/daemon-arguments.ts';
import { enterNamespaceOf } from '../arguments/enter-namespace.ts';

/**
 * Runs `ifdepd -S … -D …` or `ifdepd -f …` to its end.
 *
 * @param words its arguments
 * @returns the exit code
 * @throws {ExitError} where it cannot start
 */
export async function daemonCommand(
  args: DaemonArguments,
  program: Program,
  words: readonly string[],
): Promise<number> {
  const libc = loadLibc();
  enterNamespaceOf(args.netns);
  if (args.check) {
    // A pipe may have nothing to read for ever.
    await program.signals.release();
  }
  const settings = await (args.check ? settingsOnce(args) : settingsOf(args, program.file));
  const turn = turnsOf();
  // Each step takes longer with more interfaces: pending events are handled between them.
  await turn();
  if (args.background && args.log.target === undefined) {
    refuseUnseenLog(settings.log.target, `{target: ${settings.log.target}} in ${settings.file}`);
  }
  const named = interfacesOf(settings);
  using netif = openNetIf({ libc });
  const interfaceOf = interfacesNow(netif);
  await askForAll([...named.sources, ...named.destinations], interfaceOf, turn);
  refuseUnsupported(settings, libc, {}, interfaceOf);
  await turn();
  const { wait, dryRun } = args;
  const written = args.group?.written ?? null;
  checkHost({ ...named, file: settings.file, written, wait, dryRun }, libc);
  if (!wait && !dryRun) {
    refuseUnwritable(settings.destinations.values());
  }
  if (args.check) {
    const [{ print }, { checkLines, findingsOf }, { exitCodeOf }] = await Promise.all([
      import('../output/print.ts'),
      import('./check.ts'),
      import('../../diagnose/preconditions.ts'),
    ]);
    const found = await findingsOf(settings, args);
    print(...checkLines(settings, args, found));
    return exitCodeOf(found, { file: settings.file, wait: args.wait });
  }
  if (args.background && !isInBackground()) {
    const { goToBackground } = await import('../../service/go-to-background.ts');
    return goToBackground(program, words, libc);
  }
  const pidfile = openPidfile(args, libc);
  const log = openLog(
    { ...settings.log, ...args.log, verbosity: args.verbosity, background: isInBackground() },
    libc,
  );
  endOnFault(log, pidfile, libc);
  let code: number;
  try {
    code = await runDaemon(settings, args, { libc, log, program, interfaceOf });
  } finally {
    pidfile?.remove();
    await log.close();
  }
  await leaveStuckWrites(libc, code);
  return code;
}

/**
 * Ends the process although a thread of the pool may be stuck in a write, to a full pipe or a stuck disk. Everything that could
 * be delivered has been by now; `process.exit` would wait for that thread.
 */
async function leaveStuckWrites(libc: Libc, code: number): Promise<void> {
  // Within the callback of the last write, that write still counts as pending.
  await nextTurn();
  if (process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'))) {
    libc._exit(code);
  }
}

/** Logs an internal error and ends the daemon: its supervisor starts it again. */
function endOnFault(log: Log, pidfile: Pidfile | null, libc: Libc): void {
  process.on('uncaughtException', (error) => {
    const message = `internal error, please report it: ${traceOf(error)}`;
    log.write({ event: 'stop', level: 'err', message });
    pidfile?.remove();
    void log.close().then(() => libc._exit(ExitCode.internal));
  });
}

function openPidfile(args: DaemonArguments, libc: Libc): Pidfile | null {
  const path = args.pidfile ?? (args.background ? `${hostTarget().runDirectory}/ifdepd.pid` : null);
  return path === null ? null : writePidfile(libc, absolutePath(path));
}
