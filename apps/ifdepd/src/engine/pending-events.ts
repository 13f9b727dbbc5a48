import { health, type LinkEvent, type LinkWatch, type SnapshotCause } from '@ifdepd/linkwatch';
import type { Presence } from '@ifdepd/policy';
import { flagOf, type Watched, type WatchedThings } from './readings.ts';

/** Losses of a source, as messages have told them. */
export interface ToldLosses {
  readonly count: number;
  /** What the last of them said. */
  readonly reason: string;
}

/** What the kernel has told and the policy was not fed yet. */
export interface News {
  /** Why there is a list of everything; null where there is none. */
  readonly list: SnapshotCause | null;
  /** The names of interfaces that were told of. */
  readonly names: ReadonlySet<string>;
  /** Sources that may be otherwise than before. */
  readonly sources: ReadonlySet<string>;
  /** Destinations that were told of before any loss, and what they were by the last message before that. */
  readonly early: ReadonlyMap<string, Presence>;
  /** Destinations that were told of after a loss. */
  readonly late: ReadonlySet<string>;
  /** Destinations that were gone in between, or are. */
  readonly gone: ReadonlySet<string>;
  /** What messages have told of losses, by source. */
  readonly losses: ReadonlyMap<string, ToldLosses>;
}

/** Takes note of what is told, and hands it over when it is asked for. */
export interface PendingEvents {
  note(event: LinkEvent): void;
  /** Whether a source was lost by a message that nobody has taken yet. */
  lost(source: string): boolean;
  /** What there is; null for nothing. */
  readonly waiting: News | null;
  /** Takes what there is: from here on it is known. Null for nothing. */
  take(): News | null;
}

/** News that can be gathered. */
interface Gathered extends News {
  list: SnapshotCause | null;
  readonly names: Set<string>;
  readonly sources: Set<string>;
  readonly early: Map<string, Presence>;
  readonly late: Set<string>;
  readonly gone: Set<string>;
  readonly losses: Map<string, ToldLosses>;
}

/** Messages are taken note of one by one, and cost next to nothing: what they were about is read when all are known. */
export function pendingEvents(
  things: () => Pick<WatchedThings, 'sources' | 'destinations'>,
  links: Pick<LinkWatch, 'lookUp'>,
  { namesIn }: Pick<Watched, 'namesIn'>,
): PendingEvents {
  /** Whether a source was active by its last message. */
  const active = new Map<string, boolean>();
  let gathered: Gathered | null = null;

  function noteSource(id: string, into: Gathered): void {
    // By the message alone: for a count of losses, nobody is asked.
    const told = health(links.lookUp(id));
    const is = told.health === 'active';
    if (active.get(id) === true && !is) {
      into.losses.set(id, { count: (into.losses.get(id)?.count ?? 0) + 1, reason: told.reason });
    }
    active.set(id, is);
    into.sources.add(id);
  }

  function noteDestination(id: string, into: Gathered, event: LinkEvent): void {
    const link = links.lookUp(id);
    if (event.type === 'departed' || (event.type === 'renamed' && link === undefined)) {
      into.gone.add(id);
    }
    if (into.losses.size === 0) {
      into.early.set(id, flagOf(link));
    } else {
      into.late.add(id);
    }
  }

  return {
    note(event) {
      gathered ??= {
        list: null,
        names: new Set(),
        sources: new Set(),
        early: new Map(),
        late: new Set(),
        gone: new Set(),
        losses: new Map(),
      };
      const into = gathered;
      const { sources, destinations } = things();
      if (event.type === 'snapshot') {
        into.list = event.cause;
        for (const id of sources.keys()) {
          noteSource(id, into);
        }
        return;
      }
      into.names.add(event.type === 'renamed' ? event.from : event.link.name);
      namesIn(event, (name) => {
        if (sources.has(name)) {
          noteSource(name, into);
        }
        if (destinations.has(name)) {
          noteDestination(name, into, event);
        }
      });
    },
    lost: (source) => gathered?.losses.has(source) === true,
    get waiting() {
      return gathered;
    },
    take() {
      const all = gathered;
      gathered = null;
      return all;
    },
  };
}
