import { SystemError } from '@ifdepd/libc';
import type { LinkEvent, LinkHealth, LinkRecord, LinkWatch } from '@ifdepd/linkwatch';
import type { DestinationReading, PolicyEvent, SourceReading } from '@ifdepd/policy';
import type { DestinationDriver } from '../destinations/index.ts';
import type { SourceHealth } from '../sources/source-health.ts';

/** What is watched: what the policy names, and how to read it. */
export interface WatchedThings {
  /** Ids of sources that are interfaces. */
  readonly sources: ReadonlySet<string>;
  /** Sources that are something else, with what was last known of them. */
  readonly others: ReadonlyMap<string, SourceReading>;
  readonly destinations: ReadonlyMap<string, DestinationDriver>;
  /** Ids that belong to an interface of another name, by that name: the vhids of a parent. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

const NONE: readonly string[] = [];

/** Puts kernel facts about the interfaces a policy names into the words of the policy. */
export interface Watched {
  /** Everything that is known now. */
  snapshot(): PolicyEvent;
  /** What an event says about the interfaces that are named; empty for all the others. */
  readings(event: Exclude<LinkEvent, { type: 'snapshot' }>): readonly PolicyEvent[];
  /** What the system says of an id now, as a source and as a destination; a destination that cannot be read is left out. */
  asked(id: string): readonly PolicyEvent[];
  /** What is known of a source. */
  source(id: string): SourceReading;
  /** The name to use in a system call: an id may be an alternative name. */
  nameOf(id: string): string;
}

/** What the messages that were read do not say yet, and what was known before them. */
export interface AheadOfMessages {
  /** The loss of a source that its messages still call active; null where nothing is known of one. */
  readonly lossOf: (source: string) => LinkHealth | null;
  /** Whether a destination that is down is to be told as its messages say that it is. Default: no. */
  readonly goesByMessages?: (destination: string) => boolean;
  /** Whether a journal says that we lowered a destination; asked with the first snapshot only. Default: no. */
  readonly owned?: ((destination: string) => boolean) | undefined;
}

/**
 * @param things looked at each time: a reload replaces them
 * @param watch the table of links
 * @param healthOf the judge of sources
 */
export function watched(
  things: () => WatchedThings,
  watch: Pick<LinkWatch, 'lookUp'>,
  healthOf: SourceHealth,
  { lossOf, goesByMessages = () => false, owned = () => false }: AheadOfMessages,
): Watched {
  let first = true;

  function source(id: string): SourceReading {
    const told = healthOf(id);
    const { health, reason } = (told.health === 'active' ? lossOf(id) : null) ?? told;
    return { id, health, reason };
  }

  function add(events: PolicyEvent[], name: string): void {
    const { sources, destinations } = things();
    if (sources.has(name)) {
      events.push({ type: 'source', source: source(name) });
    }
    const driver = destinations.get(name);
    if (driver !== undefined) {
      // Asked of the kernel now: an event about a destination may be older than what we did to it since.
      const read = driver.read();
      const is = read === 'down' && goesByMessages(name) ? flagOf(watch.lookUp(name)) : read;
      events.push({ type: 'destination', id: name, is });
    }
  }

  function addLink(events: PolicyEvent[], link: LinkRecord): void {
    add(events, link.name);
    for (const id of things().dependents.get(link.name) ?? NONE) {
      add(events, id);
    }
    for (const name of link.altNames) {
      add(events, name);
    }
  }

  return {
    snapshot() {
      const { sources, others, destinations } = things();
      const read = [...destinations].map(([id, driver]): DestinationReading => {
        const is = driver.read();
        return first && owned(id) ? { id, is, owned: true } : { id, is };
      });
      first = false;
      return {
        type: 'sources',
        complete: true,
        sources: [...[...sources].map(source), ...others.values()],
        destinations: read,
      };
    },
    readings(event) {
      const events: PolicyEvent[] = [];
      addLink(events, event.link);
      if (event.type === 'renamed') {
        add(events, event.from);
      }
      if (event.type === 'renamed' || event.type === 'changed') {
        for (const name of event.was.altNames) {
          if (!event.link.altNames.includes(name)) {
            add(events, name);
          }
        }
      }
      return events;
    },
    asked(id) {
      const events: PolicyEvent[] = [];
      try {
        add(events, id);
      } catch (error) {
        if (!(error instanceof SystemError)) {
          throw error;
        }
      }
      return events;
    },
    source,
    nameOf: (id) => watch.lookUp(id)?.name ?? id,
  };
}

/** What a destination is by the messages that were read, where it is an interface set by its flag. */
export function flagOf(link: LinkRecord | undefined): DestinationReading['is'] {
  return link === undefined ? 'missing' : link.adminUp ? 'up' : 'down';
}
