import { callable, type Libc, loadLibc, objectWith } from '@ifdepd/libc';
import { probeAbiOf } from './abi/index.ts';
import { exchangeOf } from './exchange/index.ts';
import type { Verdict } from './judge/judge.ts';
import type { ProbeStatistics } from './judge/result-window.ts';
import type { ProbeResult } from './result.ts';
import { RunningProbe } from './running-probe.ts';
import { hostSystem } from './sockets/host-system.ts';
import { checkTarget, type ProbeTarget, paceOf } from './target/target.ts';
import { firstMomentMs } from './timing/moments.ts';
import { TimerWheel } from './timing/timer-wheel.ts';

/** Options of {@link openProbes}. */
export interface OpenProbesOptions {
  /** The calls of the system. Default: those of this one. */
  readonly libc?: Libc;
  /** A number from 0 up to 1, which spreads the first probes over their interval. Default: `Math.random`. */
  readonly random?: () => number;
}

/** Calls back about one target. An exception of a callback reaches `uncaughtException`. */
export interface ProbeListener {
  /** After each result. */
  readonly onResult?: (result: ProbeResult, probe: Probe) => void;
  /** After a result that changed the verdict; after `onResult`. */
  readonly onVerdict?: (probe: Probe) => void;
}

/** A target that is probed. */
export interface Probe extends Disposable {
  readonly target: ProbeTarget;
  readonly verdict: Verdict;
  /** The reason of the verdict, as of now: `3 of 3 probes unanswered for 2.4 s`. */
  readonly reason: string;
  /** Counts over the last results, at most `window` of them. */
  readonly statistics: ProbeStatistics;
  /** Ends it. Also when it has ended. */
  close(): void;
}

/** All probes of a program: they share one timer. */
export interface Probes extends Disposable {
  /**
   * Begins to probe a target.
   *
   * @throws {TypeError | RangeError} where the target is wrong, or this system cannot probe it
   */
  add(target: ProbeTarget, listener: ProbeListener): Probe;
  /** Ends them all. */
  close(): void;
}

/** The clock of the wall may jump this far forward, against the monotonic one, until the machine counts as having slept. */
const SLEPT_MS = 1000;

/** The most targets that one turn of the event loop deals with: other events of the program come in between. */
const MOST_IN_A_TURN = 8;

/** Takes as many from the front of a list as one turn allows, and lets `more` follow in the next turn. */
function takeSome<Item>(list: Item[], take: (item: Item) => unknown, more: () => void): void {
  try {
    for (let left = MOST_IN_A_TURN; left > 0 && list.length > 0; left -= 1) {
      take(list.shift() as Item);
    }
  } finally {
    if (list.length > 0) {
      setImmediate(more);
    }
  }
}

/**
 * Probes targets without a process and without a thread. It keeps the program alive while there are targets.
 *
 * @throws {UnsupportedSystemError} on a system without tables
 *
 * @example
 * ```ts
 * import { openProbes } from '@ifdepd/probe';
 * import { scriptedHosts } from '@ifdepd/probe/testing';
 *
 * // Without `libc`, it probes the hosts of the network.
 * const probes = openProbes({ libc: scriptedHosts('192.0.2.1').libc, random: () => 0 });
 * probes.add(
 *   { kind: 'ping', host: '192.0.2.1', everyMs: 50, rise: 1 },
 *   {
 *     onVerdict: (probe) => {
 *       console.log(probe.verdict); // active
 *       probes.close();
 *     },
 *   },
 * );
 * ```
 */
export function openProbes(options: OpenProbesOptions = {}): Probes {
  objectWith('openProbes: options', options);
  const { libc = loadLibc(), random = Math.random } = options;
  objectWith('openProbes: libc', libc, 'target', 'socket', 'recvfrom');
  callable('openProbes: random', random);
  const host = hostSystem(libc);
  const wheel = new TimerWheel<RunningProbe>(performance.now());
  const running = new Set<RunningProbe>();
  let timer: NodeJS.Timeout | undefined;
  let armedMs = Number.POSITIVE_INFINITY;
  let ticking = false;
  const due: RunningProbe[] = [];
  const expired: RunningProbe[] = [];
  let skewMs = Date.now() - performance.now();

  function schedule(probe: RunningProbe): void {
    wheel.set(probe, probe.wakeMs);
    // A timer that fires too early costs less than a new one at every answer.
    if (!ticking && probe.wakeMs < armedMs) {
      arm();
    }
  }

  function arm(): void {
    const nextMs = wheel.nextMs;
    if (nextMs === armedMs) {
      return;
    }
    clearTimeout(timer);
    armedMs = nextMs;
    // A timer of Node fires up to 1 ms early, by the clock that it reads: a wake-up for nothing, and a second one.
    timer =
      nextMs === Number.POSITIVE_INFINITY
        ? undefined
        : setTimeout(tick, Math.max(0, Math.ceil(nextMs - performance.now())) + 1);
  }

  function tick(): void {
    armedMs = Number.POSITIVE_INFINITY;
    const nowMs = performance.now();
    const skew = Date.now() - nowMs;
    if (skew - skewMs > SLEPT_MS) {
      for (const probe of running) {
        probe.restart(nowMs);
      }
    }
    skewMs = skew;
    const isWorking = due.length > 0;
    wheel.advance(nowMs, (probe) => void due.push(probe));
    if (isWorking) {
      arm();
    } else {
      work();
    }
  }

  function work(): void {
    ticking = true;
    try {
      takeSome(due, (probe) => running.has(probe) && wake(probe), work);
    } finally {
      ticking = false;
      arm();
    }
  }

  function wake(probe: RunningProbe): void {
    if (probe.wake(performance.now()) === 'expire') {
      expired.push(probe);
      if (expired.length === 1) {
        setImmediate(expire);
      }
      return;
    }
    if (running.has(probe)) {
      wheel.set(probe, probe.wakeMs);
    }
  }

  /** What has come by now, the event loop has delivered between the timer and this. */
  function expire(): void {
    takeSome(expired, (probe) => probe.expire(), expire);
  }

  function end(probe: RunningProbe): void {
    running.delete(probe);
    wheel.clear(probe);
    arm();
  }

  return {
    add(target, listener) {
      checkTarget(target, probeAbiOf(libc.target.platform));
      const pace = paceOf(target);
      const firstMs = firstMomentMs(performance.now(), pace.everyMs, random());
      const probe = new RunningProbe({
        target,
        pace,
        firstMs,
        listener,
        exchange: (settle) => exchangeOf(host, target, settle),
        schedule,
        end,
      });
      running.add(probe);
      schedule(probe);
      return probe;
    },
    close() {
      for (const probe of running) {
        probe.close();
      }
    },
    [Symbol.dispose]() {
      this.close();
    },
  };
}
