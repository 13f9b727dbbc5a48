import { type Loop, realLoop } from '../../system/loop.ts';
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

/** What a probe works on. */
export interface CarrierProbeOptions extends Pick<LookTimesOptions, 'mode' | 'sensor'>, SuspectsOptions {
  /** The watched sources. Returns another object when they change. */
  readonly sources: () => Iterable<string>;
  /** Which carriers have moved. Not disposed here. */
  readonly counts: Pick<CarrierCounts, 'size' | 'follow' | 'followMore' | 'still' | 'moved' | 'counts'>;
}

/** What the early-loss probe has come to. */
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
 */
export type CarrierProbe = ReturnType<typeof carrierProbe>;

/** @param loop default: that of this process */
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
  /** Sources whose drivers are asked in their turn, the longest waiting first. */
  const waiting = new Set<string>();

  /** A look after which no source is active is the last one: it has forgotten all suspects, and the next event begins anew. */
  function isNeeded(): boolean {
    const [first] = options.sources();
    return first !== undefined && (stale || hasActive);
  }

  function look(at: number): boolean {
    const sweep = at >= nextSweep;
    if (sweep) {
      nextSweep = at + SWEEP_MS;
    }
    looks += 1;
    const sources = options.sources();
    stale ||= sources !== followed;
    // Nearly always no counter has moved: everything else is left to the sweep then.
    if (stale || sweep || suspects.size > 0 || waiting.size > 0 || !counts.still()) {
      askMoved(sources, at, sweep);
    }
    return suspects.size > 0;
  }

  function askMoved(sources: Iterable<string>, at: number, sweep: boolean): void {
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
    for (const source of sources) {
      if (!suspects.mayAsk(source)) {
        continue;
      }
      // First of all: it takes note of the count, whatever else the driver is asked for.
      const moved = counts.moved(source);
      if (suspects.has(source) || (moved && counts.counts(source))) {
        waiting.delete(source);
        suspects.ask(source, at);
      } else if (moved || sweep) {
        waiting.add(source);
      }
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
    [Symbol.dispose]: times[Symbol.dispose],
  };
}
