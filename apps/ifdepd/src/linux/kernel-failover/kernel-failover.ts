import { openRing, type Ring } from '@ifdepd/libc/linux';
import type { KernelAct } from '../../engine/pending-losses.ts';
import type { PrepareIntents } from '../../engine/prepared-intents.ts';
import type { Kernel } from '../../system/kernel.ts';
import type { Deferral, Loop } from '../../system/loop.ts';
import { LinkedCalls } from './linked-calls.ts';
import { type Plan, type PlannedDestination, type PlannedSource, plansFor } from './plan.ts';

/** Different consequences that are armed at once. Each takes a socket, which receives the messages of every link. */
const MOST_PLANS = 8;

/** Three calls for each plan, and one that cancels them. */
const RING_ENTRIES = 4 * MOST_PLANS;

/** Sources whose loss is predicted. Each prediction is made anew after every event. */
const MOST_SOURCES = 200;

/** Tokens are 32-bit numbers above 0. */
const LAST_TOKEN = 0xffff_ffff;

/** The doors of the kernel that a failover takes. */
export type FailoverKernel = Pick<Kernel, 'libc' | 'openLossSocket' | 'downRequests'>;

/** What a kernel failover is made of. */
export interface KernelFailoverOptions {
  readonly kernel: FailoverKernel;
  readonly eventLoop: Loop;
  /** Whether the policy was fed every message. If not, nothing is armed before the next decision. */
  readonly isSettled: () => boolean;
  /** The sources that are interfaces and exist. */
  readonly sources: () => readonly PlannedSource[];
  /**
   * Called each time that calls are armed. Predicts what the policy would set down at once if a source failed now,
   * whatever unread messages say of the other sources.
   */
  readonly prediction: () => (source: string) => readonly PlannedDestination[];
  /** Prepares what the kernel has to record before it acts; null where it must not act then. */
  readonly prepareIntents: PrepareIntents | null;
  /** Called by {@link KernelFailover.beforeEvent} with what the kernel has done by itself. */
  readonly acted: (act: KernelAct) => void;
}

/** @returns null where the system lacks io_uring(7) or rtnetlink(7), or does not permit io_uring(7) */
export function openKernelFailover(options: KernelFailoverOptions): KernelFailover | null {
  const ring = openRing(options.kernel.libc, RING_ENTRIES);
  return ring === null ? null : new KernelFailover(ring, options);
}

/**
 * Has the kernel set destinations down by itself when a source is lost. What the policy would do about each loss is
 * predicted, and io_uring(7) is given linked calls: receive the message of that loss, then send the requests. The
 * kernel makes them at once, whatever this process is busy with. The policy reads of the loss afterwards, in the order of
 * the messages, decides what was predicted and finds it done.
 *
 * A prediction holds for one state of the policy. {@link KernelFailover.beforeEvent} comes before everything that is fed to
 * the policy, {@link KernelFailover.afterDecision} after it: in between the kernel does nothing by itself.
 */
export class KernelFailover {
  readonly #ring: Ring;
  readonly #options: KernelFailoverOptions;
  readonly #calls: LinkedCalls[] = [];
  #failovers = 0;
  #arming: Deferral | undefined;
  #lastToken = 0;
  #open = true;

  constructor(ring: Ring, options: KernelFailoverOptions) {
    this.#ring = ring;
    this.#options = options;
  }

  /** How many losses the kernel has acted on by itself. */
  get failovers(): number {
    return this.#failovers;
  }

  /** What is armed now. */
  get plans(): readonly Plan[] {
    return this.#calls.flatMap(({ armed, plan }) => (armed ? [plan] : []));
  }

  /** The loss of how many sources is armed now. */
  get armed(): number {
    return this.plans.reduce((sum, { sources }) => sum + sources.length, 0);
  }

  /**
   * Disarms, and pushes what the kernel has done. The message of each loss that it has acted on is in the queue of link
   * events by then: RTM_SETLINK waits for the lock that the kernel holds while it reports a loss (RTNL).
   */
  beforeEvent(): void {
    this.#options.eventLoop.cancel(this.#arming);
    this.#arming = undefined;
    for (const calls of this.#calls) {
      if (calls.armed) {
        this.#reap();
        this.#disarm(calls);
      }
      const loss = calls.takeLoss();
      if (loss !== null) {
        this.#failovers += 1;
        const { sources, destinations } = calls.plan;
        this.#options.acted({
          sources: sources.filter(({ index }) => index === loss.index).map(({ id }) => id),
          health: loss.health,
          destinations,
        });
      }
    }
  }

  /** Every message was fed and every destination is set: arms for this state, when the event loop has time. */
  afterDecision(): void {
    if (this.#open) {
      this.#arming ??= this.#options.eventLoop.defer(() => {
        this.#arming = undefined;
        this.#arm();
      });
    }
  }

  /** Disarms for good, and pushes as {@link KernelFailover.beforeEvent} does. */
  close(): void {
    if (this.#open) {
      this.#open = false;
      this.beforeEvent();
      this.#ring[Symbol.dispose]();
      for (const calls of this.#calls) {
        calls[Symbol.dispose]();
      }
    }
  }

  #arm(): void {
    this.beforeEvent();
    const { sources, prediction, isSettled, prepareIntents } = this.#options;
    if (!isSettled()) {
      return;
    }
    const plans = plansFor(sources().slice(0, MOST_SOURCES), prediction(), MOST_PLANS);
    for (const [at, plan] of plans.entries()) {
      const calls = this.#calls[at] ?? this.#openCalls();
      if (calls === null) {
        return;
      }
      const recorded = plan.destinations.filter(({ isRecorded }) => isRecorded).map(({ id }) => id);
      const intents = recorded.length === 0 ? undefined : prepareIntents?.(recorded);
      if (intents !== null && !calls.arm(plan, intents)) {
        return;
      }
    }
  }

  #openCalls(): LinkedCalls | null {
    const { kernel } = this.#options;
    const socket = kernel.openLossSocket();
    if (socket === null) {
      return null;
    }
    const calls = new LinkedCalls({ kernel, ring: this.#ring, token: () => this.#token() }, socket);
    this.#calls.push(calls);
    return calls;
  }

  #token(): number {
    this.#lastToken = this.#lastToken === LAST_TOKEN ? 1 : this.#lastToken + 1;
    return this.#lastToken;
  }

  /** The kernel ends cancelled calls before io_uring_enter(2) returns; calls that it has begun it finishes first. */
  #disarm(calls: LinkedCalls): void {
    if (calls.armed) {
      calls.cancel();
      this.#reap();
    }
    while (calls.armed && this.#ring.wait() >= 0) {
      this.#reap();
    }
  }

  #reap(): void {
    this.#ring.reap((token, result) => {
      for (const calls of this.#calls) {
        calls.ended(token, result);
      }
    });
  }
}
