import { holders } from '../engine/target.ts';
import { lineOf } from '../engine/verdict.ts';
import type { Compiled, GroupSpec, Policy } from '../policy.ts';
import type { State } from '../state.ts';
import type { DestinationStatus, Explanation, GroupExplanation, GroupStatus, Release } from '../status.ts';
import { at } from '../vec.ts';
import { nameOf } from './blame.ts';
import { describe, specOf } from './describe.ts';
import { healthOf, type Question, select } from './select.ts';
import { destinationSentence, groupSentence } from './sentence.ts';

/** What would turn a gate to the contrary if it turned? Those that take the most others are left out first. */
const TURN: Question = {
  speaks: (health, raw) => health === raw || health === 'unknown',
  enough(rule, { held, active, unknown }, raw) {
    const line = lineOf(rule, held);
    return raw === 'active' ? active + unknown - line + 1 : line - active;
  },
  rank: (_state, _leaf, company) => company,
};

/** Why every group and destination is as it is, what would release it, and when: as data and as one sentence each. */
export function explain(policy: Policy, state: State): Explanation {
  const compiled = policy as Compiled;
  const status = describe(policy, state);
  const groups = status.groups.map((group, index) => groupExplanation(compiled, state, index, group));
  const destinations = status.destinations.map((destination, index) => {
    const supporters = holders(
      state,
      at(compiled.targets, index),
      destination.want === 'down' ? 'down' : 'up',
    ).flatMap((gate) => at(groups, gate));
    const { blame, release } = together(destination, supporters);
    const sentence = destinationSentence(destination, supporters, release, state.now);
    return { ...destination, blame, release, sentence };
  });
  return { ...status, groups, destinations };
}

function groupExplanation(
  policy: Compiled,
  state: State,
  root: number,
  group: GroupStatus,
): GroupExplanation {
  const waits = group.phase === 'coming-up' || group.phase === 'paused';
  const turns = waits ? [] : select(policy, state, root, TURN);
  const needs = turns.map((item) => nameOf(policy, item));
  const release = releaseOf(specOf(policy, root), group, needs, state.now);
  const conditions = turns.map((item, i) =>
    healthOf(state, item) === 'active' ? `${needs[i]} fails` : `${needs[i]} is active`,
  );
  return { ...group, release, sentence: groupSentence(group, release, conditions.join(' and '), state.now) };
}

/** What would make a group leave its outcome. */
function releaseOf(spec: GroupSpec, group: GroupStatus, needs: readonly string[], now: number): Release {
  const { phase, until, suppressedUntil } = group;
  if (needs.length === 0) return { needs, at: until, earliest: until };
  const waits = phase === 'down' ? spec.upDelayMs : phase === 'up' ? spec.downDelayMs : 0;
  const held = phase === 'down' ? (suppressedUntil ?? now) : now;
  return { needs, at: until, earliest: Math.max(now + waits, held) };
}

/**
 * A destination that is held down is held by each of its holders: one is enough to blame, all have to let go.
 * One that is wanted up is so because all agree, and falls with the first.
 */
function together(
  { want }: DestinationStatus,
  groups: readonly GroupExplanation[],
): Pick<GroupExplanation, 'blame' | 'release'> {
  const [first] = groups;
  if (first === undefined) {
    return { blame: [], release: { needs: [], at: null, earliest: null } };
  }
  const releases = groups.map(({ release }) => release);
  if (want === 'up') {
    const blame = [...new Map(groups.flatMap((group) => group.blame.map((one) => [one.id, one]))).values()];
    const weakest = releases.reduce((one, other) => (other.needs.length < one.needs.length ? other : one));
    return { blame, release: weakest };
  }
  const latest = (times: readonly (number | null)[]): number | null =>
    times.reduce((one, other) => (one === null || other === null ? null : Math.max(one, other)));
  return {
    blame: first.blame,
    release: {
      needs: [...new Set(releases.flatMap(({ needs }) => needs))],
      at: latest(releases.map((release) => release.at)),
      earliest: latest(releases.map(({ earliest }) => earliest)),
    },
  };
}
