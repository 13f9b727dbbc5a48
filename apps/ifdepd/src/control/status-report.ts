import type { Difference, Phase, Status } from '@ifdepd/policy';
import type { AdvertStatistics, ProbeStatistics } from '@ifdepd/probe';
import type { Daemon } from '../daemon/daemon.ts';
import type { ProbeNumbers } from '../programs/probes.ts';
import type { SensorDetail } from '../programs/sensors/sensed.ts';
import { version } from '../system/version.ts';
import type { WallClock } from '../system/wall-clock.ts';

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

/** A group as it is now: times are ISO 8601, `penalty` is that of the dampening. */
export interface GroupReport {
  readonly name: string;
  readonly phase: Phase;
  readonly since: string;
  readonly until: string | null;
  readonly blame: readonly string[];
  readonly hidden: number;
  readonly penalty: number;
  /** It waits for `ifdepd restore`. Left out where it does not. */
  readonly latched?: true;
  readonly sources: readonly {
    readonly id: string;
    readonly health: string;
    readonly reason: string;
    readonly since: string;
    /** Numbers of a probe: counts, or what it has read last. Left out where there are none. */
    readonly detail?: ProbeDetail | SensorDetail | AdvertStatistics;
  }[];
  readonly destinations: readonly string[];
}

/** Counts over the last results of a probe of a host, at most its window: null where there is nothing to count. */
export interface ProbeDetail {
  readonly sent: number;
  readonly received: number;
  /** The mean round trip in milliseconds. */
  readonly rttMs: number | null;
  readonly lossPercent: number | null;
}

/** A destination as it is now. */
export interface DestinationReport {
  readonly id: string;
  readonly want: 'up' | 'down' | 'none';
  /** `unknown`: not read yet, or a file with neither of its texts. */
  readonly is: 'up' | 'down' | 'missing' | 'unknown';
  readonly heldBy: readonly string[];
  readonly owned: boolean;
  readonly error: string | null;
  /** Why it is not as wanted. Left out where it is, and where no group has an opinion. */
  readonly differs?: DifferenceReport;
  /** The number that it holds: of a file with `value: weight`; null where it holds none. Left out for all others. */
  readonly value?: number | null;
  /** A note about it, such as its other holder. Left out where there is none. */
  readonly note?: string;
}

/** Why a destination is not as wanted: see Difference of `@ifdepd/policy`. */
export interface DifferenceReport extends Difference {
  /** When it was first seen to be so. */
  readonly since: string;
  /** When the next attempt is made; null where none is planned. */
  readonly retryAt: string | null;
}

/**
 * @param actions number of system calls that changed something
 * @param probes numbers of the probes, by the id of the source. Default: there are none
 */
export function statusReport(
  daemon: Daemon,
  config: string | null,
  startedAt: Date,
  actions: number,
  clock: WallClock,
  probes: ReadonlyMap<string, ProbeNumbers> = new Map(),
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
    groups: status.groups.map((group) => groupReport(group, clock, probes)),
    destinations: status.destinations.map(({ differs, since, retryAt, ...one }) => {
      const note = noteOf(daemon, one.id);
      const driver = daemon.driverOf(one.id);
      const { id, want, is, heldBy, owned, error } = one;
      const times = { since: clock.at(since), retryAt: clock.atOrNull(retryAt) };
      const optional = {
        ...(differs && { differs: { ...differs, ...times } }),
        ...(driver?.number && { value: driver.number() }),
        ...(note !== null && { note }),
      };
      return { id, want, is, heldBy, owned, error, ...optional };
    }),
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

function groupReport(
  group: Status['groups'][number],
  clock: WallClock,
  probes: ReadonlyMap<string, ProbeNumbers>,
): GroupReport {
  const { name, phase, since, until, suppressedUntil, blame, hidden, penalty, latched } = group;
  const { sources, destinations } = group;
  return {
    name,
    phase,
    since: clock.at(since),
    until: clock.atOrNull(until ?? suppressedUntil),
    blame: blame.map(({ id }) => id),
    hidden,
    penalty,
    ...(latched && { latched }),
    sources: sources.map(({ id, health, reason, since }) => {
      const counted = probes.get(id);
      const detail = counted === undefined ? {} : { detail: detailOf(counted) };
      return { id, health, reason, since: clock.at(since), ...detail };
    }),
    destinations,
  };
}

function detailOf(numbers: ProbeNumbers): ProbeDetail | SensorDetail | AdvertStatistics {
  return 'sent' in numbers ? countsOf(numbers) : numbers;
}

function countsOf({ sent, received, rttMs, loss }: ProbeStatistics): ProbeDetail {
  const rounded = (value: number | null, digits: number) =>
    value === null ? null : Number(value.toFixed(digits));
  return { sent, received, rttMs: rounded(rttMs, 3), lossPercent: rounded(loss && 100 * loss, 1) };
}

/** The note of the driver about a destination; null where there is none, or it cannot be read. */
export function noteOf(daemon: Pick<Daemon, 'driverOf'>, id: string): string | null {
  try {
    return daemon.driverOf(id)?.note?.() ?? null;
  } catch {
    return null;
  }
}
