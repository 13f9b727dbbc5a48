import type { Settings } from '../config/settings.ts';
import type { Finding } from '../diagnose/findings.ts';
import type { Log } from '../log/index.ts';
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
      const reason = error instanceof Error ? error.message : String(error);
      log.write({ event: 'notice', level: 'info', message: `this host could not be examined: ${reason}` });
    }
  });

  function report(findings: readonly Finding[]): void {
    // Missing interfaces were reported already, or are waited for.
    const warnings = findings.filter(({ level, code }) => level === 'warning' && code !== 'held');
    for (const { code, subject, message } of warnings.slice(0, MOST_LOGGED)) {
      log.write({
        event: 'notice',
        level: 'warning',
        message: `${subject}: ${message}`,
        fields: { code, subject },
      });
    }
    if (warnings.length > MOST_LOGGED) {
      const message = `${warnings.length - MOST_LOGGED} more warnings about this host: ifdepd check prints all of them`;
      log.write({
        event: 'notice',
        level: 'warning',
        message,
        fields: { more: warnings.length - MOST_LOGGED },
      });
    }
  }

  return {
    [Symbol.dispose]() {
      over = true;
      work[Symbol.dispose]();
    },
  };
}
