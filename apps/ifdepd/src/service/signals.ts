import type { CaughtSignal, EarlySignals } from '../system/early-signals.ts';
import { ExitCode } from '../system/errors.ts';

/** What a signal can ask of a running daemon. */
export interface SignalHandlers {
  /** SIGHUP */
  reload(): void;
  /** SIGUSR1 */
  status(): void;
}

/** The signals of a daemon, including those that came during its start. */
export class Signals {
  readonly #exitNow: (code: number) => void;
  readonly #asked = new Set<keyof SignalHandlers>();
  #stop: ((signal: NodeJS.Signals) => void) | undefined;
  #stopped: NodeJS.Signals | undefined;
  #handlers: SignalHandlers | undefined;

  /** @param exitNow ends the process at once: see `_exit` of @ifdepd/libc */
  constructor(exitNow: (code: number) => void, early: EarlySignals) {
    this.#exitNow = exitNow;
    early.take((signal) => this.#heed(signal));
  }

  /** The first SIGTERM or SIGINT stops in order, the second one at once. SIGUSR2 asks for nothing. */
  #heed(signal: CaughtSignal): void {
    if (signal === 'SIGHUP') {
      this.#ask('reload');
    } else if (signal === 'SIGUSR1') {
      this.#ask('status');
    } else if (signal !== 'SIGUSR2') {
      if (this.#stopped !== undefined) {
        this.#exitNow(ExitCode.ok);
      }
      this.#stopped = signal;
      this.#stop?.(signal);
    }
  }

  #ask(what: keyof SignalHandlers): void {
    if (this.#handlers === undefined) {
      this.#asked.add(what);
    } else {
      this.#handlers[what]();
    }
  }

  /** Handles earlier requests first: the configuration may have changed since it was read. */
  untilStopped(handlers: SignalHandlers): Promise<NodeJS.Signals> {
    this.#handlers = handlers;
    if (this.#stopped !== undefined) {
      return Promise.resolve(this.#stopped);
    }
    for (const what of this.#asked) {
      handlers[what]();
    }
    return new Promise((resolve) => {
      this.#stop = resolve;
    });
  }
}
