import type { Settings } from '../config/settings.ts';
import type { Finding } from '../diagnose/findings.ts';
import type { Log } from '../log/index.ts';
import { runInWorker, type WorkerRun } from '../system/worker-process.ts';

/** The process that examines yields to all others: on a busy host that may take its time. */
const LIMITS = { timeMs: 60_000, bytes: 16 * 1024 * 1024 };

/** Findings that are told one by one. */
const MOST_TOLD = 50;

/**
 * Tells what this host makes of the settings, as `ifdepd check` does. Another process examines it: what that takes grows
 * with the groups and with the interfaces of the host.
 *
 * @param program the file of this program
 * @returns ends it
 */
export function reportFindings(settings: Settings, program: string, log: Log): Disposable {
  let over = false;
  const work: WorkerRun<readonly Finding[]> = runInWorker(program, 'examine', settings, LIMITS);
  work.result.then(tell, (error: unknown) => {
    if (!over) {
      const reason = error instanceof Error ? error.message : String(error);
      log.write({ event: 'notice', level: 'info', message: `this host could not be examined: ${reason}` });
    }
  });

  function tell(findings: readonly Finding[]): void {
    // What is missing was told, or is waited for.
    const warnings = findings.filter(({ level, code }) => level === 'warning' && code !== 'held');
    for (const { code, subject, message } of warnings.slice(0, MOST_TOLD)) {
      log.write({
        event: 'notice',
        level: 'warning',
        message: `${subject}: ${message}`,
        fields: { code, subject },
      });
    }
    if (warnings.length > MOST_TOLD) {
      const message = `${warnings.length - MOST_TOLD} more warnings about this host: ifdepd check prints all of them`;
      log.write({
        event: 'notice',
        level: 'warning',
        message,
        fields: { more: warnings.length - MOST_TOLD },
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
