import { objectWith } from '@ifdepd/libc';
import { milliseconds } from './milliseconds.ts';

/** How often a target is probed. */
export interface Pace {
  /** Milliseconds between two probes. */
  readonly everyMs: number;
  /** Milliseconds until a probe without an answer is lost. A longer one than `everyMs` delays the next probe. */
  readonly timeoutMs: number;
}

/**
 * What a target has to do at a moment: nothing yet, send, give the outstanding probe up, or begin anew because this comes so late
 * that nothing can be concluded.
 */
export type Step = 'wait' | 'send' | 'expire' | 'late';

/** A wake-up this much later than planned says more about this machine than about the target. */
const LATE_MS = 100;

/**
 * The rounds of one target, without a clock of its own: at most one probe is outstanding. Probes are sent on a grid of `everyMs`,
 * so that a slow answer shifts nothing.
 */
export class Rounds {
  readonly #everyMs: number;
  readonly #timeoutMs: number;
  readonly #lateMs: number;
  #nextMs: number;
  #sentMs: number | null = null;

  /** @param firstMs when the first probe is due */
  constructor(pace: Pace, firstMs: number) {
    objectWith('Rounds: pace', pace, 'everyMs', 'timeoutMs');
    const { everyMs, timeoutMs } = pace;
    this.#everyMs = milliseconds('Rounds: pace.everyMs', everyMs);
    this.#timeoutMs = milliseconds('Rounds: pace.timeoutMs', timeoutMs);
    this.#lateMs = Math.max(LATE_MS, timeoutMs / 2);
    this.#nextMs = milliseconds('Rounds: firstMs', firstMs);
  }

  /** When {@link Rounds.wake} has something to do. */
  get wakeMs(): number {
    return this.#sentMs === null ? this.#nextMs : this.#sentMs + this.#timeoutMs;
  }

  /** When the outstanding probe was sent; null without one. */
  get sentMs(): number | null {
    return this.#sentMs;
  }

  /** After `send`, the probe is outstanding. After `late`, none is. `expire` changes nothing: {@link Rounds.expire} does. */
  wake(nowMs: number): Step {
    const { wakeMs } = this;
    if (nowMs < wakeMs) {
      return 'wait';
    }
    if (nowMs - wakeMs > this.#lateMs) {
      this.restart(nowMs);
      return 'late';
    }
    if (this.#sentMs !== null) {
      return 'expire';
    }
    this.#sentMs = nowMs;
    this.#advance(nowMs);
    return 'send';
  }

  /** The outstanding probe is answered, or could not be sent. @returns milliseconds since it was sent; null where none is outstanding */
  settle(nowMs: number): number | null {
    if (this.#sentMs === null) {
      return null;
    }
    const rttMs = nowMs - this.#sentMs;
    this.#sentMs = null;
    this.#advance(nowMs);
    return rttMs;
  }

  /**
   * The outstanding probe is lost. A point of the grid that has only just passed is still due: a timeout as long as `everyMs`
   * skips none.
   */
  expire(nowMs: number): void {
    this.#sentMs = null;
    this.#advance(nowMs - this.#lateMs);
  }

  /** No probe is outstanding any more, and the next one is due at the next point of the grid. */
  restart(nowMs: number): void {
    this.#sentMs = null;
    this.#advance(nowMs);
  }

  #advance(nowMs: number): void {
    if (this.#nextMs <= nowMs) {
      this.#nextMs += this.#everyMs * (Math.floor((nowMs - this.#nextMs) / this.#everyMs) + 1);
    }
  }
}
