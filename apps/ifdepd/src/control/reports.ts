import type { LinkHealth, LinkRecord, LinkWatch } from '@ifdepd/linkwatch';
import type { Explanation, Phase, Release, Status } from '@ifdepd/policy';
import { monotonicNow } from '../clock.ts';
import type { Daemon } from '../daemon/start-daemon.ts';
import { version } from '../version.ts';

/** What `status --json` and `GET /v1/status` show: a public format. */
export interface StatusReport {
  readonly version: string;
  readonly pid: number;
  readonly platform: string;
  readonly backend: string;
  readonly startedAt: string;
  readonly config: string | null;
  readonly groups: readonly GroupReport[];
  readonly destinations: readonly DestinationReport[];
  readonly counters: Readonly<Record<string, number>>;
}

export interface GroupReport {
  readonly name: string;
  readonly phase: Phase;
  readonly since: string;
  readonly until: string | null;
  readonly blame: readonly string[];
  readonly hidden: number;
  readonly penalty: number;
  readonly sources: readonly {
    readonly id: string;
    readonly health: string;
    readonly reason: string;
    readonly since: string;
  }[];
  readonly destinations: readonly string[];
}

export interface DestinationReport {
  readonly id: string;
  readonly want: 'up' | 'down' | 'none';
  readonly is: 'up' | 'down' | 'missing';
  readonly heldBy: readonly string[];
  readonly owned: boolean;
  readonly error: string | null;
  /** What else there is to know of it: who else holds it. Left out where there is nothing. */
  readonly note?: string;
}

/** What `explain --json` and `GET /v1/explain` show. */
export interface ExplainReport {
  readonly groups: readonly Explained[];
  readonly destinations: readonly Explained[];
}

export interface Explained {
  readonly name: string;
  readonly sentence: string;
  readonly blame: readonly {
    readonly id: string;
    readonly health: string;
    readonly reason: string;
    readonly since: string;
  }[];
  readonly release: {
    readonly needs: readonly string[];
    readonly at: string | null;
    readonly earliest: string | null;
  };
}

/** What `interfaces --json` and `GET /v1/interfaces` show of each. */
export interface InterfaceReport {
  readonly name: string;
  readonly index: number;
  readonly health: string;
  readonly reason: string;
  readonly adminUp: boolean;
  readonly carrier: boolean | null;
  readonly operstate: string;
  readonly kind: string | null;
  readonly altNames: readonly string[];
  readonly on: string | null;
  readonly master: string | null;
}

/** The wall clock of a monotonic moment: only ever for showing. */
export function wallClock(monotonic: number): string {
  return new Date(Date.now() + (monotonic - monotonicNow())).toISOString();
}

function orNull(monotonic: number | null): string | null {
  return monotonic === null ? null : wallClock(monotonic);
}

/** @param actions how many system calls changed something */
export function statusReport(
  daemon: Daemon,
  config: string | null,
  startedAt: Date,
  actions: number,
): StatusReport {
  const { status, backend, linkCounters } = daemon;
  const { events, transitions, failures, foreignChanges } = status.counters;
  return {
    version,
    pid: process.pid,
    platform: daemon.platform,
    backend,
    startedAt: startedAt.toISOString(),
    config,
    groups: status.groups.map(groupReport),
    destinations: status.destinations.map(({ id, want, is, heldBy, owned, error }) => ({
      id,
      want,
      is: is === 'unknown' ? 'missing' : is,
      heldBy,
      owned,
      error,
      ...noted(noteOf(daemon, id)),
    })),
    counters: {
      events,
      transitions,
      actions,
      failures,
      resyncs: Math.max(0, linkCounters.snapshots - 1),
      overruns: linkCounters.overruns,
      foreignChanges,
    },
  };
}

function noted(note: string | null): { readonly note?: string } {
  return note === null ? {} : { note };
}

/** What its driver has to say of a destination; null where it has nothing to say, or cannot find out. */
function noteOf(daemon: Pick<Daemon, 'driverOf'>, id: string): string | null {
  try {
    return daemon.driverOf(id)?.note?.() ?? null;
  } catch {
    return null;
  }
}

function groupReport(group: Status['groups'][number]): GroupReport {
  const { name, phase, since, until, suppressedUntil, blame, hidden, penalty, sources, destinations } = group;
  return {
    name,
    phase,
    since: wallClock(since),
    until: orNull(until ?? suppressedUntil),
    blame: blame.map(({ id }) => id),
    hidden,
    penalty,
    sources: sources.map(({ id, health, reason, since }) => ({
      id,
      health,
      reason,
      since: wallClock(since),
    })),
    destinations,
  };
}

/**
 * @param name a group, a source or a destination: what concerns it
 * @returns null where there is nothing of that name
 */
export function explainReport(
  daemon: Pick<Daemon, 'explanation' | 'driverOf'>,
  name: string | null,
): ExplainReport | null {
  const { groups, destinations } = daemon.explanation;
  const concerned = groups.filter(
    (group) => name === null || group.name === name || group.sources.some(({ id }) => id === name),
  );
  const named = destinations.filter(
    ({ id }) =>
      name === null ||
      id === name ||
      groups.some((group) => group.name === name && group.destinations.includes(id)),
  );
  if (concerned.length + named.length === 0) {
    return null;
  }
  return {
    groups: concerned.map((group) => explained(group.name, group)),
    destinations: named.map((destination) => {
      const note = noteOf(daemon, destination.id);
      const sentence = note === null ? destination.sentence : `${destination.sentence}; ${note}`;
      return explained(destination.id, { ...destination, sentence });
    }),
  };
}

function explained(
  name: string,
  { sentence, blame, release }: Pick<Explanation['groups'][number], 'sentence' | 'blame' | 'release'>,
): Explained {
  return {
    name,
    sentence,
    blame: blame.map(({ id, health, reason, since }) => ({ id, health, reason, since: wallClock(since) })),
    release: releaseReport(release),
  };
}

function releaseReport({ needs, at, earliest }: Release): Explained['release'] {
  return { needs, at: orNull(at), earliest: orNull(earliest) };
}

/** Every interface, in the order of their index. @param healthOf the judge of links */
export function interfaceReports(
  links: Pick<LinkWatch, 'links'>,
  healthOf: (link: LinkRecord) => LinkHealth,
): readonly InterfaceReport[] {
  const all = [...links.links.values()].sort((one, other) => one.index - other.index);
  const names = new Map(all.map(({ index, name }) => [index, name]));
  const nameOf = (index: number | null) => (index === null ? null : (names.get(index) ?? `#${index}`));
  return all.map((link: LinkRecord) => {
    const { name, index, adminUp, carrier, operstate, kind, altNames, linkIndex, masterIndex } = link;
    const { health: state, reason } = healthOf(link);
    return {
      name,
      index,
      health: state,
      reason,
      adminUp,
      carrier,
      operstate,
      kind,
      altNames,
      on: nameOf(linkIndex),
      master: nameOf(masterIndex),
    };
  });
}
