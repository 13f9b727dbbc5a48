import type { Loop, Timer } from '../system/loop.ts';
import type { Bindings } from './bindings.ts';
import type { AnyDriver } from './destinations/index.ts';
import type { EventFeed } from './event-feed.ts';
import type { PolicyLoop } from './policy-loop.ts';
import type { PolicyState } from './policy-state.ts';

/** Milliseconds between two runs of the program that reads a destination. */
const EVERY_MS = 10_000;

/** The options of {@link programWatch}. */
export interface ProgramWatchParts {
  readonly bindings: Pick<Bindings, 'now'>;
  readonly state: Pick<PolicyState, 'status'>;
  readonly loop: Pick<PolicyLoop, 'feed' | 'subscribe' | 'isDue'>;
  /** Reads once more, when the messages before it have been read. */
  readonly feed: Pick<EventFeed, 'feedDestination'>;
  readonly eventLoop: Loop;
}

/**
 * Watches destinations that programs set: asks what they are, every so often and after a failure, and reports one that a failed
 * program may have left half set down. The policy raises nothing on a guess; that one is no guess.
 */
export function programWatch({ bindings, state, loop, feed, eventLoop }: ProgramWatchParts) {
  let timer: Timer | undefined;
  let closed = false;

  /** Whether a destination is still set by this driver. */
  const isBound = (id: string, driver: AnyDriver) => !closed && bindings.now.destinations.get(id) === driver;

  async function ask(id: string): Promise<void> {
    const driver = bindings.now.destinations.get(id);
    if ((await driver?.ask?.()) === true && driver !== undefined && isBound(id, driver)) {
      feed.feedDestination(id);
    }
  }

  function askAll(): void {
    const ids = [...bindings.now.destinations].flatMap(([id, driver]) =>
      driver.ask === undefined ? [] : [id],
    );
    if (ids.length === 0 || closed) {
      eventLoop.clearTicker(timer);
      timer = undefined;
      return;
    }
    timer ??= eventLoop.setTicker(askAll, EVERY_MS);
    for (const id of ids) {
      void ask(id);
    }
  }

  /** A destination that a failed program has left half set down is unknown while it is wanted down, else ours to raise. */
  function feedTorn(): void {
    const torn = new Set(
      [...bindings.now.destinations].flatMap(([id, driver]) =>
        driver.isTorn?.() === true && driver.read() === 'unknown' && !loop.isDue(id) ? [id] : [],
      ),
    );
    for (const { id, want, is } of torn.size === 0 || closed ? [] : state.status().destinations) {
      const told = want === 'up' ? 'down' : 'unknown';
      if (torn.has(id) && is !== told) {
        // From up straight to down would be a change by another program.
        loop.feed({ type: 'destination', id, is: 'unknown' });
        if (told === 'down') {
          loop.feed({ type: 'destination', id, is: told, owned: true });
        }
      }
    }
  }

  loop.subscribe({
    decided({ transitions, outcomes, event }) {
      const failed = outcomes.filter(({ byProgram, error }) => byProgram === true && error !== null);
      if (failed.length > 0 || transitions.length > 0 || event.type === 'sources') {
        eventLoop.defer(feedTorn);
      }
      for (const { effect } of failed) {
        void ask(effect.destination);
      }
    },
  });

  return {
    /** Asks all of them: at the start, under other rules, and when everything is read again. */
    askAll,
    [Symbol.dispose]() {
      closed = true;
      eventLoop.clearTicker(timer);
    },
  };
}
