import { nameOf } from '../engine/blame.ts';
import { healthOf } from '../engine/select.ts';
import { holders } from '../engine/target.ts';
import type { Health } from '../events.ts';
import type { Compiled, Target } from '../policy.ts';
import type { State } from '../state.ts';
import type { DestinationStatus, GroupExplanation } from '../status.ts';
import type { Change, Condition } from './conditions.ts';
import { foresee } from './foresee.ts';
import { attempt, type Turn } from './release.ts';

/** An explained group, with the parts of its sentence and of those of its destinations. */
export interface Explained {
  readonly group: GroupExplanation;
  /** The numbers of the leaves that its release needs. */
  readonly items: readonly number[];
  readonly conditions: readonly Condition[];
}

export function changeOf(policy: Compiled, state: State, item: number, to: Health = 'active'): Change {
  return { id: nameOf(policy, item), kind: item < 0 ? 'group' : 'source', is: healthOf(state, item), to };
}

/** Alternatives grouped by the time they take, the shortest first. */
export function conditionsOf(turns: readonly Turn[], policy: Compiled, state: State): readonly Condition[] {
  return merged(
    turns.flatMap(({ items, to, future }) =>
      future === null
        ? []
        : {
            waitMs: future.at - state.now,
            sets: [items.map((item) => changeOf(policy, state, item, to.get(item)))],
          },
    ),
  );
}

/** The input of a trial of several groups together. */
export interface Meeting {
  readonly policy: Compiled;
  readonly state: State;
  readonly calm: State;
  readonly target: Target;
}

type Together = Pick<GroupExplanation, 'blame' | 'release'> & { readonly conditions: readonly Condition[] };

/**
 * A destination that is down is held by each of its holders: one is enough to blame, all have to release it. A destination
 * that is up needs all of its groups, and goes down with the first.
 */
export function together(
  { want }: DestinationStatus,
  supporters: readonly Explained[],
  meeting: Meeting,
): Together {
  const [first] = supporters;
  if (first === undefined) {
    return { blame: [], release: { needs: [], at: null, earliest: null, alternatives: [] }, conditions: [] };
  }
  if (want === 'up') return firstOf(supporters);
  const { blame, release } = first.group;
  return meeting.target.groups.length === 1
    ? { blame, release, conditions: first.conditions }
    : allOf(first, supporters, meeting);
}

/** The first group that goes down is enough. */
function firstOf(supporters: readonly Explained[]): Together {
  const groups = supporters.map(({ group }) => group);
  const releases = groups.map(({ release }) => release);
  const blame = [...new Map(groups.flatMap((group) => group.blame.map((one) => [one.id, one]))).values()];
  const weakest = releases.reduce((one, other) => (other.needs.length < one.needs.length ? other : one));
  const others = releases
    .filter((release) => release !== weakest)
    .flatMap(({ needs, earliest, alternatives }) => [{ needs, earliest }, ...alternatives]);
  const moments = releases.flatMap(({ at }) => at ?? []);
  return {
    blame,
    release: {
      ...weakest,
      at: moments.length === 0 ? null : Math.min(...moments),
      alternatives: [...weakest.alternatives, ...others],
    },
    conditions: merged(supporters.flatMap((one) => one.conditions)),
  };
}

/** All holders have to release it. They are tried together: what one needs may bring another one down. */
function allOf(first: Explained, supporters: readonly Explained[], meeting: Meeting): Together {
  const { policy, state, calm, target } = meeting;
  const trial = foresee(
    policy,
    state,
    calm,
    target.groups,
    (after) => holders(after, target, 'down').length === 0,
  );
  const items = [...new Set(supporters.flatMap((one) => one.items))];
  const alone = trial.after([])?.at ?? null;
  const turn = attempt(trial, state, items);
  return {
    blame: first.group.blame,
    release: {
      needs: items.map((item) => nameOf(policy, item)),
      at: alone,
      earliest: turn.future?.at ?? null,
      alternatives: [],
    },
    conditions: items.length === 0 ? [] : conditionsOf([turn], policy, state),
  };
}

/** Conditions grouped by the time they take, the shortest first. */
function merged(conditions: readonly Condition[]): readonly Condition[] {
  const byWait = new Map<number, Map<string, readonly Change[]>>();
  for (const { waitMs, sets } of conditions) {
    const known = byWait.get(waitMs) ?? new Map<string, readonly Change[]>();
    for (const set of sets) known.set(JSON.stringify(set.map(({ id }) => id)), set);
    byWait.set(waitMs, known);
  }
  return [...byWait]
    .map(([waitMs, sets]) => ({ waitMs, sets: [...sets.values()] }))
    .sort((one, other) => one.waitMs - other.waitMs);
}
