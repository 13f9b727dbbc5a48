import type { Explanation, Status } from '@ifdepd/policy';
import type { Daemon } from '../daemon/daemon.ts';
import { explainParts } from '../engine/explain-parts.ts';
import type { FailoverCover } from '../engine/failover-cover.ts';
import type { WallClock } from '../system/wall-clock.ts';
import { noteOf } from './status-report.ts';

/** What `explain --json` and `GET /v1/explain` show. */
export interface ExplainReport {
  readonly groups: readonly Explained[];
  readonly destinations: readonly Explained[];
}

/** Why one group or destination is as it is; `release` says what would change that, and when. */
export interface Explained {
  readonly name: string;
  readonly sentence: string;
  readonly blame: readonly {
    readonly id: string;
    readonly health: string;
    readonly reason: string;
    readonly since: string;
  }[];
  /** Of a group: what the kernel does for it by itself. Left out where kernel failover is off or not available. */
  readonly kernelFailover?: FailoverCover;
  readonly release: {
    readonly needs: readonly string[];
    readonly at: string | null;
    readonly earliest: string | null;
    readonly alternatives: readonly {
      readonly needs: readonly string[];
      readonly earliest: string | null;
    }[];
  };
}

/**
 * @param name a group, a source or a destination: what concerns it
 * @returns null where there is nothing of that name
 */
export async function explainReport(
  daemon: Pick<Daemon, 'explainer' | 'driverOf' | 'failoverCover'>,
  name: string | null,
  clock: WallClock,
): Promise<ExplainReport | null> {
  const parts = await explainParts(daemon, concerning(name));
  const { groups: concerned, destinations: named } = parts;
  if (concerned.length + named.length === 0) {
    return null;
  }
  const status = new Map(parts.status.groups.map((group) => [group.name, group]));
  return {
    groups: concerned.map((group) => {
      const found = status.get(group.name);
      const cover = found === undefined ? null : daemon.failoverCover(found);
      return { ...explained(group.name, group, clock), ...(cover && { kernelFailover: cover }) };
    }),
    destinations: named.map((destination) => {
      const note = noteOf(daemon, destination.id);
      const sentence = note === null ? destination.sentence : `${destination.sentence} Note: ${note}.`;
      return explained(destination.id, { ...destination, sentence }, clock);
    }),
  };
}

function explained(
  name: string,
  { sentence, blame, release }: Pick<Explanation['groups'][number], 'sentence' | 'blame' | 'release'>,
  clock: WallClock,
): Explained {
  const { needs, at, earliest, alternatives } = release;
  return {
    name,
    sentence,
    blame: blame.map(({ id, health, reason, since }) => ({ id, health, reason, since: clock.at(since) })),
    release: {
      needs,
      at: clock.atOrNull(at),
      earliest: clock.atOrNull(earliest),
      alternatives: alternatives.map((one) => ({ needs: one.needs, earliest: clock.atOrNull(one.earliest) })),
    },
  };
}

/** A group with its destinations, the groups of a source, or a destination. */
function concerning(name: string | null): (one: string, status: Status) => boolean {
  let known: ReadonlySet<string> | undefined;
  return (one, { groups }) => {
    known ??= new Set(
      groups.flatMap((group) => [
        ...(group.name === name ? [name, ...group.destinations] : []),
        ...(group.sources.some(({ id }) => id === name) ? [group.name] : []),
      ]),
    );
    return name === null || one === name || known.has(one);
  };
}
