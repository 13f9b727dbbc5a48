import type { LinkWatch } from '@ifdepd/linkwatch';
import type { NetIf } from '@ifdepd/netif';
import type { PolicyEvent } from '@ifdepd/policy';
import type { EarlyLossMode } from '../config/settings.ts';
import type { EventFeed } from '../engine/event-feed.ts';
import type { PolicyLoop } from '../engine/policy-loop.ts';
import { type AskingPoll, askingPoll } from '../engine/poll.ts';
import type { Watched, WatchedThings } from '../engine/readings.ts';

/** Milliseconds: what an administrator's own eyes would take. Each read is one ioctl(2). */
const ASKING_POLL_MS = 1000;

/** What the poll of a daemon is about. */
export interface PollParts {
  readonly netif: NetIf;
  readonly links: Pick<LinkWatch, 'lookUp'>;
  readonly names: () => Watched;
  readonly things: () => WatchedThings;
  readonly mode: EarlyLossMode;
  readonly dryRun: boolean;
  readonly engine: () => PolicyLoop;
  readonly feed: () => EventFeed;
}

/** The poll of a daemon: of silent carriers, and of vhids. */
export function daemonPoll({
  netif,
  links,
  names,
  things,
  mode,
  dryRun,
  engine,
  feed,
}: PollParts): AskingPoll {
  /** What would be set is set nowhere: the system would say of a destination what the policy does not take it for. */
  function sourceAlone(id: string): readonly PolicyEvent[] {
    return things().sources.has(id) ? [{ type: 'source', source: names().source(id) }] : [];
  }

  return askingPoll({
    everyMs: typeof mode === 'object' ? mode.everyMs : ASKING_POLL_MS,
    ids() {
      const { sources, destinations, dependents } = things();
      const silent = [...sources.values()].filter(
        (one) => (mode !== 'off' || !one.followsCarrier) && one.isSilent({ links, netif }),
      );
      const vhids = [...dependents.values()].flat().filter((id) => destinations.has(id));
      return [...new Set([...silent.map(({ id }) => id), ...vhids])];
    },
    read: (id) => (dryRun ? sourceAlone(id) : names().asked(id)),
    known: () => engine().status(),
    // Read once more, when the kernel's news before it are known.
    feed(event) {
      if (event.type === 'source') {
        feed().feedSource(event.source.id);
      } else if (event.type === 'destination') {
        feed().feedDestination(event.id);
      }
    },
  });
}
