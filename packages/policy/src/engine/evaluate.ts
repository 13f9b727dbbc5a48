import type { Health } from '../events.ts';
import type { GateState } from '../state.ts';
import { at, get, put } from '../vec.ts';
import { blameOf } from './blame.ts';
import { copyGroup } from './copy.ts';
import { type Draft, enqueue, setDue } from './draft.ts';
import { advance, deadline } from './phase.ts';
import { changeOpinion } from './target.ts';
import { inverted, outcome, verdict } from './verdict.ts';

/** Evaluates the scheduled gates, members first. A gate that changes schedules the gates that depend on it. */
export function evaluateAll(draft: Draft): void {
  const { policy, state } = draft;
  // A dependent gate has a higher rank, so the list grows only behind the current entry.
  for (const entry of draft.work) {
    const gate = at(policy.gates, entry.gate);
    const was = get(state.gates, entry.gate);
    const active = was.active + entry.active;
    const unknown = was.unknown + entry.unknown;
    const raw = verdict(gate, active, unknown, was.held);
    const value = inverted(gate, raw);
    const held = raw === 'unknown' ? was.held : raw === 'active' && gate.below < gate.at;
    const group = was.group && copyGroup(was.group, state.now);
    const waits = value === 'unknown' && group?.phase === 'coming-up' && draft.waits?.(entry.gate);
    if (group && gate.group && !waits) advance(gate.group, group, value, state);
    store(draft, entry.gate, was, { active, unknown, held, value, group });
  }
}

/** Stores a gate with the consequences: deadline, transition, opinion on destinations, dependent gates. */
export function store(draft: Draft, number: number, was: GateState, next: GateState): void {
  const { policy, state } = draft;
  const { group: spec, parents } = at(policy.gates, number);
  state.gates = put(state.gates, number, next);
  let before: Health = was.value;
  let after: Health = next.value;
  if (spec && was.group && next.group) {
    const from = was.group.phase;
    const to = next.group.phase;
    setDue(draft, number, deadline(spec, next.group, next.value));
    if (from === to) return;
    draft.transitions.push({
      group: at(policy.groups, number),
      from,
      to,
      blame: blameOf(policy, state, number),
    });
    before = outcome(from);
    after = outcome(to);
    if (before !== after) changeOpinion(draft, spec, before, after);
  }
  if (before === after) return;
  for (const { to, weight } of parents) enqueue(draft, to, weight, before, after);
}
