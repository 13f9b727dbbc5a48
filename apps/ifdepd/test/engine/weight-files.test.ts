import type { Effect, GroupStatus, PolicyEvent, Status } from '@ifdepd/policy';
import { beforeEach, expect, test } from 'vitest';
import type { Actuator } from '../../src/engine/actuator.ts';
import type { Bound } from '../../src/engine/bindings.ts';
import { type WeightChange, weights } from '../../src/engine/weights.ts';
import { realLoop } from '../../src/system/loop.ts';

/** The number that each destination has to hold, and holds: `b` belongs to a group that is not there. */
let held: Map<string, number | null>;
let wanted: number;
/** Why a file cannot be written; null where it can. */
let fault: string | null;
let due: Set<string>;
let changes: WeightChange[];
let fed: PolicyEvent[];
let timers: { callback: () => void; ms: number }[];
let phase: GroupStatus['phase'];
/** What drivers were told, and what was set. */
let told: string[];

const writer = { feed: (event: PolicyEvent) => void fed.push(event), isDue: (id: string) => due.has(id) };

beforeEach(() => {
  held = new Map([['a', null]]);
  [wanted, fault, due, changes, fed, timers, phase, told] = [5, null, new Set(), [], [], [], 'up', []];
});

function writing() {
  const driver = {
    weigh({ weight }: GroupStatus) {
      told.push(`a is ${weight}`);
      return held.get('a') !== weight;
    },
    set(to: 'up' | 'down') {
      if (fault !== null) {
        throw new Error(fault);
      }
      const changed = held.get('a') !== wanted;
      held.set('a', wanted);
      return { changed, is: to };
    },
    number: () => held.get('a') ?? null,
  };
  const destinations = new Map([
    ['a', { id: 'a', action: 'weight', path: 'a', group: 'g', onExit: 'leave' }],
    ['b', { id: 'b', action: 'weight', path: 'b', group: 'none', onExit: 'leave' }],
    ['carp0', { id: 'carp0', action: 'admin', interface: 'carp0', onExit: 'leave' }],
  ]);
  const now = { rules: { destinations }, destinations: new Map([['a', driver]]) } as unknown as Bound;
  return weights({
    bindings: { now },
    state: { status: () => ({ groups: [{ name: 'g', weight: wanted, phase }] }) as unknown as Status },
    changed: (change) => void changes.push(change),
    eventLoop: {
      ...realLoop,
      setTimer(callback, ms) {
        timers.push({ callback, ms });
        return {} as never;
      },
    },
  });
}

test.each([
  ['up', 'up'],
  ['going-down', 'up'],
  ['down', 'down'],
  ['coming-up', 'down'],
] as const)('the number of a group that is %s is written once, and its file is %s then', (of, is) => {
  phase = of;
  const one = writing();
  one.writeAll(writer);
  one.writeAll(writer);
  expect(changes).toEqual([{ destination: 'a', group: 'g', number: 5, error: null }]);
  expect(fed).toEqual([{ type: 'destination', id: 'a', is }]);
});

test('a number is not written to a file that is about to be set, which gets its number right before', () => {
  const one = writing();
  due.add('a');
  one.writeAll(writer);
  expect([held.get('a'), changes]).toEqual([null, []]);
  const acting = {
    apply: (effect: Effect) => void told.push(`set ${effect.destination}`),
  } as unknown as Actuator;
  const { apply } = one.weighed(acting);
  apply({ destination: 'a', to: 'up' } as never);
  apply({ destination: 'carp0', to: 'up' } as never);
  expect(told).toEqual(['a is 5', 'set a', 'set carp0']);
});

test('a number that cannot be written is written again after each second, and reported once for each reason', () => {
  const one = writing();
  fault = 'read-only';
  one.writeAll(writer);
  one.writeAll(writer);
  expect(timers.map(({ ms }) => ms)).toEqual([1000]);
  timers[0]?.callback();
  fault = 'no space';
  timers[1]?.callback();
  expect(changes.map(({ number, error }) => [number, error?.message])).toEqual([
    [null, 'read-only'],
    [null, 'no space'],
  ]);
  expect([timers.length, fed]).toEqual([3, []]);
  fault = null;
  timers[2]?.callback();
  expect([held.get('a'), timers.length, fed.length]).toEqual([5, 3, 1]);
  wanted = 6;
  fault = 'no space';
  one.writeAll(writer);
  expect(changes.at(-1)?.error?.message).toBe('no space');
});
