import { SystemError } from '@ifdepd/libc';
import { health, type LinkHealth, type LinkRecord } from '@ifdepd/linkwatch';
import type { DestinationReading, PolicyEvent, Presence, SourceReading } from '@ifdepd/policy';
import type { Bindings } from './bindings.ts';
import type { AnyDriver } from './destinations/index.ts';
import type { SourceHealth, SourceHost } from './sources/index.ts';

/** Facts of readings that the system does not report now. All of them are optional. */
export interface ReadingsOptions {
  /** A loss of a source that its messages still call active; null where none is known. */
  readonly lossOf?: (source: string) => LinkHealth | null;
  /** Whether a journal says that we lowered a destination; asked when it is read first. Default: as the policy knows. */
  readonly owned?: ((destination: string) => boolean) | undefined;
  /** Called with each that is down and that such a journal calls ours: it is the very interface that we lowered. */
  readonly found?: (destination: string) => void;
  /** Whether the system by itself has set up a destination since it was set. Default: no. */
  readonly hasReopened?: (destination: string) => boolean;
  /** Whether a destination that was missing is the very interface that we lowered. Default: no. */
  readonly returned?: (destination: string) => boolean;
}

/** The health of a source as the system reports it, by its id. */
export type ReportedHealth = (source: string) => SourceHealth;

/** Reads the sources of the present rules. */
export function reportedHealth(bindings: Pick<Bindings, 'now'>, host: SourceHost): ReportedHealth {
  return (id) => bindings.now.sources.get(id)?.read?.(host) ?? health(undefined);
}

/** Facts about what the rules name, in the words of the policy: as they are when they are asked for. */
export type Readings = ReturnType<typeof readings>;

/** @param reported what is believed of a source where nothing is known ahead of it */
export function readings(
  bindings: Pick<Bindings, 'now'>,
  reported: ReportedHealth,
  {
    lossOf = () => null,
    owned,
    found = () => {},
    hasReopened = () => false,
    returned = () => false,
  }: ReadingsOptions = {},
) {
  /** Destinations that have been read. One that the rules name again has another driver. */
  const known = new WeakSet<AnyDriver>();
  const gone = new Set<string>();
  const unreadable = new Set<string>();
  /** What each destination was when it was read last. */
  const last = new Map<string, DestinationReading['is']>();

  function read(id: string, driver: AnyDriver): DestinationReading {
    try {
      const is = driver.read();
      last.set(id, is);
      return driver.hasSlipped?.() === true || hasReopened(id) ? { id, is, slipped: true } : { id, is };
    } catch (error) {
      if (!(error instanceof SystemError)) {
        throw error;
      }
      unreadable.add(id);
      return { id, is: last.get(id) ?? 'unknown' };
    }
  }

  /** The reading of a source. */
  function source(id: string): SourceReading {
    const said = reported(id);
    const { health, reason } = (said.health === 'active' ? lossOf(id) : null) ?? said;
    return { id, health, reason };
  }

  /** Whether a source is lost by what is known ahead of its messages, and those still call it active. */
  function isAhead(id: string): boolean {
    return lossOf(id) !== null && reported(id).health === 'active';
  }

  /** Everything that is known of sources now. */
  function sources(): PolicyEvent & { readonly type: 'sources' } {
    const { sources, others } = bindings.now;
    return {
      type: 'sources',
      complete: true,
      sources: [...[...sources.keys()].map(source), ...others.values()],
    };
  }

  /** What the policy is fed of a destination of which this was read: as the last that it has been fed. */
  function fed(reading: DestinationReading): DestinationReading {
    const { id, is } = reading;
    if (is === 'missing') {
      gone.add(id);
    } else if (gone.delete(id) && is === 'down' && returned(id)) {
      return { ...reading, owned: true };
    }
    const driver = bindings.now.destinations.get(id);
    if (owned === undefined || driver === undefined || known.has(driver)) {
      return reading;
    }
    if (is !== 'unknown') {
      known.add(driver);
    }
    const isOurs = owned(id);
    if (isOurs && is === 'down') {
      found(id);
    }
    return { ...reading, owned: isOurs };
  }

  return {
    /** Everything that is known now. */
    snapshot(): PolicyEvent {
      const destinations = [...bindings.now.destinations].map(([id, driver]) => fed(read(id, driver)));
      return { ...sources(), destinations };
    },
    sources,
    source,
    isAhead,
    /** What a destination is now, as the system says; undefined for what is none. */
    destination(id: string): DestinationReading | undefined {
      const driver = bindings.now.destinations.get(id);
      return driver === undefined ? undefined : read(id, driver);
    },
    fed,
    /** A write has changed a destination: the policy knows whose that is, and the journal need not be asked. */
    noteChanged(id: string): void {
      const driver = bindings.now.destinations.get(id);
      if (driver !== undefined) {
        known.add(driver);
      }
    },
    /** Destinations that could not be read: they are taken to be as they were, and should be read again. */
    unreadable,
  };
}

/** What a destination is by the messages that were read, where it is an interface set by its flag. */
export function flagOf(link: LinkRecord | undefined): Presence {
  return link === undefined ? 'missing' : link.adminUp ? 'up' : 'down';
}
