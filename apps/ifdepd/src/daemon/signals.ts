import { ExitCode } from '../exit-code.ts';

/** What may be asked of a running daemon with a signal. */
export interface SignalHandlers {
  /** SIGHUP */
  reload(): void;
  /** SIGUSR1 */
  status(): void;
}

/** The signals of a daemon, caught from the moment this exists. */
export class Signals {
  readonly #exitNow: (code: number) => void;
  #stop: ((signal: NodeJS.Signals) => void) | undefined;
  #stopped: NodeJS.Signals | undefined;
  #handlers: SignalHandlers | undefined;

  /** @param exitNow ends the process whatever it is at: see `_exit` of @ifdepd/libc */
  constructor(exitNow: (code: number) => void) {
    this.#exitNow = exitNow;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => this.#end(signal));
    }
    process.on('SIGHUP', () => this.#handlers?.reload());
    process.on('SIGUSR1', () => this.#handlers?.status());
    // Asks for nothing, and would end the process without a word.
    process.on('SIGUSR2', () => {});
  }

  /** The first one stops in order, the second one at once. */
  #end(signal: NodeJS.Signals): void {
    if (this.#stopped !== undefined) {
      this.#exitNow(ExitCode.ok);
    }
    this.#stopped = signal;
    this.#stop?.(signal);
  }

  untilStopped(handlers: SignalHandlers): Promise<NodeJS.Signals> {
    this.#handlers = handlers;
    return new Promise((resolve) => {
      this.#stop = resolve;
      if (this.#stopped !== undefined) {
        resolve(this.#stopped);
      }
    });
  }
}
