import { describe, expect, test } from 'vitest';
import {
  compile,
  describe as describeState,
  type Effect,
  explain,
  type PolicyEvent,
  recompile,
  restore,
  StateError,
  serialize,
  simulate,
  stands,
  start,
  step,
} from '../src/index.ts';

const policy = compile({ groups: { g: { require: 'em0', destinations: ['carp0'], downDelayMs: 100 } } });
const { state } = start(policy, 0);

/** Feeds an event as plain JavaScript may pass it. */
const feed = (event: unknown, now: unknown = 1): unknown =>
  step(policy, state, event as PolicyEvent, now as number);
const reading = { id: 'em0', health: 'active', reason: 'up' };

describe('an invalid event is refused with the part and its value', () => {
  const cases: readonly (readonly [event: unknown, message: string])[] = [
    [
      undefined,
      'event.type must be sources,source,destination,effect-failed,pause,drain,resume,restore,tick, not undefined.',
    ],
    [
      null,
      'event.type must be sources,source,destination,effect-failed,pause,drain,resume,restore,tick, not undefined.',
    ],
    [
      { type: 'sorce', source: reading },
      'event.type must be sources,source,destination,effect-failed,pause,drain,resume,restore,tick, not "sorce".',
    ],
    [{ type: 'source' }, 'event.source.id must be a string, not undefined.'],
    [{ type: 'source', source: { ...reading, id: 7 } }, 'event.source.id must be a string, not 7.'],
    [
      { type: 'source', source: { ...reading, health: 'ok' } },
      'event.source.health must be active,failed,unknown, not "ok".',
    ],
    [
      { type: 'source', source: { ...reading, health: true } },
      'event.source.health must be active,failed,unknown, not true.',
    ],
    [
      { type: 'source', source: { id: 'em0', health: 'failed' } },
      'event.source.reason must be a string, not undefined.',
    ],
    [{ type: 'sources', sources: [] }, 'event.complete must be a boolean, not undefined.'],
    [{ type: 'sources', complete: true }, 'event.sources must be an array, not undefined.'],
    [
      { type: 'sources', complete: true, sources: [reading, { id: 'x' }] },
      'event.sources[1].health must be active,failed,unknown, not undefined.',
    ],
    [
      { type: 'sources', complete: true, sources: [], destinations: { carp0: 'up' } },
      'event.destinations must be an array, not [object Object].',
    ],
    [
      { type: 'sources', complete: true, sources: [], destinations: [{ id: 'carp0', is: 'DOWN' }] },
      'event.destinations[0].is must be up,down,missing,unknown, not "DOWN".',
    ],
    [
      { type: 'destination', id: 'carp0', is: 'DOWN' },
      'event.is must be up,down,missing,unknown, not "DOWN".',
    ],
    [
      { type: 'destination', id: 'carp0', is: 'down', owned: 'yes' },
      'event.owned must be a boolean, not "yes".',
    ],
    [{ type: 'effect-failed', code: 'EPERM' }, 'event.effect.destination must be a string, not undefined.'],
    [
      { type: 'effect-failed', effect: { destination: 'carp0', to: 'off' }, code: 'EPERM' },
      'event.effect.to must be up,down, not "off".',
    ],
    [
      { type: 'effect-failed', effect: { destination: 'carp0', to: 'up' }, code: 1 },
      'event.code must be a string, not 1.',
    ],
    [{ type: 'pause' }, 'event.group must be a string, not undefined.'],
    [
      { type: 'pause', group: 'g', until: Number.POSITIVE_INFINITY },
      'event.until must be a finite number, not Infinity.',
    ],
    [{ type: 'pause', group: 'g', until: Number.NaN }, 'event.until must be a finite number, not NaN.'],
    [{ type: 'resume', group: ['g'] }, 'event.group must be a string, not g.'],
  ];
  test.each(cases)('event %j is refused', (event, message) => {
    expect(() => feed(event)).toThrow(new TypeError(message));
  });
});

test.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, '5', 5n])(
  'now is %s: start, step, recompile and restore refuse it',
  (now) => {
    const refused = /^now must be a finite number/;
    expect(() => step(policy, state, { type: 'tick' }, now as number)).toThrow(refused);
    expect(() => start(policy, now as number)).toThrow(refused);
    expect(() => recompile(policy, state, policy, now as number)).toThrow(refused);
    if (now !== undefined) {
      expect(() => restore(policy, serialize(policy, state), now as number)).toThrow(refused);
    }
  },
);

test('a policy that was not compiled, and a value that is no state, are refused by name', () => {
  const config = policy.config as unknown as typeof policy;
  const none = {} as typeof state;
  expect(() => start(config, 0)).toThrow('policy must be compiled, not [object Object].');
  for (const wrong of [none, undefined, null, 7, state.policy]) {
    expect(() => step(policy, wrong as typeof state, { type: 'tick' }, 0)).toThrow(StateError);
  }
  expect(() => step(config, none, { type: 'tick' }, 0)).toThrow(StateError);
});

test('a state of another policy is refused by every function that reads one', () => {
  const other = compile({ groups: { h: { require: 'em1', destinations: ['carp1'] } } });
  const readers = [
    () => step(other, state, { type: 'tick' }, 0),
    () => describeState(other, state),
    () => explain(other, state),
    () => serialize(other, state),
    () => stands(other, state, { destination: 'carp0', to: 'down' } as Effect),
    () => recompile(other, state, policy, 0),
  ];
  for (const read of readers) expect(read).toThrow(StateError);
});

test.each([
  [undefined, 'effect.destination must be a string, not undefined.'],
  [{ destination: 'carp0', to: 'DOWN' }, 'effect.to must be up,down, not "DOWN".'],
])('stands refuses the effect %j', (effect, message) => {
  expect(() => stands(policy, state, effect as unknown as Effect)).toThrow(new TypeError(message));
});

test.each([
  [null, 'options must be an object, not null.'],
  ['g', 'options must be an object, not "g".'],
  [{ only: ['g'] }, 'options.only must be a set, not g.'],
  [{ only: null }, 'options.only must be a set, not null.'],
])('explain refuses the options %j', (options, message) => {
  expect(() => explain(policy, state, options as unknown as { only: Set<string> })).toThrow(
    new TypeError(message),
  );
});

test('a timeline with an invalid entry or a time that runs backwards is refused before anything is simulated', () => {
  const tick = { type: 'tick' } as const;
  expect(() =>
    simulate(policy, [
      { at: 0, event: tick },
      { at: Number.NaN, event: tick },
    ]),
  ).toThrow(/^timeline\[1\]\.at must be a finite number/);
  expect(() =>
    simulate(policy, [
      { at: 5, event: tick },
      { at: 4, event: tick },
    ]),
  ).toThrow('timeline[1].at is 4, before that of the entry before it.');
  const wrong = [{ at: 0, event: { type: 'source', source: { id: 'em0', health: 'up', reason: '' } } }];
  expect(() => simulate(policy, wrong as unknown as Parameters<typeof simulate>[1])).toThrow(
    'timeline[0].event.source.health must be active,failed,unknown, not "up".',
  );
});
