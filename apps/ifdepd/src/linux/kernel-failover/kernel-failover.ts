import { openRing, type Ring } from '@ifdepd/libc/linux';
import type { KernelAct } from '../../engine/pending-losses.ts';
import type { PrepareIntents } from '../../engine/prepared-intents.ts';
import type { Kernel } from '../../system/kernel.ts';
import type { Deferral, Loop } from '../../system/loop.ts';
import { LinkedCalls, type LinkedCallsTools } from './linked-calls.ts';
import { type Plan, type PlannedSource, plansFor } from './plan.ts';
import type { Predict } from './prediction.ts';
import { RepairGuard } from './repair-guard.ts';

/** Different consequences that are armed at once, of losses and of repairs. Each takes a socket, which receives the messages of every link. */
const MOST_PLANS = 8;

/** Five calls for each plan of a repair, three for each of a loss, and those that cancel them. */
const RING_ENTRIES = 64;

/** Sources whose loss is predicted. Each prediction is made anew after every event. */
const MOST_SOURCES = 200;

/** Tokens are 32-bit numbers above 0. */
const LAST_TOKEN = 0xffff_ffff;

/** The doors of the kernel that a failover takes. */
export type FailoverKernel = Pick<
  Kernel,
  'libc' | 'openLossSocket' | 'openRepairSocket' | 'openGuardSocket' | 'downRequests' | 'upRequests'
>;

/** What a kernel failover is made of. */
export interface KernelFailoverOptions {
  readonly kernel: FailoverKernel;
  readonly eventLoop: Loop;
  /**
   * Whether the policy was fed every message. If not, nothing is armed before the next decision.
   *
   * @param reads whether the queue of messages is read to its end in any case
   */
  readonly isSettled: (reads: boolean) => boolean;
  /** The sources that are interfaces and exist. */
  readonly sources: () => readonly PlannedSource[];
  /**
   * Called each time that calls are armed. Predicts what the policy would set down at once if a source failed now,
   * whatever unread messages say of the other sources.
   */
  readonly losses: () => Predict;
  /** The same for a source that becomes active, where no other is lost before. */
  readonly repairs: () => Predict;
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
 * Has the kernel set destinations by itself when a source is lost or repaired. What the policy would do about that is
 * predicted, and io_uring(7) is given linked calls: receive the message, then send the requests. The
 * kernel makes them at once, whatever this process is busy with. The policy reads of it afterwards, in the order of
 * the messages, decides what was predicted and finds it done.
 *
 * A prediction holds for one state of the policy. {@link KernelFailover.beforeEvent} comes before everything that is fed to
 * the policy, {@link KernelFailover.afterDecision} after it: in between the kernel does nothing by itself.
 *
 * A repair may be followed by a loss before the kernel acts on it, as while the process is stopped. So a guard hears of what
 * would keep the destinations down, and a repair is not acted on once it has heard anything.
 */
export class KernelFailover {
  readonly #ring: Ring;
  readonly #options: KernelFailoverOptions;
  readonly #losses: LinkedCalls[] = [];
  readonly #repairs: LinkedCalls[] = [];
  /** All of them. */
  readonly #calls: LinkedCalls[] = [];
  #guard: RepairGuard | null = null;
  #failovers = 0;
  #raised = 0;
  #arming: Deferral | undefined;
  #work = () => {};
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

  /** How many repairs the kernel has acted on by itself. */
  get repairs(): number {
    return this.#raised;
  }

  /** What is armed now for losses. */
  get plans(): readonly Plan[] {
    return armedOf(this.#losses);
  }

  /** What is armed now for repairs. */
  get repairPlans(): readonly Plan[] {
    return armedOf(this.#repairs);
  }

  /** The loss of how many sources is armed now. */
  get armed(): number {
    return sourcesIn(this.plans);
  }

  /** The repair of how many sources is armed now. */
  get armedRepairs(): number {
    return sourcesIn(this.repairPlans);
  }

  /**
   * Disarms, and pushes what the kernel has done. The message of each loss or repair that it has acted on is in the queue of link
   * events by then: RTM_SETLINK waits for the lock that the kernel holds while it reports it (RTNL).
   */
  beforeEvent(): void {
    this.#options.eventLoop.cancel(this.#arming);
    this.#arming = undefined;
    for (const calls of this.#calls) {
      if (calls.waits) {
        this.#reap();
        this.#disarm(calls);
      }
      const act = calls.takeAct();
      if (act !== null) {
        this.#failovers += act.to === 'down' ? 1 : 0;
        this.#raised += act.to === 'up' ? 1 : 0;
        this.#options.acted(act);
      }
    }
  }

  /** Every message was fed and every destination is set: arms for this state, when the event loop has time. */
  afterDecision(): void {
    if (this.#open) {
      this.#later(() => this.#arm());
    }
  }

  /** Does this instead of what was put off before, in its place: what is reported comes after it. */
  #later(work: () => void): void {
    this.#work = work;
    this.#arming ??= this.#options.eventLoop.defer(() => {
      this.#arming = undefined;
      this.#work();
    });
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
      this.#guard?.[Symbol.dispose]();
    }
  }

  #arm(): void {
    this.beforeEvent();
    const { sources, losses, repairs, isSettled } = this.#options;
    if (!isSettled(false)) {
      return;
    }
    const considered = sources().slice(0, MOST_SOURCES);
    this.#armAll(this.#losses, plansFor(considered, losses(), MOST_PLANS), 'down');
    const raising = plansFor(considered, repairs(), MOST_PLANS);
    if (raising.length > 0) {
      this.#armRepairs(raising);
    }
  }

  /**
   * What the guard has heard so far is past, and is thrown away. But it may have heard that before the link watch has: the repairs
   * are armed in a turn in which its queue is empty from the start, and all messages of the link watch are read after that.
   */
  #armRepairs(plans: readonly Plan[]): void {
    this.#guard ??= this.#openGuard();
    const heard = this.#guard?.attend(plans);
    if (heard === 'heard') {
      this.#later(() => this.#armRepairs(plans));
    } else if (heard === 'quiet' && this.#options.isSettled(true)) {
      this.#armAll(this.#repairs, plans, 'up');
    }
  }

  #openGuard(): RepairGuard | null {
    const socket = this.#options.kernel.openGuardSocket();
    return socket && new RepairGuard(socket);
  }

  #armAll(all: LinkedCalls[], plans: readonly Plan[], to: 'up' | 'down'): void {
    const { prepareIntents } = this.#options;
    for (const [at, plan] of plans.entries()) {
      const calls = all[at] ?? (to === 'down' ? this.#openLosses() : this.#openRepairs());
      if (calls === null) {
        return;
      }
      if (all[at] === undefined) {
        all.push(calls);
        this.#calls.push(calls);
      }
      const recorded = plan.destinations.filter(({ isRecorded }) => isRecorded).map(({ id }) => id);
      const intents = recorded.length === 0 ? undefined : prepareIntents?.(recorded, to);
      if (intents !== null && !calls.arm(plan, intents)) {
        return;
      }
    }
  }

  #openLosses(): LinkedCalls | null {
    const { kernel } = this.#options;
    const socket = kernel.openLossSocket();
    return (
      socket &&
      this.#linked({
        socket,
        guard: null,
        requestsFor: kernel.downRequests,
        actOf(plan, message) {
          const loss = socket.read(message);
          return loss && { to: 'down', health: loss.health, ...actOf(plan, loss.index) };
        },
      })
    );
  }

  #openRepairs(): LinkedCalls | null {
    const { kernel } = this.#options;
    const socket = kernel.openRepairSocket();
    return (
      socket &&
      this.#linked({
        socket,
        guard: this.#guard,
        requestsFor: (destinations) => kernel.upRequests(destinations.map(({ name }) => name)),
        actOf(plan, message) {
          const index = socket.read(message);
          return index === null ? null : { to: 'up', ...actOf(plan, index) };
        },
      })
    );
  }

  #linked(tools: Omit<LinkedCallsTools, 'libc' | 'ring' | 'token'>): LinkedCalls {
    const { libc } = this.#options.kernel;
    return new LinkedCalls({ ...tools, libc, ring: this.#ring, token: () => this.#token() });
  }

  #token(): number {
    this.#lastToken = this.#lastToken === LAST_TOKEN ? 1 : this.#lastToken + 1;
    return this.#lastToken;
  }

  /** The kernel ends cancelled calls before io_uring_enter(2) returns; calls that it has begun it finishes first. */
  #disarm(calls: LinkedCalls): void {
    if (calls.waits) {
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

function armedOf(all: readonly LinkedCalls[]): readonly Plan[] {
  return all.flatMap(({ armed, plan }) => (armed ? [plan] : []));
}

function sourcesIn(plans: readonly Plan[]): number {
  return plans.reduce((sum, { sources }) => sum + sources.length, 0);
}

/** What the kernel has done by a plan upon a message about one of its links. */
function actOf({ sources, destinations }: Plan, index: number): Pick<KernelAct, 'sources' | 'destinations'> {
  return { sources: sources.filter((source) => source.index === index).map(({ id }) => id), destinations };
}
