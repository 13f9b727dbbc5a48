import { type Deferral, type Loop, realLoop } from '../../system/loop.ts';
import type { CarrierCounts } from './carrier-counts.ts';
import { type LookTimesOptions, lookTimes } from './look-times.ts';
import { Suspects, type SuspectsOptions } from './suspects.ts';

/** How often drivers are asked although no counter has moved: some know of a loss before they count it. */
const SWEEP_MS = 250;

/**
 * How long one look may ask drivers that nothing points to. Each question waits for the kernel's lock on interfaces: 1 µs in quiet, but
 * up to milliseconds while another program changes interfaces, and the daemon does nothing else meanwhile.
 */
const ASKING_MS = 1;

/**
 * Sources that are looked at before the event loop goes on: each is one pread(2), 1 to 2 µs. The loss of a source whose message is
 * there by then need not wait for a look at thousands of others.
 */
const IN_A_TURN = 64;

/** The options of {@link carrierProbe}. */
export interface CarrierProbeOptions extends Pick<LookTimesOptions, 'mode' | 'sensor'>, SuspectsOptions {
  /** The watched sources. Returns another object when they change. */
  readonly sources: () => Iterable<string>;
  /** Which carriers have moved. Not disposed here. */
  readonly counts: Pick<CarrierCounts, 'size' | 'follow' | 'followMore' | 'isStill' | 'moved' | 'counts'>;
}

/** The counts of the early-loss probe. */
export interface EarlyLossCounts {
  /** How many losses a driver reported before the kernel. */
  readonly early: number;
  /** How often a driver was asked. */
  readonly reads: number;
  /** How often the counters of carriers were looked at. */
  readonly looks: number;
  /** Whether it looks at present. */
  readonly running: boolean;
}

/**
 * Finds lost carriers of the watched sources while the kernel may delay the message of a loss.
 *
 * Linux reports lost carriers at most once a second, for all interfaces of the machine together, so a loss within a second
 * of any link event is reported up to a second late. The kernel counts the change at once: the counters of
 * the sources are looked at ({@link lookTimes} says when), and where one has moved its driver is asked
 * ({@link Suspects} says who is believed). Where no counter can be trusted the driver is asked each time.
 *
 * @param loop default: that of this process
 */
export function carrierProbe(options: CarrierProbeOptions, loop: Loop = realLoop) {
  const { counts } = options;
  const suspects = new Suspects(options, loop);
  const times = lookTimes({ ...options, size: () => counts.size, isNeeded, look }, loop);
  let nextSweep = 0;
  /** The sources that the counters follow, and whether links have changed since. */
  let followed: Iterable<string> | undefined;
  let stale = true;
  /** Whether the messages called a source active when links had changed last. */
  let hasActive = false;
  let looks = 0;
  /** The look that is under way. */
  let turn: Deferral | undefined;
  /** Sources whose drivers are asked in their turn, the longest waiting first. */
  const waiting = new Set<string>();

  /** A look after which no source is active is the last one: it has forgotten all suspects, and the next event begins anew. */
  function isNeeded(): boolean {
    const [first] = options.sources();
    return first !== undefined && (stale || hasActive);
  }

  function look(at: number): void {
    // The look before is under way: with thousands of sources, or while events are handled.
    if (turn === undefined) {
      looks += 1;
      begin(at);
    }
  }

  function begin(at: number): void {
    const sweep = at >= nextSweep;
    if (sweep) {
      nextSweep = at + SWEEP_MS;
    }
    const sources = options.sources();
    stale ||= sources !== followed;
    suspects.forgetInactive();
    if (stale) {
      stale = false;
      followed = sources;
      const active = [...sources].filter(options.isActive);
      hasActive = active.length > 0;
      counts.follow(active, sources);
    } else {
      counts.followMore();
    }
    goOn(sources[Symbol.iterator](), at, sweep);
  }

  /** Looks at some sources, and at the rest in later turns of the event loop. */
  function goOn(rest: Iterator<string>, at: number, sweep: boolean): void {
    turn = undefined;
    for (let looked = 0; looked < IN_A_TURN; looked += 1) {
      const { done, value: source } = rest.next();
      if (done === true) {
        askWaiting(at);
        times.looked(at, suspects.size > 0);
        return;
      }
      lookAt(source, at, sweep);
    }
    turn = loop.defer(() => goOn(rest, at, sweep));
  }

  function lookAt(source: string, at: number, sweep: boolean): void {
    const isSuspect = suspects.has(source);
    // Nearly always no counter has moved: everything else is left to the sweep then.
    if (!(sweep || isSuspect) && counts.isStill(source)) {
      return;
    }
    if (!suspects.mayAsk(source)) {
      return;
    }
    // First of all: it takes note of the count, whatever else the driver is asked for.
    const moved = counts.moved(source);
    if (isSuspect || (moved && counts.counts(source))) {
      waiting.delete(source);
      suspects.ask(source, at);
    } else if (moved || sweep) {
      waiting.add(source);
    }
  }

  function askWaiting(at: number): void {
    if (waiting.size === 0) {
      return;
    }
    const until = loop.now() + ASKING_MS;
    for (const source of waiting) {
      waiting.delete(source);
      if (suspects.mayAsk(source)) {
        suspects.ask(source, at);
      }
      if (loop.now() >= until) {
        return;
      }
    }
  }

  return {
    /** A link event was received and acted upon. */
    heard(): void {
      stale = true;
      times.afterEvent();
    },
    /** A link event was received: the driver's earlier answers are older. To be called before the event is fed. */
    recheck: () => suspects.recheck(),
    /** The daemon has set an interface. */
    acted: times.afterAction,
    get early() {
      return suspects.early;
    },
    get reads() {
      return suspects.reads;
    },
    get looks() {
      return looks;
    },
    get running() {
      return times.running;
    },
    [Symbol.dispose]() {
      loop.cancel(turn);
      times[Symbol.dispose]();
    },
  };
}
