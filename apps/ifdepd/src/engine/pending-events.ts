import { health, type LinkEvent, type LinkWatch, type SnapshotCause } from '@ifdepd/linkwatch';
import type { Presence } from '@ifdepd/policy';
import type { Bindings } from './bindings.ts';
import { flagOf } from './readings.ts';

/** Losses of a source that messages have reported. */
export interface ReportedLosses {
  readonly count: number;
  /** The content of the last of them. */
  readonly reason: string;
}

/** The link events since the policy was fed. */
export interface EventBatch {
  /** Why every link was listed; null where none were. */
  readonly list: SnapshotCause | null;
  /** Sources that may be otherwise than before. */
  readonly sources: ReadonlySet<string>;
  /** Destinations that events were about before any loss, and what they were by the last message before that. */
  readonly early: ReadonlyMap<string, Presence>;
  /** Destinations that events were about after a loss. */
  readonly late: ReadonlySet<string>;
  /** Destinations that were gone in between, or are. */
  readonly gone: ReadonlySet<string>;
  /** By source. */
  readonly losses: ReadonlyMap<string, ReportedLosses>;
}

/** No event. A batch grows until it is taken. */
function noEvents() {
  return {
    list: null as SnapshotCause | null,
    sources: new Set<string>(),
    early: new Map<string, Presence>(),
    late: new Set<string>(),
    gone: new Set<string>(),
    losses: new Map<string, ReportedLosses>(),
  };
}

const NONE: readonly string[] = [];

/** Notes link events, and hands them over in one batch. */
export type PendingEvents = ReturnType<typeof pendingEvents>;

/**
 * Events are noted one by one, and cost next to nothing: what they were about is read when all are known.
 *
 * @param risen called with each destination that an event says went up
 */
export function pendingEvents(
  bindings: Pick<Bindings, 'now'>,
  links: Pick<LinkWatch, 'lookUp'>,
  risen: (destination: string) => void = () => {},
) {
  /** Whether a source was active by its last message. */
  const active = new Map<string, boolean>();
  let batch = noEvents();

  function noteSource(id: string): void {
    // By the message alone: to count losses, the system is not asked.
    const { health: now, reason } = health(links.lookUp(id));
    const is = now === 'active';
    if (active.get(id) === true && !is) {
      batch.losses.set(id, { count: (batch.losses.get(id)?.count ?? 0) + 1, reason });
    }
    active.set(id, is);
    batch.sources.add(id);
  }

  function noteDestination(id: string, event: LinkEvent): void {
    const link = links.lookUp(id);
    if (event.type === 'departed' || (event.type === 'renamed' && link === undefined)) {
      batch.gone.add(id);
    }
    if (event.type === 'changed' && event.link.adminUp && !event.was.adminUp) {
      risen(id);
    }
    if (batch.losses.size === 0) {
      // Protodown has no flag, and what the kernel sets down was up before.
      const { protoDownReason } = bindings.now.destinations.get(id)?.downRequest?.() ?? {};
      batch.early.set(id, protoDownReason === undefined ? flagOf(link) : 'up');
    } else {
      batch.late.add(id);
    }
  }

  return {
    note(event: LinkEvent): void {
      const { sources, destinations, dependents } = bindings.now;
      if (event.type === 'snapshot') {
        batch.list = event.cause;
        for (const id of sources.keys()) {
          noteSource(id);
        }
        return;
      }
      idsIn(event, dependents, (id) => {
        if (sources.has(id)) {
          noteSource(id);
        }
        if (destinations.has(id)) {
          noteDestination(id, event);
        }
      });
    },
    /** Whether a message that nobody has taken yet reports a loss of a source. */
    lost: (source: string) => batch.losses.has(source),
    /** Takes what there is. */
    take(): EventBatch {
      const all = batch;
      batch = noEvents();
      return all;
    },
  };
}

/**
 * Calls back with each id that an event may be about: all names of its interface, those that it had, and what belongs to it.
 *
 * @param dependents ids that belong to an interface, by its name
 */
export function idsIn(
  event: Exclude<LinkEvent, { type: 'snapshot' }>,
  dependents: ReadonlyMap<string, readonly string[]>,
  found: (id: string) => void,
): void {
  const { link } = event;
  found(link.name);
  for (const id of dependents.get(link.name) ?? NONE) {
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
}
