import type { LinkHealth } from '@ifdepd/linkwatch';
import type { Presence } from '@ifdepd/policy';
import type { Loop, Timer } from '../system/loop.ts';
import type { Bindings } from './bindings.ts';
import type { EventBatch, PendingEvents } from './pending-events.ts';
import type { PendingLosses } from './pending-losses.ts';
import type { PolicyLoop } from './policy-loop.ts';
import type { Readings } from './readings.ts';
import { type SourceFeedParts, sourceFeed } from './source-feed.ts';

/** The options of {@link eventFeed}. */
export interface EventFeedParts extends SourceFeedParts {
  readonly loop: Pick<PolicyLoop, 'feed' | 'feedPast' | 'together' | 'isDue' | 'subscribe'>;
  readonly events: Pick<PendingEvents, 'take'>;
  readonly losses: PendingLosses;
  readonly readings: Readings;
  readonly bindings: Pick<Bindings, 'now'>;
  readonly eventLoop: Loop;
}

/** Milliseconds until a destination that could not be read is read again: no message would report that it can be. */
const AGAIN_MS = 1000;

/** Feeds the policy with readings. */
export type EventFeed = ReturnType<typeof eventFeed>;

/**
 * A reading is taken when it is fed and not before, and a destination that is about to be set is not read: nothing is
 * believed that is older than what was last written.
 */
export function eventFeed(parts: EventFeedParts) {
  const { loop, events, losses, readings, links, bindings, eventLoop } = parts;
  const sources = sourceFeed(parts);
  const indices = new Map<string, number | undefined>();
  const unread = new Set<string>();
  /** Whether what early loss pushes is fed with an event, and the sources of which it has pushed something for that. */
  let gathering = false;
  const believed: string[] = [];
  let timer: Timer | undefined;
  let reading = false;

  function feedDestination(id: string, was?: Presence): void {
    if (loop.isDue(id)) {
      unread.add(id);
      return;
    }
    indices.set(id, links.lookUp(id)?.index);
    const found = readings.destination(id);
    if (found !== undefined) {
      const is = found.is === 'down' && was !== undefined && losses.isLowered(id) ? was : found.is;
      loop.feed({ type: 'destination', ...readings.fed({ ...found, is }) });
    }
  }

  /** Whatever is under its name now, it is another one: that it appeared raises nothing. */
  function feedGone(ids: Iterable<string>): void {
    for (const id of ids) {
      loop.feed({ type: 'destination', ...readings.fed({ id, is: 'missing' }) });
    }
  }

  /** @param ahead other sources of which something is known that no event reports */
  function feedChanges(
    { gone, early, late, sources: changed, losses: reported }: EventBatch,
    ahead: readonly string[],
  ): void {
    feedGone(gone);
    for (const [id, was] of early) {
      // What the kernel has set up is read when the policy knows why.
      if (losses.isRaised(id)) {
        unread.add(id);
      } else {
        feedDestination(id, was);
      }
    }
    const [source, ...others] = sources.read(
      ahead.length === 0 ? changed : new Set([...changed, ...ahead]),
      reported,
    );
    if (source !== undefined) {
      loop.feed(
        others.length === 0
          ? { type: 'source', source }
          : { type: 'sources', complete: false, sources: [source, ...others] },
      );
    }
    for (const id of late) {
      unread.add(id);
    }
  }

  function feedList({ gone, losses: reported }: EventBatch): void {
    const { sources: all, destinations } = bindings.now;
    const ids = [...destinations.keys()];
    feedGone(ids.filter((id) => gone.has(id) || isAnother(id)));
    sources.read(all.keys(), reported);
    // A destination that is about to be set, or that the kernel set in our name, is read afterwards.
    const later = ids.some((id) => loop.isDue(id) || losses.isLowered(id) || losses.isRaised(id));
    loop.feed(later ? readings.sources() : readings.snapshot());
    for (const id of ids) {
      if (later) {
        unread.add(id);
      }
      indices.set(id, links.lookUp(id)?.index);
    }
  }

  function isAnother(id: string): boolean {
    const [before, now] = [indices.get(id), links.lookUp(id)?.index];
    return before !== undefined && now !== undefined && before !== now;
  }

  /** Reads the destinations that events were about and that were not read, as they were about to be set. */
  function readRest(): void {
    if (readings.unreadable.size > 0) {
      timer ??= eventLoop.setTimer(readAgain, AGAIN_MS);
    }
    if (reading || unread.size === 0) {
      return;
    }
    reading = true;
    try {
      loop.together(() => {
        for (const id of [...unread]) {
          unread.delete(id);
          feedDestination(id);
        }
      });
    } finally {
      reading = false;
    }
  }

  function readAgain(): void {
    timer = undefined;
    for (const id of [...readings.unreadable]) {
      readings.unreadable.delete(id);
      loop.together(() => feedDestination(id));
    }
  }

  /** Feeds one source: something else than a message says that it has changed. */
  function feedSource(id: string): void {
    loop.together(() => sources.feedAhead(readings.source(id)));
  }

  loop.subscribe({ rested: readRest });

  return {
    /**
     * Feeds what events were about, when all messages have been read: each source as it is by now, and how often it was lost.
     *
     * @param before called first; what it has believed becomes part of the same event
     */
    feedEvents(before: () => void = () => {}): void {
      loop.together(() => {
        gathering = true;
        before();
        gathering = false;
        // Before the events are taken: by these it is known which losses their messages report.
        const ahead = believed.length === 0 ? losses.unread() : [...losses.unread(), ...believed.splice(0)];
        const batch = events.take();
        if (batch.list === null) {
          feedChanges(batch, ahead);
        } else {
          feedList(batch);
        }
      }, true);
    },
    /** Feeds everything, as it is by now. */
    feedAll(): void {
      loop.together(() => {
        losses.unread();
        feedList(events.take());
      });
    },
    feedSource,
    /** Feeds one destination: something else than a message says that it has changed. */
    feedDestination: (id: string) => loop.together(() => feedDestination(id)),
    /** Takes what early loss pushes: a loss that no message reports, or null when it is over. */
    believe(source: string, health: LinkHealth | null): void {
      losses.believe(source, health);
      if (gathering) {
        believed.push(source);
      } else {
        feedSource(source);
      }
    },
    [Symbol.dispose]: () => eventLoop.clearTimer(timer),
  };
}
