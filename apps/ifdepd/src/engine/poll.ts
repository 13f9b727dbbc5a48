import type { Status } from '@ifdepd/policy';
import type { EarlyLossMode } from '../config/settings.ts';
import type { Loop, Timer } from '../system/loop.ts';
import type { Bindings } from './bindings.ts';
import type { EventFeed } from './event-feed.ts';
import type { PolicyState } from './policy-state.ts';
import type { Readings } from './readings.ts';
import type { SourceHost } from './sources/index.ts';

/** Milliseconds: an administrator who looks would not notice it sooner. Each read is one ioctl(2). */
const EVERY_MS = 1000;

/** The options of {@link poll}. */
export interface PollParts {
  readonly bindings: Pick<Bindings, 'now'>;
  readonly host: SourceHost;
  readonly read: Pick<Readings, 'source' | 'destination'>;
  readonly state: Pick<PolicyState, 'status'>;
  /** Reads once more, when the messages before it have been read. */
  readonly feed: Pick<EventFeed, 'feedSource' | 'feedDestination'>;
  /** 'off': carriers are not polled; a period: that of the poll. */
  readonly mode: EarlyLossMode;
  readonly dryRun: boolean;
  readonly eventLoop: Loop;
}

/**
 * Reads what no message reports: the carrier of a BSD's network card whose driver has no link state and answers SIOCGIFMEDIA,
 * and the state and advskew of FreeBSD's vhids. Sleeps where there is nothing of the kind.
 */
export function poll({ bindings, host, read, state, feed, mode, dryRun, eventLoop }: PollParts) {
  let timer: Timer | undefined;
  let closed = false;

  function silent(): readonly string[] {
    const { sources, dependents } = bindings.now;
    const found = [...sources.values()].filter(
      (one) => (mode !== 'off' || !one.followsCarrier) && one.isSilent(host),
    );
    return [...new Set([...found.map(({ id }) => id), ...[...dependents.values()].flat()])];
  }

  function tick(): void {
    const ids = silent();
    let known = knownOf(state.status());
    for (const id of ids) {
      const source = bindings.now.sources.has(id) ? read.source(id) : undefined;
      if (!closed && source !== undefined && known.get(id)?.source !== `${source.health} ${source.reason}`) {
        feed.feedSource(id);
        // It may have changed more than itself.
        known = knownOf(state.status());
      }
      // In a dry run nothing is set: a destination is not what the policy takes it for.
      const destination = dryRun ? undefined : read.destination(id);
      if (!closed && destination !== undefined && known.get(id)?.destination !== destination.is) {
        feed.feedDestination(id);
        known = knownOf(state.status());
      }
    }
    if (ids.length === 0) {
      stop();
    }
  }

  function stop(): void {
    eventLoop.clearTicker(timer);
    timer = undefined;
  }

  return {
    /** Links have changed: there may be something to poll now. */
    linksChanged(): void {
      if (!closed && timer === undefined && silent().length > 0) {
        timer = eventLoop.setTicker(tick, typeof mode === 'object' ? mode.everyMs : EVERY_MS);
      }
    },
    [Symbol.dispose]() {
      closed = true;
      stop();
    },
  };
}

/** The state of each id in the policy, as a source and as a destination. */
function knownOf({ groups, destinations }: Pick<Status, 'groups' | 'destinations'>) {
  const known = new Map<string, { source?: string; destination?: string }>();
  for (const { id, health, reason } of groups.flatMap(({ sources }) => sources)) {
    known.set(id, { source: `${health} ${reason}` });
  }
  for (const { id, is } of destinations) {
    known.set(id, { ...known.get(id), destination: is });
  }
  return known;
}
