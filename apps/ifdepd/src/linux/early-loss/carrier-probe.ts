import type { LinkHealth } from '@ifdepd/linkwatch';
import type { LinkSensor } from '@ifdepd/linkwatch/linux';
import type { Media } from '@ifdepd/netif';
import { monotonicNow } from '../../system/clock.ts';
import type { CarrierCounts } from './carrier-counts.ts';

/** How the driver is asked for the carrier of watched sources, besides the kernel's messages. */
export type EarlyLossMode =
  /** While the kernel may be holding a message back, and not otherwise. */
  | 'auto'
  /** Never. */
  | 'off'
  /** Always, at this period. */
  | { readonly everyMs: number };

/**
 * How long after a link event the kernel may hold the news of the next loss back: net/core/link_watch.c delivers at
 * most one round a second (HZ), and its timer may be late.
 */
const WINDOW_AFTER_EVENT_MS = 1100;

/** After an action of ours: setting an interface down is a link event itself, some time after the call. */
const WINDOW_AFTER_ACTION_MS = 2100;

/**
 * The period after an event of a watched interface or an action of ours, when a second loss is likely: a switch that
 * loses its power takes several carriers. A loss is found after half of this on average.
 */
const PERIOD_MS = 10;

/**
 * The period in all other windows: that of a storm of interfaces that nobody watches, and one that stays open. What costs
 * is not the look, which takes a microsecond, but to be woken for it: 120 µs of a core in a storm. A loss is found after
 * 15 ms on average, instead of the kernel's 500 and more.
 */
const CALM_PERIOD_MS = 30;

/** How long watched interfaces may keep a window open until it is one that stays open: longer than one event and our action. */
const LASTING_AFTER_MS = 3500;

/**
 * How often drivers are asked although their carriers have not been counted to change: some know sooner than they say so.
 */
const SWEEP_MS = 250;

/** How long a driver may contradict the kernel's own state before it is no longer asked. */
const CONTRADICTION_LIMIT_MS = 3000;

/** What a probe works on. */
export interface CarrierProbeOptions {
  readonly mode: EarlyLossMode;
  /**
   * Tells of link events of interfaces that are not watched, for `auto`; null where there is no such thing. Not disposed
   * here.
   */
  readonly sensor: LinkSensor | null;
  /** Another object where they are others. */
  readonly sources: () => Iterable<string>;
  /** Whether the kernel's messages say that a source is active. */
  readonly isActive: (source: string) => boolean;
  /** Which carriers have moved. Not disposed here. */
  readonly counts: Pick<CarrierCounts, 'follow' | 'still' | 'moved'>;
  /** What the driver says; null where it says nothing. */
  readonly read: (source: string) => Media | null;
  /** Takes what the driver says of a source that the kernel's messages call active: its loss, or null when it is over. */
  readonly believe: (source: string, health: LinkHealth | null) => void;
}

/**
 * Reads the carrier of the watched sources from their drivers while the kernel may be holding a message back.
 *
 * Linux delivers the news of a lost carrier at most once a second, for all interfaces of the machine together: a loss
 * within a second of any link event is told up to a second late. The change itself is counted at once: the counters of
 * the sources are looked at, and where one has moved, the link of that interface is read (ETHTOOL_GLINK). That waits for
 * the kernel's lock on interfaces, answers the truth and, with most drivers, makes the kernel deliver what it holds back:
 * then the message arrives before anything else is done here. Where it does not, the answer is used. Where there is no
 * counter that can be trusted, the link is read each time.
 *
 * Link events of interfaces that nobody watches open the window as well. They are not read: the first one is sensed, and
 * at the end of the window, whether there were more. Those of other network namespaces open it too, and are sensed only
 * where the system lets us: `everyMs` is for machines with many of them.
 */
export interface CarrierProbe extends Disposable {
  /** A link event was received, and acted upon. */
  heard(): void;
  /** A link event was received: what the driver said before is older. To be called before anything is read from it. */
  recheck(): void;
  /** An interface was set by us. */
  acted(): void;
  /** How many losses were read from a driver before the kernel told. */
  readonly early: number;
  /** How many reads of drivers were made. */
  readonly reads: number;
  /** How often the counters were looked at. */
  readonly looks: number;
  /** Whether it reads at present. */
  readonly running: boolean;
}

/** @param now monotonic milliseconds. Default: {@link monotonicNow} */
export function carrierProbe(options: CarrierProbeOptions, now: () => number = monotonicNow): CarrierProbe {
  const { mode, counts, isActive } = options;
  /** Sources whose driver has said "no carrier" before the kernel has: since when, and whether it is acted on. */
  const suspects = new Map<string, { readonly since: number; confirmed: boolean }>();
  /** Sources whose driver cannot be asked, or goes on contradicting the kernel. */
  const mute = new Set<string>();
  let until = typeof mode === 'object' ? Number.POSITIVE_INFINITY : 0;
  let timer: NodeJS.Timeout | undefined;
  /** Of the timer. */
  let period = 0;
  /** Since when, and until when, the window is open because of watched interfaces. */
  let ownSince = 0;
  let ownUntil = 0;
  let nextSweep = 0;
  /** Those that the counters were chosen among, and whether links have changed since. */
  let chosenAmong: Iterable<string> | undefined;
  let stale = true;
  let early = 0;
  let reads = 0;
  let looks = 0;

  /** Something has happened to a watched interface, or was done to one. */
  function extend(by: number): void {
    if (mode === 'auto') {
      const at = now();
      if (at >= ownUntil) {
        ownSince = at;
      }
      ownUntil = Math.max(ownUntil, at + by);
      until = Math.max(until, ownUntil);
      pace(at);
    }
  }

  /** Has the timer go at the period that this moment asks for. */
  function pace(at: number): void {
    const due = at < ownUntil && at - ownSince <= LASTING_AFTER_MS ? PERIOD_MS : CALM_PERIOD_MS;
    if (timer === undefined || due !== period) {
      clearInterval(timer);
      period = due;
      timer = setInterval(tick, due);
    }
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
  }

  /** Waits for the next event of any interface. */
  function rest(): void {
    stop();
    options.sensor?.arm(sensed);
  }

  function sensed(): void {
    // From here on it tells whether there are more.
    options.sensor?.drain();
    const at = now();
    until = at + WINDOW_AFTER_EVENT_MS;
    pace(at);
  }

  function tick(): void {
    const at = now();
    const sweep = at >= nextSweep;
    if (sweep) {
      nextSweep = at + SWEEP_MS;
    }
    looks += 1;
    // Nearly always there is nothing to be read: all else is left to the sweep then.
    const sources = options.sources();
    stale ||= sources !== chosenAmong;
    if (stale || sweep || suspects.size > 0 || !counts.still()) {
      readMoved(sources, at, sweep);
    }
    if (at < until || suspects.size > 0) {
      if (mode === 'auto') {
        pace(at);
      }
      return;
    }
    // There is no telling when: as if it were now.
    if (options.sensor?.drain() === true) {
      until = at + WINDOW_AFTER_EVENT_MS;
    } else {
      rest();
    }
  }

  function readMoved(sources: Iterable<string>, at: number, sweep: boolean): void {
    forgetInactive();
    if (stale) {
      stale = false;
      chosenAmong = sources;
      counts.follow([...sources].filter(isActive));
    }
    for (const source of sources) {
      // In this order: what has moved is looked at once, whatever else there is to be read it for.
      if (isActive(source) && !mute.has(source) && (counts.moved(source) || sweep || suspects.has(source))) {
        check(source, at);
      }
    }
  }

  /** Those whose loss the kernel has told by now, or that are other interfaces. */
  function forgetInactive(): void {
    for (const source of suspects.keys()) {
      if (!isActive(source)) {
        clear(source);
      }
    }
    for (const source of mute) {
      if (!isActive(source)) {
        mute.delete(source);
      }
    }
  }

  function clear(source: string): void {
    const confirmed = suspects.get(source)?.confirmed === true;
    suspects.delete(source);
    if (confirmed) {
      options.believe(source, null);
    }
  }

  function check(source: string, at: number): void {
    reads += 1;
    const media = options.read(source);
    if (media === null || !media.valid) {
      mute.add(source);
      return;
    }
    const suspect = suspects.get(source);
    if (suspect === undefined && !media.active) {
      suspects.set(source, { since: at, confirmed: false });
      // What the read has made the kernel deliver is in the socket by now, and is read before this runs.
      setImmediate(confirm, source);
    } else if (suspect !== undefined && (media.active || at - suspect.since > CONTRADICTION_LIMIT_MS)) {
      clear(source);
      if (!media.active) {
        mute.add(source);
      }
    }
  }

  /** The driver may have its carrier back by now, and the kernel may have told both: nothing is left to be said. */
  function confirm(source: string): void {
    early += 1;
    const suspect = suspects.get(source);
    if (suspect === undefined || !isActive(source) || hasCarrier(source)) {
      suspects.delete(source);
    } else {
      suspect.confirmed = true;
      options.believe(source, { health: 'failed', reason: 'no carrier' });
    }
  }

  function hasCarrier(source: string): boolean {
    reads += 1;
    return options.read(source)?.active !== false;
  }

  function recheck(): void {
    for (const source of suspects.keys()) {
      if (hasCarrier(source)) {
        clear(source);
      }
    }
  }

  if (typeof mode === 'object') {
    timer = setInterval(tick, mode.everyMs);
  } else if (mode === 'auto') {
    rest();
  }

  return {
    heard() {
      stale = true;
      extend(WINDOW_AFTER_EVENT_MS);
    },
    recheck,
    acted: () => extend(WINDOW_AFTER_ACTION_MS),
    get early() {
      return early;
    },
    get reads() {
      return reads;
    },
    get looks() {
      return looks;
    },
    get running() {
      return timer !== undefined;
    },
    [Symbol.dispose]: stop,
  };
}
