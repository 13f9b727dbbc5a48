import type { Libc } from '@ifdepd/libc';
import { openRing, type Ring } from '@ifdepd/libc/linux';
import type { LinkHealth } from '@ifdepd/linkwatch';
import type { LossSocket } from '@ifdepd/linkwatch/linux';
import type { Kernel } from '../../system/kernel.ts';
import { Lane } from './linked-calls.ts';
import { type LossReader, UnreadLosses } from './pending-losses.ts';
import { type PlannedDestination, type PlannedSource, plansFor } from './plan.ts';

export type { PlannedDestination, PlannedSource } from './plan.ts';

/** Kinds of consequences that are prepared for. Each takes a socket, which hears of every link of the system. */
const MOST_LANES = 8;

/** Two calls each, and one that ends them. */
const RING_ENTRIES = 4 * MOST_LANES;

/** Sources that are prepared for: each is thought through after every event. */
const MOST_SOURCES = 200;

/** Tokens are 32-bit numbers above 0. */
const LAST_TOKEN = 0xffff_ffff;

/** What a kernel failover is made of. */
export interface KernelFailoverOptions extends LossReader {
  readonly libc: Libc;
  readonly openLossSocket: () => LossSocket | null;
  readonly downRequests: Kernel['downRequests'];
  /** Whether destinations are still to be set: {@link KernelFailover.prepare} is called again after that. */
  readonly isBusy: () => boolean;
  /** The sources that are interfaces, and are there. */
  readonly sources: () => Iterable<PlannedSource>;
  /**
   * Asked for each time that something is prepared: tells what the policy would set down at once, by its flag, if a
   * source failed now, whatever is on its way about the other sources.
   */
  readonly foresight: () => (source: string) => readonly PlannedDestination[];
}

/**
 * What follows from the loss of a source is thought through beforehand, and the kernel told to do it by itself when the
 * message of that loss comes. It does so at once, whatever this process is busy with. The policy hears of the loss
 * afterwards, in the order of the messages, decides what was foreseen, and finds it done.
 *
 * What is prepared holds for the state of the policy that it was made for. {@link KernelFailover.hold} comes before everything
 * that the policy is told, {@link KernelFailover.prepare} after what follows from it was done: between them the kernel does
 * nothing by itself.
 */
export interface KernelFailover extends Disposable {
  /** Calls off what is prepared. @returns whether the kernel has done something already */
  hold(): boolean;
  /**
   * Before the policy is told what messages say: where that must not be told without a loss that the kernel has acted on
   * and whose message is yet to be read, tells that first.
   *
   * @param names the interfaces that they are about
   * @param list whether there is a list of all among them
   */
  heard(names: Iterable<string>, list: boolean): void;
  /** The policy has been told all that was read, and what follows was done. */
  fed(): void;
  /** {@link KernelFailover.hold}, and tells all losses that the kernel has acted on and the policy has not. */
  settle(): void;
  /** Whether the kernel has acted on a loss of a source that the policy is being told of. */
  hasActed(source: string): boolean;
  /** What is known of a source whose messages are still behind that; null where they are not. */
  knownOf(source: string): LinkHealth | null;
  /** Whether a destination that is down is to be told as the messages say that it is. */
  goesByMessages(destination: string): boolean;
  /** Prepares for the state that the policy has by then, when the event loop has time; not while destinations are set. */
  prepare(): void;
  /** Whether the kernel has set a destination down by itself, once. */
  took(destination: string): boolean;
  /** How many losses the kernel has acted on by itself. */
  readonly failovers: number;
  /** For how many sources it is prepared now. */
  readonly armed: number;
}

/** @returns null where the system cannot: no io_uring(7) or not for us, no rtnetlink(7) */
export function openKernelFailover(options: KernelFailoverOptions): KernelFailover | null {
  const ring = openRing(options.libc, RING_ENTRIES);
  return ring === null ? null : new RingFailover(ring, options);
}

class RingFailover implements KernelFailover {
  failovers = 0;
  readonly #ring: Ring;
  readonly #options: KernelFailoverOptions;
  readonly #lanes: Lane[] = [];
  readonly #unread: UnreadLosses;
  #waiting: NodeJS.Immediate | undefined;
  #lastToken = 0;
  #open = true;

  constructor(ring: Ring, options: KernelFailoverOptions) {
    this.#ring = ring;
    this.#options = options;
    this.#unread = new UnreadLosses(options);
  }

  get armed(): number {
    return this.#lanes.reduce((sum, lane) => sum + (lane.armed ? lane.plan.sources.length : 0), 0);
  }

  hold(): boolean {
    const before = this.failovers;
    for (const lane of this.#lanes) {
      if (lane.armed) {
        this.#reap();
        this.#end(lane);
      }
      const loss = lane.takeLoss();
      if (loss !== null) {
        this.failovers += 1;
        for (const { id, index } of lane.plan.sources) {
          if (index === loss.index) {
            this.#unread.add(id, loss.health);
          }
        }
        for (const { id, name } of lane.plan.destinations) {
          this.#unread.take(id, name);
        }
      }
    }
    return this.failovers !== before;
  }

  heard(names: Iterable<string>, list: boolean): void {
    this.#unread.heard(names, list);
  }

  fed(): void {
    this.#unread.fed();
  }

  settle(): void {
    this.hold();
    this.#unread.settle();
  }

  hasActed(source: string): boolean {
    return this.#unread.hasActed(source);
  }

  knownOf(source: string): LinkHealth | null {
    return this.#unread.knownOf(source);
  }

  goesByMessages(destination: string): boolean {
    return this.#unread.goesByMessages(destination);
  }

  prepare(): void {
    if (this.#open) {
      this.#waiting ??= setImmediate(() => {
        this.#waiting = undefined;
        this.#arm();
      });
    }
  }

  took(destination: string): boolean {
    return this.#unread.took(destination);
  }

  #arm(): void {
    const { sources, foresight, isBusy } = this.#options;
    if (isBusy()) {
      return;
    }
    this.hold();
    const turn = this.#unread.turn();
    if (turn === 'unread') {
      this.prepare();
    }
    if (turn !== 'read') {
      // The policy is behind what the kernel has done: there is nothing to foresee before it has caught up.
      return;
    }
    const plans = plansFor(first(sources(), MOST_SOURCES), foresight(), MOST_LANES);
    for (const [at, plan] of plans.entries()) {
      const lane = this.#lanes[at] ?? this.#openLane();
      if (lane === null || !lane.arm(plan)) {
        return;
      }
    }
  }

  #openLane(): Lane | null {
    const { libc, downRequests, openLossSocket } = this.#options;
    const socket = openLossSocket();
    if (socket === null) {
      return null;
    }
    const lane = new Lane({ libc, ring: this.#ring, downRequests, token: () => this.#token() }, socket);
    this.#lanes.push(lane);
    return lane;
  }

  #token(): number {
    this.#lastToken = this.#lastToken === LAST_TOKEN ? 1 : this.#lastToken + 1;
    return this.#lastToken;
  }

  /** The kernel ends what was called off before the call returns; what it was about to do it does first. */
  #end(lane: Lane): void {
    if (lane.armed) {
      lane.cancel();
      this.#reap();
    }
    while (lane.armed && this.#ring.wait() >= 0) {
      this.#reap();
    }
  }

  #reap(): void {
    this.#ring.reap((token, result) => {
      for (const lane of this.#lanes) {
        lane.ended(token, result);
      }
    });
  }

  [Symbol.dispose](): void {
    if (this.#open) {
      this.#open = false;
      clearImmediate(this.#waiting);
      this.hold();
      this.#ring[Symbol.dispose]();
      for (const lane of this.#lanes) {
        lane[Symbol.dispose]();
      }
    }
  }
}

function* first<Item>(items: Iterable<Item>, most: number): Iterable<Item> {
  let count = 0;
  for (const item of items) {
    if (count === most) {
      return;
    }
    count += 1;
    yield item;
  }
}
