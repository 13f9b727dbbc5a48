import type { CaughtSignal, EarlySignals } from '../system/early-signals.ts';
import { ExitCode } from '../system/errors.ts';

/** What the signals ask of a running daemon that do not end it. */
export type SignalHandlers = Partial<Record<CaughtSignal, () => void>>;

/**
 * Waits for the first SIGTERM or SIGINT, which may have come during the start; the second one ends the process at once.
 *
 * @param exitNow ends the process at once: see `_exit` of @ifdepd/libc
 * @param running handles the other signals, once the daemon runs
 */
export function untilStopped(
  signals: EarlySignals,
  exitNow: (code: number) => void,
  running: Promise<SignalHandlers>,
): Promise<CaughtSignal> {
  return new Promise((resolve) => {
    let stopping = false;
    signals.take((signal) => {
      if (signal !== 'SIGTERM' && signal !== 'SIGINT') {
        void running.then((handlers) => handlers[signal]?.());
        return;
      }
      if (stopping) {
        exitNow(ExitCode.ok);
      }
      stopping = true;
      resolve(signal);
    });
  });
}
