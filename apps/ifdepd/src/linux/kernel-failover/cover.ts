import type { GroupStatus } from '@ifdepd/policy';
import type { Bound } from '../../engine/bindings.ts';
import type { FailoverCover } from '../../engine/failover-cover.ts';
import type { Plan } from './plan.ts';

/** What is armed. */
interface Armed {
  readonly plans: readonly Plan[];
  readonly repairPlans: readonly Plan[];
}

/**
 * What is armed for a group.
 *
 * @param armed the plans that are armed for losses, and for repairs
 * @param negated see negatedDestinations()
 */
export function failoverCover(
  group: Pick<GroupStatus, 'name' | 'phase' | 'sources' | 'destinations'>,
  { plans, repairPlans }: Armed,
  bound: Pick<Bound, 'rules' | 'destinations'>,
  negated: ReadonlySet<string>,
): FailoverCover {
  const upon = group.phase === 'down' ? 'repair' : 'loss';
  const armed = group.sources
    .map((source) => source.id)
    .filter((source) =>
      (upon === 'loss' ? plans : repairPlans).some(
        ({ sources, destinations }) =>
          sources.some(({ id }) => id === source) &&
          destinations.some(({ id }) => group.destinations.includes(id)),
      ),
    );
  return { armed, upon, reason: armed.length > 0 ? null : whyNot(group, bound, negated) };
}

function whyNot(
  { name, phase, destinations }: Pick<GroupStatus, 'name' | 'phase' | 'destinations'>,
  { rules, destinations: drivers }: Pick<Bound, 'rules' | 'destinations'>,
  negated: ReadonlySet<string>,
): string {
  if (phase !== 'up' && phase !== 'down') {
    return `the group is ${phase}`;
  }
  const { downDelayMs = 0, upDelayMs = 0 } = rules.policy.groups[name] ?? {};
  if ((phase === 'up' ? downDelayMs : upDelayMs) > 0) {
    return phase === 'up' ? 'down-delay' : 'up-delay';
  }
  const simple = destinations.filter((id) => {
    const driver = drivers.get(id);
    return (phase === 'up' ? driver?.downRequest?.() : driver?.upRequest?.()) !== undefined;
  });
  if (simple.length === 0) {
    return `it has no destination that is set by its flag${phase === 'up' ? ' or by protodown' : ''}`;
  }
  if (simple.every((id) => negated.has(id))) {
    return `the ${phase === 'up' ? 'loss' : 'repair'} of a source may also bring its destinations ${phase === 'up' ? 'up' : 'down'} (not)`;
  }
  return phase === 'up'
    ? 'no loss of one interface is certain to take the group down'
    : 'no repair of one interface is certain to bring the group up';
}
