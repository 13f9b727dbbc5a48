import type { LinkEvent, LinkWatch } from '@ifdepd/linkwatch';
import type { EventFeed } from '../engine/event-feed.ts';
import type { PendingEvents } from '../engine/pending-events.ts';
import type { PendingLosses } from '../engine/pending-losses.ts';

/** The parts that link events go through. */
export interface LinkEventParts {
  readonly links: Pick<LinkWatch, 'subscribe' | 'catchUp' | 'resync'>;
  readonly events: PendingEvents;
  readonly losses: PendingLosses;
  readonly feed: Pick<EventFeed, 'feedEvents'>;
  /** The early-loss probe: called before and after events are fed. */
  readonly probe: { recheck(): void; heard(): void };
  /** Called before events are fed. Null where the kernel does nothing by itself. */
  readonly kernelFailover: { beforeEvent(): void } | null;
  /** Called with each event, before anything is done about it. */
  readonly received: (event: LinkEvent) => void;
  /** Called when all events have been fed. */
  readonly fed: () => void;
}

/** The path of link events from the kernel to the policy. */
export interface LinkEvents {
  /** Events read meanwhile are noted, and neither fed nor reported: they are for rules that are yet to come. */
  hold(work: () => void): void;
}

/** Notes each event, and feeds the policy when all messages have been read: the table of links is current then. */
export function linkEvents(parts: LinkEventParts): LinkEvents {
  const { links, events, losses, feed, probe, kernelFailover, received, fed } = parts;
  let held = false;
  let catchingUp = false;

  links.subscribe((event) => {
    if (!held) {
      received(event);
    }
    events.note(event);
    if (event.type === 'snapshot') {
      losses.listRead();
    }
  }, settled);

  function settled(): void {
    if (held || catchingUp) {
      return;
    }
    kernelFailover?.beforeEvent();
    if (losses.isBehind()) {
      catchingUp = true;
      catchUp(links, losses);
      catchingUp = false;
    }
    // Before a snapshot too: a carrier may have been lost before it, or before the start.
    feed.feedEvents(probe.recheck);
    probe.heard();
    fed();
  }

  return {
    hold(work) {
      held = true;
      try {
        work();
      } finally {
        held = false;
      }
    },
  };
}

/**
 * Reads what the kernel has reported by now. The message of a loss that it has acted on is among that. If the kernel dropped
 * that message, every link is read: once or, where the first list may be older than the loss, twice.
 *
 * @returns whether the table of links is current
 */
export function catchUp(links: Pick<LinkWatch, 'catchUp' | 'resync'>, losses: PendingLosses): boolean {
  const all = links.catchUp();
  for (let lists = 0; all && lists < 2 && losses.unread().length > 0; lists += 1) {
    links.resync();
  }
  return all;
}
