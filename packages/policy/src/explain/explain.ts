import { holders } from '../engine/target.ts';
import type { Compiled, Policy } from '../policy.ts';
import type { State } from '../state.ts';
import type { DestinationStatus, Explanation, GroupExplanation, GroupStatus, Release } from '../status.ts';
import { at } from '../vec.ts';
import { nameOf } from './blame.ts';
import { describe, specOf } from './describe.ts';
import { select } from './select.ts';
import { destinationSentence, groupSentence } from './sentence.ts';

/** Why every group and destination is as it is, what would release it, and when: as data and as one sentence each. */
export function explain(policy: Policy, state: State): Explanation {
  const compiled = policy as Compiled;
  const status = describe(policy, state);
  const groups = status.groups.map((group, index): GroupExplanation => {
    const release = releaseOf(compiled, state, at(compiled.roots, index), group);
    return { ...group, release, sentence: groupSentence(group, release, state.now) };
  });
  const byName = new Map(groups.map((group) => [group.name, group]));
  const destinations = status.destinations.map((destination, index) => {
    const supporters = holders(
      state.gates,
      compiled.shifts.gates,
      at(compiled.targets, index),
      destination.want === 'down' ? 'down' : 'up',
    ).flatMap((gate) => byName.get(specOf(compiled, gate).name) ?? []);
    const { blame, release } = together(destination, supporters);
    const sentence = destinationSentence(destination, supporters, release, state.now);
    return { ...destination, blame, release, sentence };
  });
  return { ...status, groups, destinations };
}

/** What would make a group leave its outcome. */
function releaseOf(policy: Compiled, state: State, root: number, status: GroupStatus): Release {
  const { downDelayMs, upDelayMs } = specOf(policy, root);
  const { phase, until, suppressedUntil } = status;
  const needs =
    phase === 'coming-up' || phase === 'paused'
      ? []
      : select(policy, state, root, 'turn').map((item) => nameOf(policy, item));
  const waits = phase === 'down' ? upDelayMs : phase === 'up' ? downDelayMs : 0;
  const earliest =
    needs.length === 0
      ? until
      : Math.max(state.now + waits, (phase === 'down' && suppressedUntil) || state.now);
  return { needs, at: until, earliest };
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
  if (want === 'none' || first === undefined) {
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
