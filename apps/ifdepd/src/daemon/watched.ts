import { SystemError } from '@ifdepd/libc';
import { health, type LinkEvent, type LinkRecord, type LinkWatch } from '@ifdepd/linkwatch';
import type { NetIf } from '@ifdepd/netif';
import type { DestinationReading, PolicyEvent, SourceReading } from '@ifdepd/policy';

/** Puts kernel facts about the interfaces a policy names into the words of the policy. */
export interface Watched {
  /** Everything that is known now. */
  snapshot(): PolicyEvent;
  /** What an event says about the interfaces that are named; empty for all the others. */
  readings(event: Exclude<LinkEvent, { type: 'snapshot' }>): readonly PolicyEvent[];
  /** What is known of a source. */
  source(id: string): SourceReading;
  /** What a destination is at this moment, as the kernel says when asked. */
  destination(id: string): DestinationReading;
  /** The name to use in a system call: an id may be an alternative name. */
  nameOf(id: string): string;
}

/**
 * @param watch the table of links: the truth about sources
 * @param netif asked about destinations: an event about one of them may be older than what we did to it since
 * @param doubts whether the driver of a source has lost the carrier, which the kernel has yet to tell
 */
export function watched(
  sources: ReadonlySet<string>,
  destinations: ReadonlySet<string>,
  watch: LinkWatch,
  netif: NetIf,
  doubts: (source: string) => boolean,
): Watched {
  function source(id: string): SourceReading {
    const { health: state, reason } = health(watch.lookUp(id));
    return state === 'active' && doubts(id)
      ? { id, health: 'failed', reason: 'no carrier' }
      : { id, health: state, reason };
  }

  function nameOf(id: string): string {
    return watch.lookUp(id)?.name ?? id;
  }

  function destination(id: string): DestinationReading {
    try {
      return { id, is: netif.flags(nameOf(id)).up ? 'up' : 'down' };
    } catch (error) {
      if (error instanceof SystemError && error.kind === 'not-found') {
        return { id, is: 'missing' };
      }
      throw error;
    }
  }

  function add(events: PolicyEvent[], name: string): void {
    if (sources.has(name)) {
      events.push({ type: 'source', source: source(name) });
    }
    if (destinations.has(name)) {
      events.push({ type: 'destination', ...destination(name) });
    }
  }

  function addLink(events: PolicyEvent[], link: LinkRecord): void {
    add(events, link.name);
    for (const name of link.altNames) {
      add(events, name);
    }
  }

  return {
    snapshot: () => ({
      type: 'sources',
      complete: true,
      sources: [...sources].map(source),
      destinations: [...destinations].map(destination),
    }),
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
    destination,
    nameOf,
  };
}
