import type { Settings } from '../config/settings.ts';
import type { Finding } from '../diagnose/findings.ts';
import { type Log, notice } from '../log/index.ts';
import { messageOf } from '../system/errors.ts';
import { runInWorker, type WorkerRun } from '../system/worker-process.ts';

/** The examining process yields to all others: on a busy host it may take long. */
const LIMITS = { timeMs: 60_000, bytes: 16 * 1024 * 1024 };

/** How many findings are logged one by one. */
const MOST_LOGGED = 50;

/**
 * Logs the findings of `ifdepd check` about this host. Another process examines it: the work grows with the groups and with
 * the interfaces of the host.
 *
 * @param program the file of this program
 * @returns ends the other process when disposed
 */
export function reportFindings(settings: Settings, program: string, log: Log): Disposable {
  let over = false;
  const work: WorkerRun<readonly Finding[]> = runInWorker(program, 'examine', settings, LIMITS);
  work.result.then(report, (error: unknown) => {
    if (!over) {
      notice(log, 'info', `this host could not be examined: ${messageOf(error)}`);
    }
  });

  function report(findings: readonly Finding[]): void {
    // Missing interfaces were reported already, or are waited for.
    const warnings = findings.filter(({ level, code }) => level === 'warning' && code !== 'held');
    for (const { code, subject, message } of warnings.slice(0, MOST_LOGGED)) {
      notice(log, 'warning', `${subject}: ${message}`, { code, subject });
    }
    const more = warnings.length - MOST_LOGGED;
    if (more > 0) {
      const message = `${more} more warnings about this host: ifdepd check prints all of them`;
      notice(log, 'warning', message, { more });
    }
  }

  return {
    [Symbol.dispose]() {
      over = true;
      work[Symbol.dispose]();
    },
  };
}
