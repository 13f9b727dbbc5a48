import { compile } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { dryActuator } from '../../src/engine/actuator.ts';
import { policyLoop } from '../../src/engine/policy-loop.ts';
import { policyState } from '../../src/engine/policy-state.ts';

test('events that are fed together are of one moment: a return that is over by then sets nothing up for the down-delay', () => {
  const policy = compile({
    groups: {
      gateway: { require: 'a', destinations: ['d0'], downDelayMs: 100 },
      weighted: { require: { atLeast: 1, of: ['a', 'b'] }, destinations: ['d1'], downDelayMs: 100 },
      chained: { require: { all: [{ group: 'gateway' }] }, destinations: ['d2'], downDelayMs: 100 },
      damped: { require: 'a', destinations: ['d3'], downDelayMs: 100, dampening: {} },
      waiting: { require: 'a', destinations: ['d4'], downDelayMs: 100, upDelayMs: 50 },
    },
  });
  let clock = 0;
  const state = policyState(policy, () => {
    clock += 0.1;
    return clock;
  });
  const raised: string[] = [];
  const actuator = dryActuator();
  using loop = policyLoop({
    state,
    actuator: {
      ...actuator,
      apply(effect) {
        if (effect.to === 'up') {
          raised.push(effect.destination);
        }
        return actuator.apply(effect);
      },
    },
  });
  const a = (health: 'active' | 'failed') =>
    ({ type: 'source', source: { id: 'a', health, reason: '' } }) as const;
  loop.feed({
    type: 'sources',
    complete: true,
    sources: ['a', 'b'].map((id) => ({ id, health: 'failed' as const, reason: '' })),
    destinations: policy.destinations.map((id) => ({ id, is: 'down' })),
  });
  loop.together(() => {
    loop.feedPast(a('active'));
    loop.feedPast(a('failed'));
    loop.feed(a('failed'));
  });
  const { groups } = state.status();
  expect(raised).toEqual([]);
  expect(groups.map(({ phase }) => phase)).toEqual(['down', 'down', 'down', 'down', 'down']);
  expect(groups.map(({ penalty, hidden }) => penalty || hidden)).toEqual([0, 0, 0, 1000, 1]);
});
