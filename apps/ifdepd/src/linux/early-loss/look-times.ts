import type { LinkSensor } from '@ifdepd/linkwatch/linux';
import type { EarlyLossMode } from '../../config/settings.ts';
import { type Loop, realLoop, type Timer } from '../../system/loop.ts';

/**
 * How long after a link event, or an action of the daemon, the kernel may delay the message of the next loss: net/core/link_watch.c
 * delivers at most one round a second (HZ), and its timer may be late. The next round may be without a message, for links that are
 * down: a VLAN or macvlan held down whose link below was lost. It delays what follows by another second.
 */
const WINDOW_MS = 2100;

/**
 * The period after an event of a watched interface or an action of the daemon, when a second loss is likely: a switch that
 * loses its power takes several carriers. A loss is found after half of this on average.
 */
const PERIOD_MS = 10;

/**
 * The period in all other windows: those that a storm of other interfaces opens, and one that stays open. A look takes a
 * microsecond; the wake-up for it takes 120 µs of a core in a storm. A loss is found after 20 ms on average, instead of
 * the kernel's 500 and more.
 */
const CALM_PERIOD_MS = 40;

/** Sources that one look reads within a millisecond. With more of them the periods are longer by that factor. */
const SOURCES_A_PERIOD = 500;

/** How long watched interfaces may keep a window open before the period is the calm one: longer than one event and an action. */
const LASTING_AFTER_MS = 3500;

/** The facts that the times depend on. */
export interface LookTimesOptions {
  readonly mode: EarlyLossMode;
  /** Signals events of every link, for `auto`; null where the system has no sensor. Not disposed here. */
  readonly sensor: LinkSensor | null;
  /** How many sources a look reads. */
  readonly size: () => number;
  /** Whether there are sources to look at. Without any, no event opens a window, and the looks end. */
  readonly isNeeded: () => boolean;
  /** Begins a look, at this time; `looked` is called when it is over. While one is under way, it does nothing. */
  readonly look: (at: number) => void;
}

/**
 * When to look at carriers: while the kernel may delay a message.
 *
 * A window opens with every link event, also of interfaces that nobody watches. Those events are not read: the sensor
 * signals the first one and, at the end of the window, whether there were more. Events of other network namespaces open
 * a window too; the sensor receives them only with CAP_NET_BROADCAST. `everyMs` is for machines with many of them.
 *
 * @param loop default: that of this process
 */
export function lookTimes({ mode, sensor, size, isNeeded, look }: LookTimesOptions, loop: Loop = realLoop) {
  let timer: Timer | undefined;
  let periodMs = 0;
  let openUntil = 0;
  /** Since when, and until when, watched interfaces keep the window open. */
  let ownSince = 0;
  let ownUntil = 0;

  function extend(): void {
    if (mode === 'auto') {
      const at = loop.now();
      if (at >= ownUntil) {
        ownSince = at;
      }
      ownUntil = Math.max(ownUntil, at + WINDOW_MS);
      openUntil = Math.max(openUntil, ownUntil);
      pace(at);
    }
  }

  /** Starts the timer with the period that is right at this time. */
  function pace(at: number): void {
    if (!isNeeded()) {
      stop();
      return;
    }
    const one = at < ownUntil && at - ownSince <= LASTING_AFTER_MS ? PERIOD_MS : CALM_PERIOD_MS;
    const due = one * Math.max(1, Math.ceil(size() / SOURCES_A_PERIOD));
    if (timer === undefined || due !== periodMs) {
      loop.clearTicker(timer);
      periodMs = due;
      timer = loop.setTicker(tick, due);
    }
  }

  function tick(): void {
    look(loop.now());
  }

  function looked(at: number, goOn: boolean): void {
    if (mode !== 'auto') {
      return;
    }
    if (at < openUntil || goOn) {
      pace(at);
    } else if (sensor?.drain() === true) {
      // The sensor does not say when: it may have been now.
      openUntil = loop.now() + WINDOW_MS;
    } else {
      stop();
      sensor?.arm(sensed);
    }
  }

  function sensed(): void {
    // From here on it signals whether there are more.
    sensor?.drain();
    const at = loop.now();
    openUntil = at + WINDOW_MS;
    pace(at);
  }

  function stop(): void {
    loop.clearTicker(timer);
    timer = undefined;
  }

  if (typeof mode === 'object') {
    timer = loop.setTicker(tick, mode.everyMs);
  } else if (mode === 'auto') {
    sensor?.arm(sensed);
  }

  return {
    /** A watched interface has had an event. */
    afterEvent: extend,
    /** The daemon has set an interface. */
    afterAction: extend,
    /**
     * A look is over, maybe turns of the event loop after it began.
     *
     * @param at when it began
     * @param goOn whether looking must go on although the window has passed
     */
    looked,
    /** Whether a timer runs. */
    get running(): boolean {
      return timer !== undefined;
    },
    [Symbol.dispose]: stop,
  };
}
