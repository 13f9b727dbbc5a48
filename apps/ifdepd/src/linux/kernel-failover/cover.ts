import type { GroupStatus } from '@ifdepd/policy';
import type { Bound } from '../../engine/bindings.ts';
import type { FailoverCover } from '../../engine/failover-cover.ts';
import type { Plan } from './plan.ts';

/**
 * What is armed for a group.
 *
 * @param plans those that are armed
 * @param negated see negatedDestinations()
 */
export function failoverCover(
  group: Pick<GroupStatus, 'name' | 'phase' | 'sources' | 'destinations'>,
  plans: readonly Plan[],
  bound: Pick<Bound, 'rules' | 'destinations'>,
  negated: ReadonlySet<string>,
): FailoverCover {
  const armed = group.sources
    .map((source) => source.id)
    .filter((source) =>
      plans.some(
        ({ sources, destinations }) =>
          sources.some(({ id }) => id === source) &&
          destinations.some(({ id }) => group.destinations.includes(id)),
      ),
    );
  return { armed, reason: armed.length > 0 ? null : whyNot(group, bound, negated) };
}

function whyNot(
  { name, phase, destinations }: Pick<GroupStatus, 'name' | 'phase' | 'destinations'>,
  { rules, destinations: drivers }: Pick<Bound, 'rules' | 'destinations'>,
  negated: ReadonlySet<string>,
): string {
  if (phase !== 'up') {
    return `the group is ${phase}`;
  }
  if ((rules.policy.groups[name]?.downDelayMs ?? 0) > 0) {
    return 'down-delay';
  }
  const simple = destinations.filter((id) => drivers.get(id)?.downRequest?.() !== undefined);
  if (simple.length === 0) {
    return 'it has no destination that is set by its flag or by protodown';
  }
  return simple.every((id) => negated.has(id))
    ? 'the loss of a source may also bring its destinations up (not)'
    : 'no loss of one interface is certain to take the group down';
}
