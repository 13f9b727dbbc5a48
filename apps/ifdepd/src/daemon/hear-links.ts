import type { LinkEvent, LinkWatch } from '@ifdepd/linkwatch';
import type { EventFeed } from '../engine/event-feed.ts';
import type { PendingEvents } from '../engine/pending-events.ts';
import type { PolicyLoop } from '../engine/policy-loop.ts';
import type { CarrierProbe } from '../linux/early-loss/carrier-probe.ts';
import type { KernelFailover } from '../linux/kernel-failover/kernel-failover.ts';

/** Who hears of links. */
export interface LinkHearers {
  readonly links: Pick<LinkWatch, 'subscribe' | 'catchUp'>;
  readonly desk: PendingEvents;
  readonly feed: EventFeed;
  readonly engine: Pick<PolicyLoop, 'together'>;
  readonly carriers: Pick<CarrierProbe, 'recheck' | 'heard'>;
  /** Null while the kernel does nothing by itself. */
  readonly kernelFailover: () => KernelFailover | null;
  /** Whether what is told waits for other rules. */
  readonly isWaiting: () => boolean;
  /** Called with each event, before anything is done about it. */
  readonly told: (event: LinkEvent) => void;
  /** Called when all that was told has been fed. */
  readonly fed: () => void;
}

/** Takes note of each message, and feeds the policy when all have been read: what is known then is how things are. */
export function hearLinks(parts: LinkHearers): void {
  const { links, desk, feed, engine, carriers, kernelFailover, isWaiting, told, fed } = parts;
  let catchingUp = false;

  links.subscribe((event) => {
    told(event);
    desk.note(event);
  }, settled);

  function settled(): void {
    if (isWaiting() || catchingUp) {
      return;
    }
    if (kernelFailover()?.hold() === true) {
      // The message that the kernel has acted upon is there by now, too.
      catchingUp = true;
      links.catchUp();
      catchingUp = false;
    }
    // Before anything is told, which may take long: the next loss need not wait for that.
    kernelFailover()?.prepare();
    const news = desk.waiting;
    engine.together(() => {
      if (news !== null) {
        kernelFailover()?.heard(news.names, news.list !== null);
      }
      // A snapshot too: who knows what was lost before it, or happened before the start.
      carriers.recheck();
      feed.feed();
    }, true);
    carriers.heard();
    fed();
  }
}
