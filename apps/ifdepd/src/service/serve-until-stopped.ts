import type { Settings } from '../config/settings.ts';
import { explainParts } from '../engine/explain-parts.ts';
import { notice } from '../log/index.ts';
import { statusLines } from '../report/decision-lines.ts';
import type { CaughtSignal, Program } from '../system/early-signals.ts';
import { detach, isInBackground } from './background.ts';
import { serviceManager } from './notify.ts';
import { reload } from './reload.ts';
import { reportFindings } from './report-findings.ts';
import type { RunOptions } from './run-options.ts';
import { needsRestart, type Running, restartNotice } from './running.ts';
import type { SignalHandlers } from './signals.ts';
import { untilApplied } from './until-applied.ts';

/** How long a start waits for destinations that take long. Milliseconds. */
const FIRST_DECISION_LIMIT_MS = 5000;

/**
 * Reports that the daemon is ready, and answers signals until one of them ends it.
 *
 * @param heed takes what the signals do from now on
 * @returns the signal that ends it
 */
export async function serveUntilStopped(
  running: Running,
  args: RunOptions,
  program: Program,
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
