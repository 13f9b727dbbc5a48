import { objectWith } from '@ifdepd/libc';
import type { Policy } from '@ifdepd/policy';
import { compiled } from '../config/compiled-policy.ts';
import type { DaemonRules } from '../engine/daemon-rules.ts';
import { prepareDestinations } from '../engine/prepare-destinations.ts';
import { firstList } from '../system/first-list.ts';
import { warmUp } from '../tuning/warm-up.ts';
import type { Daemon, DaemonOptions } from './daemon.ts';
import { type DaemonParts, type Keep, openParts } from './daemon-parts.ts';

/** Milliseconds for destinations that are still to be set when the daemon stops. */
const FINISH_MS = 500;

/** A start before the first decision. */
export interface PreparedStart {
  /**
   * Waits for the first list of links while the event loop goes on, for 2 s at most. Without it the first decision follows with
   * the list.
   */
  listed(): Promise<void>;
  /** Decides on what is there and applies it, or as much of it as there is time for. To be called once. */
  decide(): void;
  /** The daemon. Decides where that is not done. To be called once. */
  finish(): Daemon;
  /** Ends it without a daemon. */
  close(): void;
}

/**
 * Starts to watch, decides on what is there and applies it, all before it returns.
 *
 * @throws {PolicyError} where the policy is not valid
 * @throws {SystemError} where the interfaces cannot be watched or read
 */
export function startDaemon(options: DaemonOptions): Daemon {
  return openStart(options).finish();
}

/**
 * Starts to watch, and decides nothing yet.
 *
 * The order matters: the event socket is open before the interfaces are read, so nothing falls between; destinations
 * are read in the same call as sources, so nothing is written that is right already.
 *
 * @throws as {@link startDaemon} does
 */
export function openStart(options: DaemonOptions): PreparedStart {
  objectWith('startDaemon: options', options, 'policy', 'log');
  const policy = compiled(options.policy);
  const opened: Disposable[] = [];

  function keep<Part extends Disposable>(part: Part): Part {
    opened.push(part);
    return part;
  }

  function close(): void {
    for (let part = opened.pop(); part !== undefined; part = opened.pop()) {
      part[Symbol.dispose]();
    }
  }

  /** Closes what is open by now where it fails. */
  function orClose<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      close();
      throw error;
    }
  }

  const parts = orClose(() => openParts(options, policy, keep));
  const prepare = (): void => {
    if (options.dryRun !== true) {
      prepareDestinations(parts.bindings.now.destinations, parts.failures, parts.lines.line);
    }
  };

  let events: ReturnType<DaemonParts['listen']> | undefined;

  function decide(): ReturnType<DaemonParts['listen']> {
    prepare();
    events = parts.listen();
    if (options.dryRun !== true) {
      parts.watchedPrograms.askAll();
    }
    return events;
  }

  function finish(): Daemon {
    const heard = events ?? decide();
    parts.lines.flush();
    if (options.goOn !== undefined) {
      for (const { name, phase } of parts.state.status().groups) {
        parts.lines.inPhase(name, phase);
      }
    }
    if (options.warmUp === true) {
      warmUpUntilNeeded(policy, parts, keep);
    }
    return daemonOf(parts, heard, prepare, close);
  }

  return {
    listed: () => firstList(parts.links, options.loop),
    decide: () => void orClose(decide),
    finish: () => orClose(finish),
    close,
  };
}

/** Ends the warm-up with the first event: it must not be in the way of what it prepares for. */
function warmUpUntilNeeded(policy: Policy, { kernel, links }: DaemonParts, keep: Keep): void {
  const end = warmUp(policy, kernel);
  links.subscribe((event) => {
    // A new subscriber is called with the present list, which is no event.
    if (event.type !== 'snapshot' || event.cause !== 'start') {
      end();
    }
  });
  keep({ [Symbol.dispose]: end });
}

function daemonOf(
  parts: DaemonParts,
  events: ReturnType<DaemonParts['listen']>,
  prepare: () => void,
  close: () => void,
): Daemon {
  const { bindings, kernel, kernelFailover, lines, links, loop, losses, feed, parents, probe, state } = parts;

  let quiet = false;

  /** Before something that does not wait for messages: a loss whose message is unread is fed by itself. */
  function settle(): void {
    parts.look();
    for (const id of losses.unread()) {
      feed.feedSource(id);
    }
  }

  function replace(rules: DaemonRules, letGo: () => void): void {
    const policy = compiled(rules.policy);
    // The kernel has acted so far for the rules that end here.
    settle();
    events.hold(() => {
      letGo();
      bindings.replace(rules, policy);
      links.setInterest([...bindings.now.interest, ...parents.names]);
    });
    prepare();
    loop.replace(policy);
    lines.restate();
  }

  function readAll(): void {
    feed.feedAll();
    probe.heard();
    parts.watchedPrograms.askAll();
    events.followParents();
  }

  return {
    platform: kernel.libc.target.platform,
    backend: links.backend,
    links,
    linkCounters: links.counters,
    get status() {
      return state.status();
    },
    explainer: state.explainer,
    get explanation() {
      return state.explain();
    },
    saved: state.serialize,
    get busy() {
      return loop.busy;
    },
    failures: parts.failures,
    passedLosses: parts.passedLosses,
    earlyLoss: probe,
    get kernelFailover() {
      return quiet ? null : kernelFailover;
    },
    failoverCover: (group) => (quiet ? null : parts.coverOf(group)),
    driverOf: (id) => bindings.now.destinations.get(id),
    feed(event) {
      if (event.type === 'source') {
        bindings.noteFed(event.source);
      }
      settle();
      loop.feed(event);
    },
    foresee: (rules) => bindings.foresee(rules, compiled(rules.policy)),
    replace,
    readAll,
    reload(rules, letGo = () => {}) {
      replace(rules, letGo);
      readAll();
    },
    resync() {
      links.resync();
      parts.watchedPrograms.askAll();
    },
    quiesce() {
      settle();
      kernelFailover?.close();
      quiet = true;
      // Past decisions are reported before those that follow.
      lines.flush();
      loop.finish(FINISH_MS);
      lines.flush();
    },
    close,
    [Symbol.dispose]: close,
  };
}
