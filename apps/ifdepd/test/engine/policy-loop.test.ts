import { compile } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { dryActuator } from '../../src/engine/actuator.ts';
import { policyLoop } from '../../src/engine/policy-loop.ts';
import { policyState } from '../../src/engine/policy-state.ts';
import { nextTurn } from '../../src/system/loop.ts';

/** Longer than the loop sets destinations in one turn. */
const SLOW_MS = 20;

test('a loop of slow destinations that is fed at rest and then closed does nothing more', async () => {
  const destinations = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5'];
  const policy = compile({ groups: { g: { require: 'a', destinations } } });
  let clock = 0;
  const actuator = dryActuator();
  const set: string[] = [];
  let rests = 0;
  const loop = policyLoop({
    state: policyState(policy, () => clock),
    actuator: {
      ...actuator,
      apply(effect) {
        clock += SLOW_MS;
        set.push(effect.destination);
        return actuator.apply(effect);
      },
    },
  });
  loop.subscribe({
    rested() {
      rests += 1;
      if (rests === 1) {
        loop.together(() => {});
      }
    },
  });
  loop.feed({
    type: 'sources',
    complete: true,
    sources: [{ id: 'a', health: 'failed', reason: 'no carrier' }],
    destinations: destinations.map((id) => ({ id, is: 'up' })),
  });
  expect(set).toEqual(['d0', 'd1']);
  loop[Symbol.dispose]();
  const before = rests;
  for (let turns = 0; turns < 10; turns += 1) {
    await nextTurn();
  }
  expect({ set, rests }).toEqual({ set: ['d0', 'd1'], rests: before });
});
