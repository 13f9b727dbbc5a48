import type { LinkEvent, LinkWatch } from '@ifdepd/linkwatch';
import type { EventFeed } from '../engine/event-feed.ts';
import type { PendingEvents } from '../engine/pending-events.ts';
import type { PendingLosses } from '../engine/pending-losses.ts';
import type { PolicyLoop } from '../engine/policy-loop.ts';
import type { CarrierProbe } from '../linux/early-loss/carrier-probe.ts';
import type { KernelFailover } from '../linux/kernel-failover/kernel-failover.ts';

/** What link events go through. */
export interface LinkHearers {
  readonly links: Pick<LinkWatch, 'subscribe' | 'catchUp' | 'resync'>;
  readonly desk: PendingEvents;
  readonly losses: PendingLosses;
  readonly feed: EventFeed;
  readonly engine: Pick<PolicyLoop, 'together'>;
  readonly carriers: Pick<CarrierProbe, 'recheck' | 'heard'>;
  /** Null while the kernel does nothing by itself. */
  readonly kernelFailover: () => KernelFailover | null;
  /** Whether events wait for other rules. */
  readonly isWaiting: () => boolean;
  /** Called with each event, before anything is done about it. */
  readonly told: (event: LinkEvent) => void;
  /** Called when all events have been fed. */
  readonly fed: () => void;
}

/** Notes each event, and feeds the policy when all messages have been read: the table of links is current then. */
export function hearLinks(parts: LinkHearers): void {
  const { links, desk, losses, feed, engine, carriers, kernelFailover, isWaiting, told, fed } = parts;
  let catchingUp = false;

  links.subscribe((event) => {
    told(event);
    desk.note(event);
    if (event.type === 'snapshot') {
      losses.listRead();
    }
  }, settled);

  function settled(): void {
    if (isWaiting() || catchingUp) {
      return;
    }
    kernelFailover()?.beforeEvent();
    if (losses.unread().length > 0) {
      catchingUp = true;
      catchUp(links, losses);
      catchingUp = false;
    }
    // Before the log is written, which may take long: the next loss need not wait for that.
    kernelFailover()?.afterDecision();
    engine.together(() => {
      // Before a snapshot too: a carrier may have been lost before it, or before the start.
      carriers.recheck();
      feed.feed();
    }, true);
    carriers.heard();
    fed();
  }
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
