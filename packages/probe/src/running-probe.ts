import type { Exchange, Outcome, Settle } from './exchange/exchange.ts';
import { Judge, type Verdict } from './judge/judge.ts';
import type { ProbeStatistics } from './judge/result-window.ts';
import type { Probe, ProbeListener } from './open-probes.ts';
import type { ProbeResult } from './result.ts';
import type { ProbeTarget } from './target/target.ts';
import { type Pace, Rounds, type Step } from './timing/rounds.ts';
import type { WheelTimer } from './timing/timer-wheel.ts';

/** The parts of a {@link RunningProbe}. */
export interface RunningProbeParts {
  readonly target: ProbeTarget;
  readonly pace: Pace;
  readonly firstMs: number;
  readonly listener: ProbeListener;
  readonly exchange: (settle: Settle) => Exchange;
  /** Sets the timer of the probe to its `wakeMs`. */
  readonly schedule: (probe: RunningProbe) => void;
  /** Takes the probe out of the timer. */
  readonly end: (probe: RunningProbe) => void;
}

/** One target: its rounds, its exchange and its judge, wired together. */
export class RunningProbe implements Probe, WheelTimer {
  tick = -1;
  readonly target: ProbeTarget;
  readonly #listener: ProbeListener;
  readonly #rounds: Rounds;
  readonly #judge: Judge;
  readonly #exchange: Exchange;
  readonly #schedule: RunningProbeParts['schedule'];
  readonly #end: RunningProbeParts['end'];
  #open = true;

  constructor({ target, pace, firstMs, listener, exchange, schedule, end }: RunningProbeParts) {
    this.target = target;
    this.#listener = listener;
    this.#rounds = new Rounds(pace, firstMs);
    this.#judge = new Judge(target);
    this.#exchange = exchange((outcome) => this.#settle(outcome));
    this.#schedule = schedule;
    this.#end = end;
  }

  get verdict(): Verdict {
    return this.#judge.verdict;
  }

  get reason(): string {
    return this.#judge.reason(performance.now());
  }

  get statistics(): ProbeStatistics {
    return this.#judge.statistics;
  }

  get wakeMs(): number {
    return this.#rounds.wakeMs;
  }

  /** Does what is due. After `expire`, {@link RunningProbe.expire} has to follow. */
  wake(nowMs: number): Step {
    const step = this.#rounds.wake(nowMs);
    if (step === 'send') {
      this.#exchange.start();
    } else if (step === 'late') {
      this.#exchange.giveUp();
      this.#judge.restart();
    }
    return step;
  }

  /** The outstanding probe is lost, if there still is one. The next one is sent at once where it is due. */
  expire(): void {
    const { sentMs } = this.#rounds;
    if (!this.#open || sentMs === null) {
      return;
    }
    const nowMs = performance.now();
    this.#rounds.expire(nowMs);
    this.#exchange.giveUp();
    this.#observe({ type: 'unanswered' }, sentMs);
    if (this.#open && this.wake(nowMs) === 'send') {
      this.#schedule(this);
    }
  }

  /** The machine was asleep: nothing of before counts. */
  restart(nowMs: number): void {
    this.#rounds.restart(nowMs);
    this.#exchange.giveUp();
    this.#judge.restart();
    this.#schedule(this);
  }

  close(): void {
    if (this.#open) {
      this.#open = false;
      this.#exchange[Symbol.dispose]();
      this.#end(this);
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #settle(outcome: Outcome): void {
    const { sentMs } = this.#rounds;
    const rttMs = this.#rounds.settle(performance.now());
    if (this.#open && sentMs !== null && rttMs !== null) {
      this.#observe(outcome.type === 'answered' ? { type: 'answered', rttMs } : outcome, sentMs);
    }
  }

  #observe(result: ProbeResult, sentMs: number): void {
    const changed = this.#judge.observe(result, sentMs);
    this.#schedule(this);
    this.#listener.onResult?.(result, this);
    if (changed && this.#open) {
      this.#listener.onVerdict?.(this);
    }
  }
}
