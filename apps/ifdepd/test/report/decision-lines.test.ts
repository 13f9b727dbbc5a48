import type { Blame, Effect, Reason } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { decisionLines } from '../../src/report/decision-lines.ts';

const em0 = (health: 'active' | 'failed'): Blame => ({
  kind: 'source',
  id: 'em0',
  health,
  reason: '',
  since: 0,
});

/** The message about carp0, which another program has set the other way. */
function message(to: 'up' | 'down', phase: Reason['to'], health: 'active' | 'failed'): string | undefined {
  const because: Reason = { group: 'g', from: 'up', to: phase, cause: 'enforce', blame: [em0(health)] };
  const effect: Effect = { type: 'set', destination: 'carp0', to, because };
  const answer = { type: 'destination', id: 'carp0', is: to } as const;
  const outcome = { effect, changed: true, undoValue: null, error: null, answer };
  const event = { type: 'tick' } as const;
  const decision = { event, transitions: [], outcomes: [outcome], began: 0, ended: 0, unfinished: false };
  return decisionLines(decision, 'set')[0]?.message;
}

test.each([
  ['down', 'down', 'failed', 'set down again because em0 has failed'],
  ['up', 'up', 'active', 'set up again because em0 is active'],
  ['down', 'coming-up', 'active', 'set down again because g is coming up (em0 is active)'],
  ['up', 'going-down', 'failed', 'set up again because g is going down (em0 has failed)'],
  // Until an operator restores it.
  ['down', 'down', 'active', 'set down again because g is down (em0 is active)'],
] as const)('set %s again, and the group is %s while em0 is %s: %s', (to, phase, health, words) => {
  const other = to === 'up' ? 'down' : 'up';
  expect(message(to, phase, health)).toBe(`carp0: another program set it ${other}; ${words}`);
});
