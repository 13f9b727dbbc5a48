import { objectWith, oneOf } from '@ifdepd/libc';
import type { ProbeFailure, ProbeResult } from '../result.ts';
import { milliseconds } from '../timing/milliseconds.ts';
import { type Criteria, type FullCriteria, fullCriteria } from './criteria.ts';
import { activeReason, latencyReason, lossReason, runReason } from './reasons.ts';
import { type ProbeStatistics, ResultWindow } from './result-window.ts';

/** `unknown` until so many answers, or so many failures, have come in a row. */
export type Verdict = 'unknown' | 'active' | 'failed';

const RESULTS = ['answered', 'unanswered', 'refused', 'unreachable', 'unsent'] as const;

/** The share of a limit at or under which a target comes back. */
const LOSS_RECOVERY = 1 / 2;
const LATENCY_RECOVERY = 9 / 10;

/** Rounding of floating point: 29 % of 100 is 28.999999999999996. */
const EPSILON = 1e-9;

/**
 * Judges the results of one target. It has no clock and no input of its own: equal results at equal times give equal verdicts.
 *
 * The limits of loss and latency apply as soon as no later result could keep the window under them: five losses are more than
 * 20 % of 20, however many probes were sent.
 *
 * @example
 * ```ts
 * import { Judge } from '@ifdepd/probe';
 *
 * const judge = new Judge({ rise: 1, fall: 2 });
 * judge.observe({ type: 'answered', rttMs: 0.3 }, 0);
 * judge.observe({ type: 'unanswered' }, 1_000);
 * console.log(judge.verdict); // active
 * judge.observe({ type: 'unanswered' }, 2_000);
 * console.log(judge.verdict); // failed
 * ```
 */
export class Judge {
  readonly #criteria: FullCriteria;
  readonly #window: ResultWindow;
  #verdict: Verdict = 'unknown';
  #reason: 'none' | 'run' | 'loss' | 'latency' | 'unsent' = 'none';
  #answers = 0;
  #failures = 0;
  #unsent = 0;
  #lastFailure: ProbeFailure = { type: 'unanswered' };
  /** When the first of the failures in a row was sent. */
  #failingSince = 0;

  /** @throws {TypeError | RangeError} where a criterion is wrong */
  constructor(criteria: Criteria) {
    this.#criteria = fullCriteria(criteria);
    this.#window = new ResultWindow(this.#criteria.window);
  }

  get verdict(): Verdict {
    return this.#verdict;
  }

  get statistics(): ProbeStatistics {
    return this.#window.statistics();
  }

  /** The reason of the verdict in words. @param nowMs on the clock of {@link Judge.observe} */
  reason(nowMs: number): string {
    switch (this.#reason) {
      case 'run':
        return runReason(this.#lastFailure, this.#failures, nowMs - this.#failingSince);
      case 'loss':
        return lossReason(this.#window.statistics(), this.#criteria.loss ?? 0);
      case 'latency':
        return latencyReason(this.#window.statistics(), this.#criteria.latencyMs ?? 0);
      case 'unsent':
        return `cannot probe: ${'why' in this.#lastFailure ? this.#lastFailure.why : ''}`;
      default:
        return this.#verdict === 'active' ? activeReason(this.#window.statistics()) : 'no verdict yet';
    }
  }

  /**
   * Takes a result in.
   *
   * @param sentMs when the probe was sent, in milliseconds of any monotonic clock
   * @returns whether the verdict has changed
   * @throws {TypeError | RangeError} where an argument is not what its type says
   */
  observe(result: ProbeResult, sentMs: number): boolean {
    objectWith('Judge.observe: result', result);
    oneOf('Judge.observe: result.type', result.type, RESULTS);
    milliseconds('Judge.observe: sentMs', sentMs);
    const before = this.#verdict;
    if (result.type === 'unsent') {
      this.#observeUnsent(result);
      return this.#verdict !== before;
    }
    this.#unsent = 0;
    if (result.type === 'answered') {
      milliseconds('Judge.observe: result.rttMs', result.rttMs);
      this.#answers += 1;
      this.#failures = 0;
      this.#window.push(result.rttMs);
    } else {
      this.#failingSince = this.#failures === 0 ? sentMs : this.#failingSince;
      this.#answers = 0;
      this.#failures += 1;
      this.#lastFailure = result;
      this.#window.push(null);
    }
    this.#judge();
    return this.#verdict !== before;
  }

  /** Begins anew without a result: the program, or the machine, was asleep. The verdict stays. */
  restart(): void {
    this.#answers = 0;
    this.#failures = 0;
    this.#unsent = 0;
    this.#window.clear();
  }

  /** As many in a row as would have made it fail: nobody knows. */
  #observeUnsent(result: ProbeFailure): void {
    this.#unsent += 1;
    if (this.#unsent >= this.#criteria.fall) {
      this.restart();
      this.#verdict = 'unknown';
    }
    if (this.#verdict === 'unknown') {
      this.#lastFailure = result;
      this.#reason = 'unsent';
    }
  }

  #judge(): void {
    const { rise, fall } = this.#criteria;
    const exceeded = this.#failures >= fall ? 'run' : this.#exceededLimit();
    if (exceeded !== null) {
      this.#verdict = 'failed';
      this.#reason = exceeded;
    } else if (this.#answers >= rise && (this.#verdict !== 'failed' || this.#recovered())) {
      this.#verdict = 'active';
      this.#reason = 'none';
    } else if (this.#verdict === 'unknown') {
      this.#reason = 'none';
    }
  }

  #exceededLimit(): 'loss' | 'latency' | null {
    const { window, loss, latencyMs } = this.#criteria;
    if (loss === null && latencyMs === null) {
      return null;
    }
    const { lost, totalMs } = this.#window.sums();
    if (loss !== null && lost > loss * window + EPSILON) {
      return 'loss';
    }
    return latencyMs !== null && totalMs > latencyMs * (window - lost) + EPSILON ? 'latency' : null;
  }

  #recovered(): boolean {
    const { window, loss, latencyMs } = this.#criteria;
    if (loss === null && latencyMs === null) {
      return true;
    }
    const { lost, totalMs } = this.#window.sums();
    return (
      this.#window.full &&
      (loss === null || lost <= loss * LOSS_RECOVERY * window + EPSILON) &&
      (latencyMs === null || totalMs <= latencyMs * LATENCY_RECOVERY * (window - lost) + EPSILON)
    );
  }
}
