import { constants } from 'node:os';

/** The signals by which a person, a terminal or a service manager ends a program. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls back for each of them instead of ending this process, until disposed. */
export function onInterruption(callback: (signal: NodeJS.Signals) => void): Disposable {
  for (const signal of SIGNALS) {
    process.on(signal, callback);
  }
  return {
    [Symbol.dispose]() {
      for (const signal of SIGNALS) {
        process.off(signal, callback);
      }
    },
  };
}

/** The exit code that a shell gives for a program ended by a signal. */
export function codeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
