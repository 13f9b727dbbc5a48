import type { GroupReport, StatusReport } from '../src/control/status-report.ts';

/** What the reader of the page wants to see. */
export interface Choice {
  /** A part of a name; '' for all. */
  readonly text: string;
  /** Only what is not up. */
  readonly trouble: boolean;
}

type Source = GroupReport['sources'][number];

/** A status without what was not asked for, the worst first. */
export interface Chosen {
  readonly groups: readonly GroupReport[];
  readonly sources: readonly Source[];
  readonly destinations: StatusReport['destinations'];
}

const worst = (phase: string): number =>
  ['down', 'drained', 'coming-up', 'going-down', 'starting', 'paused', 'up'].indexOf(phase);

/** A group is chosen by its own name or that of one of its sources and destinations. */
export function choose({ groups, destinations }: StatusReport, { text, trouble }: Choice): Chosen {
  const wanted = text.trim().toLowerCase();
  const has = (name: string): boolean => name.toLowerCase().includes(wanted);
  const chosen = groups
    .filter(
      (group) =>
        (!trouble || group.phase !== 'up') &&
        (has(group.name) || group.sources.some(({ id }) => has(id)) || group.destinations.some(has)),
    )
    .toSorted((one, other) => worst(one.phase) - worst(other.phase));
  const ids = new Set(chosen.flatMap((group) => group.destinations));
  const sources = new Map(chosen.flatMap((group) => group.sources.map((source) => [source.id, source])));
  const failedFirst = ({ health }: Source): number => ['failed', 'unknown', 'active'].indexOf(health);
  return {
    groups: chosen,
    sources: [...sources.values()].toSorted((one, other) => failedFirst(one) - failedFirst(other)),
    destinations: destinations
      .filter(({ id }) => ids.has(id))
      .toSorted((one, other) => Number(other.heldBy.length > 0) - Number(one.heldBy.length > 0)),
  };
}

/** How good a phase, a health or a state is: the class of its colour. */
export function gradeOf(state: string): 'good' | 'bad' | 'warn' | 'faint' {
  switch (state) {
    case 'up':
    case 'active':
      return 'good';
    case 'down':
    case 'failed':
    case 'missing':
      return 'bad';
    case 'starting':
    case 'unknown':
    case 'none':
      return 'faint';
    default:
      return 'warn';
  }
}
