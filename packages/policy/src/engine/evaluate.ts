import type { Blame } from '../events.ts';
import { blameOf } from '../explain/blame.ts';
import type { Gate, GroupSpec } from '../policy.ts';
import type { GateState, GroupState } from '../state.ts';
import { at, get, put } from '../vec.ts';
import { type Draft, enqueue, setDue } from './draft.ts';
import { advance, deadline } from './phase.ts';
import { changeOpinion } from './target.ts';
import { inverted, outcome, verdict } from './verdict.ts';

/** Evaluates what has been noted, members first, and notes what follows from it, until nothing does. */
export function evaluateAll(draft: Draft): void {
  const { gates, shifts } = draft.policy;
  for (let i = 0; i < draft.work.length; i += 1) {
    const { gate: number, active, unknown } = at(draft.work, i);
    const gate = at(gates, number);
    const was = get(draft.gates, shifts.gates, number);
    draft.evaluated += 1;

    const now = { active: was.active + active, unknown: was.unknown + unknown };
    const raw = verdict(gate, now.active, now.unknown, was.held);
    const value = inverted(gate, raw);
    const held = raw === 'unknown' ? was.held : raw === 'active';
    if (was.group === null || gate.group === null) {
      draft.gates = put(draft.gates, shifts.gates, number, { ...now, held, value, group: null });
      if (value !== was.value) tell(draft, gate, was.value, value);
    } else {
      const group = advance(gate.group, was.group, value, draft.now);
      setGroup(draft, number, was.group, { ...now, held, value, group });
    }
  }
}

/** Stores a group and everything that follows from its phase: deadline, opinion on destinations, groups above. */
export function setGroup(draft: Draft, number: number, was: GroupState, next: GateState): void {
  const { gates, shifts } = draft.policy;
  const gate = at(gates, number);
  const [spec, group] = [gate.group as GroupSpec, next.group as GroupState];
  draft.gates = put(draft.gates, shifts.gates, number, next);
  setDue(draft, spec.index, deadline(spec, group, next.value));
  if (group.phase === was.phase) return;

  const blame: readonly Blame[] = blameOf(draft.policy, draft, number);
  draft.transitions.push({ group: spec.name, from: was.phase, to: group.phase, blame });
  const [before, after] = [outcome(was.phase), outcome(group.phase)];
  if (before === after) return;
  changeOpinion(draft, spec, before, after);
  tell(draft, gate, before, after);
}

function tell(draft: Draft, gate: Gate, from: GateState['value'], to: GateState['value']): void {
  for (const { to: parent, weight } of gate.parents) enqueue(draft, parent, weight, from, to);
}
