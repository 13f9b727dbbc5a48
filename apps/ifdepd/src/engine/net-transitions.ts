import type { Transition } from '@ifdepd/policy';
import type { Outcome } from './actuator.ts';

/**
 * What is left of transitions when what went and came back is left out: one for each group, from what it was at first to
 * what it is at last; none where that is the same. Where something was changed on the way, the last way there and back.
 */
export function netTransitions(
  transitions: readonly Transition[],
  outcomes: readonly Outcome[],
): readonly Transition[] {
  const changed = new Set(outcomes.flatMap((one) => (one.changed ? [one.effect.because.group] : [])));
  const byGroup = new Map<string, Transition[]>();
  for (const transition of transitions) {
    const of = byGroup.get(transition.group);
    if (of === undefined) {
      byGroup.set(transition.group, [transition]);
    } else {
      of.push(transition);
    }
  }
  return [...byGroup].flatMap(([group, all]) => {
    const [first, last] = [all[0], all.at(-1)];
    if (first === undefined || last === undefined) {
      return [];
    }
    return first.from === last.to
      ? changed.has(group)
        ? all.slice(-2)
        : []
      : [{ ...last, from: first.from }];
  });
}
