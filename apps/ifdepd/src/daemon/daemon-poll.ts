import type { PolicyEvent } from '@ifdepd/policy';
import type { EarlyLossMode } from '../config/settings.ts';
import type { Bindings } from '../engine/bindings.ts';
import type { EventFeed } from '../engine/event-feed.ts';
import type { PolicyState } from '../engine/policy-state.ts';
import { type AskingPoll, askingPoll } from '../engine/poll.ts';
import type { Readings } from '../engine/readings.ts';
import type { SourceHost } from '../engine/sources/index.ts';

/** Milliseconds: an administrator who looks would not notice it sooner. Each read is one ioctl(2). */
const ASKING_POLL_MS = 1000;

/** What the poll of a daemon works on. */
export interface PollParts {
  readonly bindings: Pick<Bindings, 'now'>;
  readonly host: SourceHost;
  readonly read: Pick<Readings, 'source' | 'destination'>;
  readonly state: Pick<PolicyState, 'status'>;
  readonly feed: Pick<EventFeed, 'feedSource' | 'feedDestination'>;
  readonly mode: EarlyLossMode;
  readonly dryRun: boolean;
}

/** Reads what no message reports: silent carriers, and vhids. */
export function daemonPoll({ bindings, host, read, state, feed, mode, dryRun }: PollParts): AskingPoll {
  return askingPoll({
    everyMs: typeof mode === 'object' ? mode.everyMs : ASKING_POLL_MS,
    ids() {
      const { sources, destinations, dependents } = bindings.now;
      const silent = [...sources.values()].filter(
        (one) => (mode !== 'off' || !one.followsCarrier) && one.isSilent(host),
      );
      const vhids = [...dependents.values()].flat().filter((id) => destinations.has(id));
      return [...new Set([...silent.map(({ id }) => id), ...vhids])];
    },
    read(id) {
      const events: PolicyEvent[] = bindings.now.sources.has(id)
        ? [{ type: 'source', source: read.source(id) }]
        : [];
      // In a dry run nothing is set: a destination is not what the policy takes it for.
      const destination = dryRun ? undefined : read.destination(id);
      return destination === undefined ? events : [...events, { type: 'destination', ...destination }];
    },
    known: () => state.status(),
    // Read once more, when the messages before it have been read.
    feed(event) {
      if (event.type === 'source') {
        feed.feedSource(event.source.id);
      } else if (event.type === 'destination') {
        feed.feedDestination(event.id);
      }
    },
  });
}
