import type { Libc } from '@ifdepd/libc';
import { detach, isInBackground } from '../background/background.ts';
import type { DaemonArguments } from '../cli/daemon-arguments.ts';
import { ExitCode } from '../exit-code.ts';
import type { Log } from '../log/index.ts';
import type { Settings } from '../settings.ts';
import { version } from '../version.ts';
import { ledger } from './ledger.ts';
import { release } from './release.ts';
import { reload } from './reload.ts';
import { followChecks, loadHooks, noteMoment, type Running } from './running.ts';
import { Signals } from './signals.ts';
import { startDaemon } from './start-daemon.ts';
import { statusLines } from './status-lines.ts';

/** Runs the daemon until a signal ends it, or until it has decided with --once and --dry-run. @returns the exit code */
export async function runDaemon(
  settings: Settings,
  args: DaemonArguments,
  libc: Libc,
  log: Log,
): Promise<number> {
  const signals = new Signals();
  log.write({
    event: 'start',
    level: 'info',
    message: `version ${version}`,
    fields: { version, pid: process.pid },
  });
  const goesOn = !args.once && !args.dryRun;
  const parts: Omit<Running, 'daemon'> = {
    settings,
    log,
    ledger: ledger(),
    hooks: goesOn ? await loadHooks(settings, () => parts.settings, log) : null,
    checks: null,
  };
  using daemon = startDaemon({
    ...settings,
    checks: settings.checks.keys(),
    log,
    libc,
    dryRun: args.dryRun,
    probe: args.probe,
    owned: parts.ledger.owned,
    observe: (moment) => noteMoment(parts, moment),
  });
  if (!goesOn) {
    return daemon.failures.size === 0 ? ExitCode.ok : ExitCode.failed;
  }
  const running: Running = Object.assign(parts, { daemon });
  await followChecks(running);
  const message = `ready: ${wordsOf(settings)} (${daemon.backend})`;
  log.write({
    event: 'ready',
    level: 'info',
    message,
    fields: { backend: daemon.backend, config: settings.file },
  });
  if (isInBackground()) {
    detach(libc);
  }
  const signal = await signals.untilStopped({
    reload: () => void reload(running),
    status() {
      for (const line of statusLines(daemon.explanation)) {
        log.write(line);
      }
    },
  });
  stop(running, signal);
  return ExitCode.ok;
}

function stop({ settings, daemon, log, ledger, checks, hooks }: Running, signal: NodeJS.Signals): void {
  checks?.[Symbol.dispose]();
  hooks?.[Symbol.dispose]();
  const left = release(settings.destinations.values(), { log, ledger, driverOf: daemon.driverOf });
  const rest = left.length > 0 ? `; ${left.join(' ')}: left as they are` : '';
  log.write({ event: 'stop', level: 'notice', message: `stopped by ${signal}${rest}`, fields: { signal } });
}

/** `em0 bge0 -> carp0 carp1`, or how many groups of which file. */
function wordsOf({ file, policy, destinations }: Settings): string {
  const groups = Object.values(policy.groups);
  if (file !== null) {
    return `${groups.length} ${groups.length === 1 ? 'group' : 'groups'} of ${file}`;
  }
  const require = groups[0]?.require;
  const sources = typeof require === 'object' ? Object.values(require).find(Array.isArray) : undefined;
  return `${(sources ?? []).join(' ')} -> ${[...destinations.keys()].join(' ')}`;
}
