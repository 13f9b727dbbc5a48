import { SystemError } from '@ifdepd/libc';
import type { LinkEvent, LinkHealth, LinkRecord, LinkWatch } from '@ifdepd/linkwatch';
import type { DestinationReading, PolicyEvent, Presence, SourceReading } from '@ifdepd/policy';
import type { DestinationDriver } from './destinations/index.ts';
import type { Source, SourceHealth } from './sources/index.ts';

/** What is watched: what the policy names, and how to read it. */
export interface WatchedThings {
  /** Sources that can be read, by id. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Those of them that fail with the carrier of their interface. */
  readonly carriers: ReadonlySet<string>;
  /** Sources that are fed, with what was last known of them. */
  readonly others: ReadonlyMap<string, SourceReading>;
  readonly destinations: ReadonlyMap<string, DestinationDriver>;
  /** Ids that belong to an interface of another name, by that name: the vhids of a parent. */
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

const NONE: readonly string[] = [];

/** Puts kernel facts about the interfaces a policy names into the words of the policy: as they are when it is asked. */
export interface Watched {
  /** Everything that is known now. */
  snapshot(): PolicyEvent;
  /** Everything that is known of sources now. */
  sources(): PolicyEvent;
  /** Calls back with each name that an event is about: of interfaces, and of what belongs to one. */
  namesIn(event: Exclude<LinkEvent, { type: 'snapshot' }>, found: (name: string) => void): void;
  /** What the system says of an id now, as a source and as a destination; a destination that cannot be read is left out. */
  asked(id: string): readonly PolicyEvent[];
  /** What is known of a source. */
  source(id: string): SourceReading;
  /** What a destination is now, as the kernel says; undefined for what is none. */
  destination(id: string): DestinationReading | undefined;
  /** What the policy is told of a destination of which this was read: as the last that it has been told. */
  reading(read: DestinationReading): DestinationReading;
  /** The name to use in a system call: an id may be an alternative name. */
  nameOf(id: string): string;
}

/** What the messages that were read do not say yet, and what was known before them. */
export interface AheadOfMessages {
  /** The loss of a source that its messages still call active; null where nothing is known of one. */
  readonly lossOf: (source: string) => LinkHealth | null;
  /** Whether a journal says that we lowered a destination; asked with the first snapshot only. Default: as the policy knows. */
  readonly owned?: ((destination: string) => boolean) | undefined;
  /** Whether a destination that was missing is the very interface that we lowered. Default: no. */
  readonly returned?: (destination: string) => boolean;
  /** A destination could not be read: it is taken to be as it was, and should be read again. */
  readonly unreadable?: (destination: string) => void;
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
  { lossOf, owned, returned = () => false, unreadable = () => {} }: AheadOfMessages,
): Watched {
  let first = true;
  const gone = new Set<string>();
  /** What each destination was when it was read last. */
  const known = new Map<string, DestinationReading['is']>();

  function readingOf(id: string, driver: DestinationDriver): DestinationReading {
    try {
      const is = driver.read();
      known.set(id, is);
      return driver.hasSlipped?.() === true ? { id, is, slipped: true } : { id, is };
    } catch (error) {
      if (!(error instanceof SystemError)) {
        throw error;
      }
      unreadable(id);
      return { id, is: known.get(id) ?? 'unknown' };
    }
  }

  function source(id: string): SourceReading {
    const told = healthOf(id);
    const { health, reason } = (told.health === 'active' ? lossOf(id) : null) ?? told;
    return { id, health, reason };
  }

  function all(): PolicyEvent & { readonly type: 'sources' } {
    const { sources, others } = things();
    return {
      type: 'sources',
      complete: true,
      sources: [...[...sources.keys()].map(source), ...others.values()],
    };
  }

  function reading(read: DestinationReading): DestinationReading {
    const { id, is } = read;
    if (is === 'missing') {
      gone.add(id);
    } else if (gone.delete(id) && is === 'down' && returned(id)) {
      return { ...read, owned: true };
    }
    return first && owned !== undefined ? { ...read, owned: owned(id) } : read;
  }

  return {
    snapshot() {
      const destinations = [...things().destinations].map(([id, driver]) => reading(readingOf(id, driver)));
      first = false;
      return { ...all(), destinations };
    },
    sources: all,
    namesIn(event, found) {
      const { link } = event;
      found(link.name);
      for (const id of things().dependents.get(link.name) ?? NONE) {
        found(id);
      }
      for (const name of link.altNames) {
        found(name);
      }
      if (event.type === 'renamed') {
        found(event.from);
      }
      if (event.type === 'renamed' || event.type === 'changed') {
        for (const name of event.was.altNames) {
          if (!link.altNames.includes(name)) {
            found(name);
          }
        }
      }
    },
    asked(id) {
      const { sources, destinations } = things();
      const events: PolicyEvent[] = sources.has(id) ? [{ type: 'source', source: source(id) }] : [];
      const driver = destinations.get(id);
      return driver === undefined ? events : [...events, { type: 'destination', ...readingOf(id, driver) }];
    },
    source,
    destination(id) {
      const driver = things().destinations.get(id);
      return driver === undefined ? undefined : readingOf(id, driver);
    },
    reading,
    nameOf: (id) => watch.lookUp(id)?.name ?? id,
  };
}

/** What a destination is by the messages that were read, where it is an interface set by its flag. */
export function flagOf(link: LinkRecord | undefined): Presence {
  return link === undefined ? 'missing' : link.adminUp ? 'up' : 'down';
}
