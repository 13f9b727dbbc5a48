import { type ReadableWatch, SystemError } from '@ifdepd/libc';
import type { RouteBackend } from './backend.ts';

/** Milliseconds of reading after which the event loop continues with other work. */
const READ_BUDGET_MS = 5;

/**
 * Milliseconds for the first lists, before anything else happens: a program reads the routes of a new watch at once. The list of
 * 100,000 routes takes a second.
 */
const FIRST_LISTS_MS = 30_000;

/** Milliseconds before a list that did not come is requested again. Doubled each time, up to a second. */
const RETRY_FIRST_MS = 10;
const RETRY_LAST_MS = 1000;

/** Milliseconds of pause after a socket could not be read. */
const PAUSE_MS = 100;

/** The most losses in a row within one read. The kernel reports one once, and then the queued messages can be read. */
const MOST_LOSSES = 100;

/** Reads a backend until there is nothing more, within a budget of time, and asks again for lists that did not come. */
export class BackendReader {
  readonly #backend: RouteBackend;
  readonly #settle: () => void;
  #readable: ReadableWatch | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = RETRY_FIRST_MS;
  #pause: NodeJS.Timeout | undefined;
  #rest: NodeJS.Immediate | undefined;
  #reading = false;
  #closed = false;
  #holds = true;

  /** @param settle is called where nothing is left to read */
  constructor(backend: RouteBackend, settle: () => void) {
    this.#backend = backend;
    this.#settle = settle;
  }

  /** Reads the first lists, which are whole where the system answers at once. From then on it reads each message as it comes. */
  start(): void {
    this.read(FIRST_LISTS_MS);
    if (this.#pause === undefined) {
      this.#listen();
    }
  }

  /** Whether the open watch keeps the process alive. */
  hold(holds: boolean): void {
    this.#holds = holds;
    for (const one of [this.#readable, this.#retry, this.#pause, this.#rest]) {
      if (holds) {
        one?.ref?.();
      } else {
        one?.unref?.();
      }
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#pause);
    clearImmediate(this.#rest);
    this.#readable?.[Symbol.dispose]();
    this.#backend[Symbol.dispose]();
  }

  /**
   * Reads what there is. Within a listener it does nothing.
   *
   * @returns whether nothing is left
   */
  read(budgetMs: number = READ_BUDGET_MS, force = false): boolean {
    if (this.#closed || this.#reading || this.#pause !== undefined) {
      return this.#closed;
    }
    this.#reading = true;
    let all = false;
    try {
      all = this.#steps(budgetMs, force);
    } catch (error) {
      if (!(error instanceof SystemError) || this.#readable === undefined) {
        throw error;
      }
      this.#stopReading();
    } finally {
      this.#reading = false;
    }
    if (!this.#closed) {
      this.#schedule(all);
    }
    if (all) {
      this.#settle();
    }
    return all;
  }

  #steps(budgetMs: number, force: boolean): boolean {
    const until = uptimeMs() + budgetMs;
    let losses = 0;
    for (let forced = force; !this.#closed; ) {
      const step = this.#backend.step(forced);
      if (step === 'done') {
        return true;
      }
      losses = step === 'lost' ? losses + 1 : 0;
      if (losses > MOST_LOSSES) {
        this.#stopReading();
        return true;
      }
      forced = false;
      if (uptimeMs() >= until) {
        return false;
      }
    }
    return true;
  }

  #schedule(all: boolean): void {
    if (!all) {
      this.#rest ??= this.#held(
        setImmediate(() => {
          this.#rest = undefined;
          this.read();
        }),
      );
    } else if (!this.#backend.waits) {
      clearTimeout(this.#retry);
      this.#retry = undefined;
      this.#retryMs = RETRY_FIRST_MS;
    } else {
      this.#retry ??= this.#held(
        setTimeout(() => {
          this.#retry = undefined;
          this.#retryMs = Math.min(RETRY_LAST_MS, 2 * this.#retryMs);
          this.read(READ_BUDGET_MS, true);
        }, this.#retryMs),
      );
    }
  }

  /** Anything may be lost meanwhile. So after the pause all is listed again. */
  #stopReading(): void {
    this.#readable?.[Symbol.dispose]();
    this.#pause = this.#held(
      setTimeout(() => {
        this.#pause = undefined;
        this.#backend.missed();
        this.#listen();
        this.read(READ_BUDGET_MS, true);
      }, PAUSE_MS),
    );
  }

  #listen(): void {
    this.#readable = this.#held(this.#backend.onReadable(() => void this.read()));
  }

  #held<Handle extends { unref?(): unknown }>(handle: Handle): Handle {
    if (!this.#holds) {
      handle.unref?.();
    }
    return handle;
  }
}

/** Monotonic milliseconds. */
function uptimeMs(): number {
  return process.uptime() * 1000;
}
