import { type Libc, openRing, type Ring } from '@ifdepd/libc';
import type { Loss, LossSocket } from '@ifdepd/linkwatch';
import type { NetIf } from '@ifdepd/netif';
import { Lane } from './lane.ts';
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

/** What a reflex is made of. */
export interface ReflexOptions {
  readonly libc: Libc;
  readonly openLossSocket: () => LossSocket | null;
  readonly downRequests: NetIf['downRequests'];
  /** The sources that are interfaces, and are there. */
  readonly sources: () => Iterable<PlannedSource>;
  /**
   * Asked for each time that something is prepared: tells what the policy would set down at once, by its flag, if a
   * source failed now, whatever is on its way about the other sources.
   */
  readonly foresight: () => (source: string) => readonly PlannedDestination[];
  /** The kernel has acted on a loss of which nothing else will tell any more: the policy is to be told of it. */
  readonly struck: (source: string, health: Loss['health']) => void;
}

/**
 * What follows from the loss of a source is thought through beforehand, and the kernel told to do it by itself when the
 * message of that loss comes. It does so at once, whatever this process is busy with. The policy hears of the loss
 * afterwards, in the order of the messages, decides what was foreseen, and finds it done.
 *
 * What is prepared holds for the state of the policy that it was made for. {@link Reflex.hold} comes before everything
 * that the policy is told, {@link Reflex.prepare} after it: between them the kernel does nothing by itself.
 */
export interface Reflex extends Disposable {
  /** Calls off what is prepared, where the kernel has not done it already. */
  hold(): void;
  /**
   * Tells the losses that the kernel has acted on and the policy has not: before the policy is told of all there is, or
   * of one of these interfaces by its name. The messages of those losses then were lost.
   *
   * @param name the interface; null for all
   */
  settle(name: string | null): void;
  /** Prepares for the state that the policy has by now, as soon as the event loop has time. */
  prepare(): void;
  /** Whether the kernel has set a destination down by itself, once. */
  took(destination: string): boolean;
  /** How many losses the kernel has acted on by itself. */
  readonly strikes: number;
  /** For how many sources it is prepared now. */
  readonly armed: number;
}

/** @returns null where the system cannot: no io_uring(7) or not for us, no rtnetlink(7) */
export function openReflex(options: ReflexOptions): Reflex | null {
  const ring = openRing(options.libc, RING_ENTRIES);
  return ring === null ? null : new RingReflex(ring, options);
}

class RingReflex implements Reflex {
  strikes = 0;
  readonly #ring: Ring;
  readonly #options: ReflexOptions;
  readonly #lanes: Lane[] = [];
  /** The names of what the kernel has set down and the policy not yet, by their destinations. */
  readonly #taken = new Map<string, string>();
  /** The sources upon whose loss it was done. */
  #lost = new Map<string, Loss['health']>();
  #waiting: NodeJS.Immediate | undefined;
  #lastToken = 0;
  #open = true;

  constructor(ring: Ring, options: ReflexOptions) {
    this.#ring = ring;
    this.#options = options;
  }

  get armed(): number {
    return this.#lanes.reduce((sum, lane) => sum + (lane.armed ? lane.plan.sources.length : 0), 0);
  }

  hold(): void {
    for (const lane of this.#lanes) {
      if (lane.armed) {
        this.#reap();
        this.#end(lane);
      }
      const loss = lane.takeLoss();
      if (loss !== null) {
        this.strikes += 1;
        for (const { id, index } of lane.plan.sources) {
          if (index === loss.index) {
            this.#lost.set(id, loss.health);
          }
        }
        for (const { id, name } of lane.plan.destinations) {
          this.#taken.set(id, name);
        }
      }
    }
  }

  settle(name: string | null): void {
    if (this.#taken.size > 0 && (name === null || [...this.#taken.values()].includes(name))) {
      const lost = this.#lost;
      this.#lost = new Map();
      for (const [source, health] of lost) {
        this.#options.struck(source, health);
      }
      this.#taken.clear();
    }
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
    const took = this.#taken.delete(destination);
    if (this.#taken.size === 0) {
      this.#lost.clear();
    }
    return took;
  }

  #arm(): void {
    const { sources, foresight } = this.#options;
    this.hold();
    if (this.#taken.size > 0) {
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
