import type { LinkEvent, LinkRecord, LinkWatch } from '@ifdepd/linkwatch';
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
  /** What is known of a source. */
  source(id: string): SourceReading;
  /** The name to use in a system call: an id may be an alternative name. */
  nameOf(id: string): string;
}

/**
 * @param things looked at each time: a reload replaces them
 * @param watch the table of links
 * @param healthOf the judge of sources
 * @param doubts whether the driver of a source has lost the carrier, which the kernel has yet to tell
 * @param owned whether a journal says that we lowered a destination; asked with the first snapshot only
 */
export function watched(
  things: () => WatchedThings,
  watch: Pick<LinkWatch, 'lookUp'>,
  healthOf: SourceHealth,
  doubts: (source: string) => boolean,
  owned: (destination: string) => boolean = () => false,
): Watched {
  let first = true;

  function source(id: string): SourceReading {
    const { health: state, reason } = healthOf(id);
    return state === 'active' && doubts(id)
      ? { id, health: 'failed', reason: 'no carrier' }
      : { id, health: state, reason };
  }

  function add(events: PolicyEvent[], name: string): void {
    const { sources, destinations } = things();
    if (sources.has(name)) {
      events.push({ type: 'source', source: source(name) });
    }
    // Asked of the kernel now: an event about a destination may be older than what we did to it since.
    const driver = destinations.get(name);
    if (driver !== undefined) {
      events.push({ type: 'destination', id: name, is: driver.read() });
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
    source,
    nameOf: (id) => watch.lookUp(id)?.name ?? id,
  };
}
