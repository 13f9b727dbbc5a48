import { compile, type Effect, type PolicyEvent } from '@ifdepd/policy';
import { beforeEach, expect, test } from 'vitest';
import { type Actuator, dryActuator, type Outcome } from '../../src/engine/actuator.ts';
import { type PolicyLoop, policyLoop } from '../../src/engine/policy-loop.ts';
import { policyState } from '../../src/engine/policy-state.ts';
import { nextTurn } from '../../src/system/loop.ts';

/** Longer than the loop sets destinations in one turn. */
const SLOW_MS = 20;

const destinations = ['d0', 'd1', 'd2', 'd3', 'd4', 'd5'];
const policy = compile({ groups: { g: { require: 'a', destinations } } });
let clock: number;
let set: string[];

beforeEach(() => {
  clock = 0;
  set = [];
});

/** A loop whose destinations take their time to be set. */
function slowLoop(more: Partial<Actuator> = {}, look?: () => boolean): PolicyLoop {
  const actuator = dryActuator();
  return policyLoop({
    state: policyState(policy, () => clock),
    ...(look && { look }),
    actuator: {
      ...actuator,
      apply(effect) {
        clock += SLOW_MS;
        set.push(effect.destination);
        return actuator.apply(effect);
      },
      ...more,
    },
  });
}

const source = (health: 'active' | 'failed') => ({ id: 'a', health, reason: '' }) as const;
const first: PolicyEvent = {
  type: 'sources',
  complete: true,
  sources: [source('failed')],
  destinations: destinations.map((id) => ({ id, is: 'up' })),
};

test('a loop of slow destinations that is fed at rest and then closed does nothing more', async () => {
  let rests = 0;
  const loop = slowLoop();
  loop.subscribe({
    rested() {
      rests += 1;
      if (rests === 1) {
        loop.together(() => {});
      }
    },
  });
  loop.feed(first);
  expect(set).toEqual(['d0', 'd1']);
  loop[Symbol.dispose]();
  const before = rests;
  for (let turns = 0; turns < 10; turns += 1) {
    await nextTurn();
  }
  expect({ set, rests }).toEqual({ set: ['d0', 'd1'], rests: before });
});

test('what is left to do is finished within the time that there is', () => {
  using loop = slowLoop();
  loop.feed(first);
  expect([set, loop.busy]).toEqual([['d0'], true]);
  loop.finish(2 * SLOW_MS + 1);
  expect([set.length, loop.busy]).toEqual([4, true]);
  loop.finish(1000);
  expect([set, loop.busy]).toEqual([destinations, false]);
});

test('what the kernel has set by itself is reported, also where it was past before it was set', async () => {
  const reported: string[] = [];
  const isUnfinished = new Map<PolicyEvent, boolean>();
  let looks = 0;
  using loop: PolicyLoop = slowLoop(
    {
      done(effect) {
        const { destination: id, to: is } = effect;
        return {
          effect,
          changed: true,
          undoValue: null,
          error: null,
          answer: { type: 'destination', id, is },
        };
      },
    },
    () => {
      looks += 1;
      if (looks === 2) {
        loop.feed({ type: 'source', source: source('active') });
      }
      return true;
    },
  );
  loop.subscribe({
    decided({ event, outcomes, unfinished }) {
      isUnfinished.set(event, unfinished);
      reported.push(...outcomes.map(({ effect: { destination, to } }) => `${destination} ${to}`));
    },
  });
  loop.feed(first);
  while (loop.busy) {
    await nextTurn();
  }
  expect(set).toEqual(['d0', ...destinations]);
  expect([...isUnfinished.values()]).toEqual([false, false]);
  expect(reported).toEqual(['down', 'up'].flatMap((to) => destinations.map((id) => `${id} ${to}`)));
});

test.each([
  ['failed', 'active', 'failed', 'sets it down', ['down'], { is: 'down', owned: true }],
  ['active', 'failed', 'active', 'sets it up', ['up'], { is: 'up', owned: false }],
  ['failed', 'active', 'active', 'sets it down', ['down', 'up'], { is: 'up', cause: 'transition' }],
  ['active', 'failed', 'failed', 'sets it up', ['up', 'down'], { is: 'down', cause: 'transition' }],
  ['failed', 'active', 'failed', 'fails', ['down', 'down'], { is: 'down', error: null }],
] as const)(
  'a source is %s, then %s, then %s while a program %s: programs run for %j',
  async (began, then, last, end, ran, expected) => {
    const state = policyState(compile({ groups: { g: { require: 'a', destinations: ['d'] } } }), () => 0);
    let is: 'up' | 'down' = began === 'failed' ? 'up' : 'down';
    const first = is;
    const running: (() => void)[] = [];
    const outcome = (effect: Effect): Outcome => {
      const isFailure = end === 'fails' && set.length === 1;
      is = isFailure ? is : effect.to;
      const answer: PolicyEvent = isFailure
        ? { type: 'effect-failed', effect, code: 'ERR_PROGRAM' }
        : { type: 'destination', id: 'd', is };
      return { effect, changed: !isFailure, undoValue: null, error: null, byProgram: true, answer };
    };
    using loop = policyLoop({
      state,
      actuator: {
        apply(effect) {
          set.push(effect.to);
          return new Promise((resolve) => void running.push(() => resolve(outcome(effect))));
        },
        read: () => ({ type: 'destination', id: 'd', is }),
        done: () => null,
      },
    });
    loop.feed({
      type: 'sources',
      complete: true,
      sources: [source(began)],
      destinations: [{ id: 'd', is: first }],
    });
    loop.feed({ type: 'source', source: source(then) });
    loop.feed({ type: 'source', source: source(last) });
    while (running.length > 0) {
      running.shift()?.();
      await nextTurn();
    }
    expect(set).toEqual(ran);
    expect(state.status().destinations[0]).toMatchObject({ ...expected, foreignChanges: 0 });
    expect(loop.isDue('d')).toBe(false);
  },
);

test('a program that ends when the loop is closed: nothing is reported and nothing is set', async () => {
  const ends: (() => void)[] = [];
  const reports: unknown[] = [];
  const { apply, ...quiet } = dryActuator();
  const loop = policyLoop({
    state: policyState(policy, () => clock),
    actuator: {
      ...quiet,
      apply(effect) {
        set.push(effect.destination);
        return new Promise((resolve) => void ends.push(() => resolve(apply(effect))));
      },
    },
  });
  loop.subscribe({ decided: (decision) => void reports.push(decision) });
  loop.feed(first);
  expect(reports).toHaveLength(1);
  loop[Symbol.dispose]();
  for (const end of ends) {
    end();
  }
  await nextTurn();
  expect([set, reports.length]).toEqual([destinations, 1]);
});

test('other rules that replace these within events that are fed together are acted on with those events', () => {
  using loop = slowLoop();
  loop.together(() => {
    loop.feed(first);
    loop.replace(compile({ groups: { h: { require: 'a', destinations } } }));
    expect(set).toEqual([]);
  });
  expect(set).toEqual(['d0']);
});
