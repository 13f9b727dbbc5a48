import { objectWith } from '@ifdepd/libc';
import type { Policy } from '@ifdepd/policy';
import { compiled } from '../config/compiled-policy.ts';
import { prepareDestinations } from '../engine/prepare-destinations.ts';
import { firstList } from '../system/first-list.ts';
import { warmUp } from '../tuning/warm-up.ts';
import type { Daemon, DaemonOptions } from './daemon.ts';
import { daemonOf } from './daemon-of.ts';
import { type DaemonParts, type Keep, openParts } from './daemon-parts.ts';

/** A start before the first decision. */
export interface PreparedStart {
  /**
   * Waits for the first list of links while the event loop goes on, for 2 s at most. Without it the first decision follows with
   * the list.
   */
  listed(): Promise<void>;
  /** Decides on what is there and applies it, or as much of it as there is time for. To be called once. */
  decide(): DecidedStart;
  /** Ends it without a daemon. */
  close(): void;
}

/** A start after the first decision. */
export interface DecidedStart {
  /** Reports the decision. To be called once. @returns the daemon */
  finish(): Daemon;
}

/**
 * Starts to watch, decides on what is there and applies it, all before it returns.
 *
 * @throws {PolicyError} where the policy is not valid
 * @throws {SystemError} where the interfaces cannot be watched or read
 */
export function startDaemon(options: DaemonOptions): Daemon {
  return openStart(options).decide().finish();
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

  function decide(): DecidedStart {
    prepare();
    const events = parts.listen();
    if (options.dryRun !== true) {
      parts.watchedPrograms.askAll();
    }
    return { finish: () => orClose(() => finish(events)) };
  }

  function finish(events: ReturnType<DaemonParts['listen']>): Daemon {
    parts.lines.flush();
    if (options.goOn !== undefined) {
      for (const { name, phase } of parts.state.status().groups) {
        parts.lines.inPhase(name, phase);
      }
    }
    if (options.warmUp === true) {
      warmUpUntilNeeded(policy, parts, keep);
    }
    return daemonOf(parts, events, prepare, close);
  }

  return {
    listed: () => firstList(parts.links, options.loop),
    decide: () => orClose(decide),
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
