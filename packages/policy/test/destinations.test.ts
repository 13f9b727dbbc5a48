import { describe, expect, test } from 'vitest';
import {
  compile,
  describe as describeState,
  type PolicyEvent,
  type Presence,
  start,
  step,
} from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { one, writes } from './support/make.ts';

/** A group that is down with its destination down, and a quiet minute behind it. */
function held(enforce: 'down' | 'always' | 'never' = 'down'): ReturnType<typeof one> {
  const driver = one({ enforce });
  driver.snapshot({ em0: 'failed' });
  driver.wait(100_000);
  return driver;
}

describe('several groups on one destination', () => {
  const policy = compile({
    groups: {
      a: { require: 'em0', destinations: ['carp0'] },
      b: { require: 'em1', destinations: ['carp0'] },
    },
  });

  test('a destination of several groups is down if any wants it down, and up if all with an opinion want it up', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active', em1: 'active' });
    driver.source('em0', 'failed');
    driver.source('em1', 'failed');
    expect(driver.status.destinations[0]).toMatchObject({ want: 'down', heldBy: ['a', 'b'] });
    driver.source('em0', 'active');
    expect(driver.status.destinations[0]).toMatchObject({ want: 'down', heldBy: ['b'] });
    driver.wait(1);
    driver.source('em1', 'active');
    expect(writes(driver)).toEqual(['0: carp0 down', '1: carp0 up']);
    expect(driver.effects[1]?.because).toMatchObject({ group: 'b', to: 'up' });
  });

  test('a paused group has no opinion on a shared destination, and the pause raises nothing', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'failed', em1: 'active' });
    driver.feed({ type: 'pause', group: 'a' });
    expect(driver.status.destinations[0]).toMatchObject({ want: 'up', is: 'down' });
    expect(writes(driver)).toEqual(['0: carp0 down']);
    driver.source('em1', 'failed');
    driver.source('em1', 'active');
    expect(writes(driver)).toEqual(['0: carp0 down', '0: carp0 up']);
  });

  test('on a shared destination the strictest enforce and raise: owned apply', () => {
    const mixed = drive(
      compile({
        groups: {
          a: { require: 'em0', destinations: ['carp0'], enforce: 'never' },
          b: { require: 'em1', destinations: ['carp0'], enforce: 'always', raise: 'owned' },
        },
      }),
    );
    mixed.set('carp0', 'down');
    mixed.snapshot({ em0: 'active', em1: 'active' });
    expect(mixed.effects).toEqual([]);
    mixed.set('carp0', 'up');
    mixed.source('em0', 'failed');
    mixed.set('carp0', 'up');
    expect(mixed.effects.map(({ because }) => because.cause)).toEqual(['transition', 'enforce']);
  });
});

describe('the first decision', () => {
  test.each<[Presence, 'active' | 'failed', string[]]>([
    ['up', 'active', []],
    ['down', 'active', ['0: carp0 up']],
    ['missing', 'active', []],
    ['up', 'failed', ['0: carp0 down']],
    ['down', 'failed', []],
    ['missing', 'failed', []],
  ])('the first decision with destination %s and source %s', (is, health, expected) => {
    const driver = one();
    driver.set('carp0', is);
    driver.snapshot({ em0: health });
    expect(writes(driver)).toEqual(expected);
  });

  test('a destination that was never read is not raised on a guess, but lowered', () => {
    const driver = one();
    driver.feed({ type: 'sources', complete: true, sources: [{ id: 'em0', health: 'active', reason: '' }] });
    expect(driver.effects).toEqual([]);
    driver.source('em0', 'failed');
    expect(writes(driver)).toEqual(['0: carp0 down']);
  });

  test('a destination that was not read is decided on at its first reading', () => {
    const driver = one();
    driver.feed({ type: 'sources', complete: true, sources: [{ id: 'em0', health: 'active', reason: '' }] });
    driver.set('carp0', 'down');
    expect(writes(driver)).toEqual(['0: carp0 up']);
  });
});

describe('missing and returning', () => {
  test('a destination that appears while it is wanted down is set down', () => {
    const driver = held();
    driver.set('carp0', 'missing');
    driver.wait(1);
    driver.set('carp0', 'up');
    expect(writes(driver)).toEqual(['0: carp0 down', '100001: carp0 down']);
    expect(driver.effects[1]?.because).toMatchObject({ cause: 'arrival', group: 'g' });
    expect(driver.status.destinations[0]).toMatchObject({ foreignChanges: 0 });
  });

  test('a destination that appears while it is wanted down is set down with `enforce: never`, too', () => {
    const driver = held('never');
    driver.set('carp0', 'missing');
    driver.set('carp0', 'up');
    expect(writes(driver)).toEqual(['0: carp0 down', '100000: carp0 down']);
  });

  test('a destination that appears while it is wanted up is not raised', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    driver.set('carp0', 'missing');
    driver.set('carp0', 'down');
    driver.wait(1_000_000);
    expect(driver.effects).toEqual([]);
  });

  test('a destination that was missing while its group came up is not raised when it appears', () => {
    const driver = held();
    driver.set('carp0', 'missing');
    driver.source('em0', 'active');
    driver.set('carp0', 'down');
    driver.wait(1_000_000);
    expect(writes(driver)).toEqual(['0: carp0 down']);
  });

  test('a destination that appears while it is wanted up is raised with `enforce: always`', () => {
    const driver = one({ enforce: 'always' });
    driver.snapshot({ em0: 'active' });
    driver.set('carp0', 'missing');
    driver.set('carp0', 'down');
    expect(writes(driver)).toEqual(['0: carp0 up']);
    expect(driver.effects[0]?.because.cause).toBe('arrival');
  });

  test('an owned destination that returns down while it is wanted up is raised', () => {
    const driver = held();
    driver.set('carp0', 'missing');
    driver.source('em0', 'active');
    driver.feed({ type: 'destination', id: 'carp0', is: 'down', owned: true });
    expect(writes(driver)).toEqual(['0: carp0 down', '100000: carp0 up']);
    expect(driver.effects[1]?.because).toMatchObject({ cause: 'arrival', group: 'g', to: 'up' });
  });

  test.each([
    ['that was not lowered', { is: 'down', owned: false }],
    ['of which nobody says who lowered it', { is: 'down' }],
    ['that is up', { is: 'up', owned: true }],
  ] as const)('returns while it is wanted up, one %s: not written', (_, reading) => {
    const driver = held();
    driver.set('carp0', 'missing');
    driver.source('em0', 'active');
    driver.feed({ type: 'destination', id: 'carp0', ...reading });
    expect(writes(driver)).toEqual(['0: carp0 down']);
  });

  test('a destination that a complete snapshot does not list is missing', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    driver.feed({ type: 'sources', complete: true, sources: [], destinations: [] });
    expect(driver.status.destinations[0]).toMatchObject({ is: 'missing', want: 'down' });
    driver.feed({ type: 'sources', complete: true, sources: [] });
    expect(driver.status.destinations[0]).toMatchObject({ is: 'missing' });
  });
});

describe('enforcement', () => {
  test('enforce: down sets a destination that another program raises down at once, then after 1 s, 2 s and more', () => {
    const driver = held();
    const began = driver.now;
    for (let i = 0; i < 100; i += 1) {
      driver.set('carp0', 'up');
      driver.wait(1_000);
    }
    const waits = driver.effects.slice(1).map(({ at }) => at - began);
    expect(waits).toEqual([0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000]);
    expect(driver.effects[1]?.because).toMatchObject({
      cause: 'enforce',
      group: 'g',
      from: 'starting',
      to: 'down',
    });
    expect(driver.status).toMatchObject({ counters: { foreignChanges: 9 } });
  });

  test('a re-assertion a minute after the last one is made at once', () => {
    const driver = held();
    driver.set('carp0', 'up');
    driver.wait(59_999);
    driver.set('carp0', 'up');
    driver.wait(60_000);
    driver.set('carp0', 'up');
    driver.wait(500);
    driver.set('carp0', 'up');
    expect(writes(driver).slice(1)).toEqual([
      '100000: carp0 down',
      '159999: carp0 down',
      '219999: carp0 down',
    ]);
    expect(driver.status.destinations[0]).toMatchObject({ retryAt: 220_999 });
  });

  test('enforce: down leaves a destination that an administrator sets down while the group is up', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    driver.set('carp0', 'down');
    driver.wait(1_000_000);
    expect(driver.effects).toEqual([]);
    expect(driver.status.destinations[0]).toMatchObject({ foreignChanges: 1, owned: false });
  });

  test('enforce: down still leaves it after a transition that had nothing to write', () => {
    const driver = one();
    driver.set('carp0', 'down');
    driver.snapshot({ em0: 'failed' });
    driver.set('carp0', 'up');
    driver.source('em0', 'active');
    driver.set('carp0', 'down');
    expect(writes(driver)).toEqual(['0: carp0 down', '0: carp0 up']);
  });

  test('enforce: always re-asserts in both directions', () => {
    const driver = one({ enforce: 'always' });
    driver.snapshot({ em0: 'active' });
    driver.wait(100_000);
    driver.set('carp0', 'down');
    driver.set('carp0', 'down');
    driver.wait(1_000);
    expect(writes(driver)).toEqual(['100000: carp0 up', '101000: carp0 up']);
  });

  test('enforce: never writes on transitions only', () => {
    const driver = held('never');
    driver.set('carp0', 'up');
    driver.wait(1_000_000);
    expect(writes(driver)).toEqual(['0: carp0 down']);
    driver.source('em0', 'active');
    driver.source('em0', 'failed');
    expect(writes(driver)).toEqual(['0: carp0 down', '1100000: carp0 down']);
  });

  test('a new transition is written without the wait of a re-assertion', () => {
    const driver = held();
    driver.set('carp0', 'up');
    driver.set('carp0', 'up');
    expect(driver.status.destinations[0]).toMatchObject({ retryAt: 101_000 });
    driver.source('em0', 'active');
    driver.source('em0', 'failed');
    expect(writes(driver).slice(1)).toEqual(['100000: carp0 down', '100000: carp0 down']);
  });
});

describe('a destination that the system raised by itself, though what holds it down still holds', () => {
  const slip = (driver: ReturnType<typeof one>): void =>
    driver.feed({ type: 'destination', id: 'carp0', is: 'up', slipped: true });

  test.each(['down', 'always', 'never'] as const)(
    'enforce: %s: set down again at once each time, and no foreign change',
    (enforce) => {
      const driver = one({ enforce });
      driver.snapshot({ em0: 'failed' });
      for (let times = 3; times > 0; times -= 1) {
        driver.wait(10);
        slip(driver);
      }
      expect(writes(driver)).toEqual(['0: carp0 down', '10: carp0 down', '20: carp0 down', '30: carp0 down']);
      expect(driver.effects.at(-1)?.because.cause).toBe('slip');
      expect(driver.status.destinations[0]).toMatchObject({ foreignChanges: 0, retryAt: null });
    },
  );

  test('a slipped reading of a destination that is wanted up has no effect', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    slip(driver);
    expect(writes(driver)).toEqual([]);
  });
});

describe('raise: owned', () => {
  test('raise: owned raises only a destination that the policy set down', () => {
    const driver = one({ raise: 'owned' });
    driver.set('carp0', 'down');
    driver.snapshot({ em0: 'active' });
    expect(driver.effects).toEqual([]);
    driver.set('carp0', 'up');
    driver.source('em0', 'failed');
    expect(driver.status.destinations[0]).toMatchObject({ owned: true });
    driver.source('em0', 'active');
    expect(writes(driver)).toEqual(['0: carp0 down', '0: carp0 up']);
    expect(driver.status.destinations[0]).toMatchObject({ owned: false });
  });

  test('raise: owned leaves a destination that another program set down meanwhile', () => {
    const driver = one({ raise: 'owned' });
    driver.set('carp0', 'down');
    driver.snapshot({ em0: 'failed' });
    driver.source('em0', 'active');
    expect(driver.effects).toEqual([]);
  });

  test('raise: owned raises a destination that a journal says is owned', () => {
    const driver = one({ raise: 'owned' });
    driver.set('carp0', 'down');
    driver.feed({ type: 'destination', id: 'carp0', is: 'down', owned: true });
    driver.snapshot({ em0: 'active' });
    expect(writes(driver)).toEqual(['0: carp0 up']);
  });

  test('raise: owned leaves a destination that went away and returned', () => {
    const driver = one({ raise: 'owned' });
    driver.snapshot({ em0: 'failed' });
    driver.set('carp0', 'missing');
    driver.set('carp0', 'down');
    driver.source('em0', 'active');
    expect(writes(driver)).toEqual(['0: carp0 down']);
  });
});

describe('effects in flight', () => {
  const policy = compile({ groups: { g: { require: 'em0', destinations: ['carp0', 'carp1'] } } });

  test('an effect without an answer is not emitted again', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    const fail = { type: 'source', source: { id: 'em0', health: 'failed', reason: '' } } as const;
    const first = step(policy, driver.state, fail, 1);
    expect(first.effects).toHaveLength(2);
    expect(step(policy, first.state, fail, 2).effects).toEqual([]);
    expect(step(policy, first.state, { type: 'tick' }, 100_000)).toMatchObject({
      effects: [],
      nextDeadline: null,
    });
  });

  test('the opposite of an effect without an answer is emitted', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    const fail = { type: 'source', source: { id: 'em0', health: 'failed', reason: '' } } as const;
    const back = { type: 'source', source: { id: 'em0', health: 'active', reason: '' } } as const;
    const { state } = step(policy, driver.state, fail, 1);
    expect(step(policy, state, back, 2).effects.map(({ destination, to }) => `${destination} ${to}`)).toEqual(
      ['carp0 up', 'carp1 up'],
    );
  });

  test('an effect that a reading contradicts is emitted again, and counts as no foreign change', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    const fail = { type: 'source', source: { id: 'em0', health: 'failed', reason: '' } } as const;
    let { state } = step(policy, driver.state, fail, 1);
    const read = { type: 'destination', id: 'carp0', is: 'up' } as const;
    const again = step(policy, state, read, 2);
    expect(again.effects).toMatchObject([
      { destination: 'carp0', to: 'down', because: { cause: 'enforce' } },
    ]);
    ({ state } = again);
    expect(step(policy, state, read, 3)).toMatchObject({ effects: [], nextDeadline: 1_002 });
    expect(state.counters.foreignChanges).toBe(0);
  });
});

describe('effects that fail', () => {
  test('an effect that fails is retried after 100 ms, doubling to 30 s, and its error is in the status', () => {
    const driver = one();
    driver.refuse('carp0', 'EBUSY');
    driver.snapshot({ em0: 'failed' });
    expect(driver.status.destinations[0]).toMatchObject({
      error: 'EBUSY',
      retryAt: 100,
      pending: null,
      is: 'up',
    });
    driver.wait(120_000);
    const times = driver.effects.map(({ at }) => at);
    expect(times).toEqual([0, 100, 300, 700, 1_500, 3_100, 6_300, 12_700, 25_500, 51_100, 81_100, 111_100]);
    expect(driver.effects[1]?.because.cause).toBe('retry');
    driver.refuse('carp0', null);
    driver.wait(30_000);
    expect(driver.status.destinations[0]).toMatchObject({
      error: null,
      retryAt: null,
      is: 'down',
      owned: true,
    });
    expect(driver.status.counters).toMatchObject({ failures: 12, effects: 13 });
  });

  test('an effect that fails does not hold up the others', () => {
    const driver = drive(compile({ groups: { g: { require: 'em0', destinations: ['carp0', 'carp1'] } } }));
    driver.refuse('carp0', 'EPERM');
    driver.snapshot({ em0: 'failed' });
    expect(driver.world.get('carp1')).toBe('down');
  });

  test('a failed effect is forgotten when the opposite is wanted, and its backoff starts over', () => {
    const driver = one();
    driver.refuse('carp0', 'EBUSY');
    driver.snapshot({ em0: 'failed' });
    driver.wait(5_000);
    driver.source('em0', 'active');
    expect(driver.status.destinations[0]).toMatchObject({ error: null, retryAt: null });
    driver.source('em0', 'failed');
    expect(driver.status.destinations[0]).toMatchObject({ retryAt: driver.now + 100 });
  });

  test('a failed effect is retried with `enforce: never`, too', () => {
    const driver = one({ enforce: 'never' });
    driver.refuse('carp0', 'EBUSY');
    driver.snapshot({ em0: 'failed' });
    driver.wait(100);
    expect(driver.effects).toHaveLength(2);
  });

  test('a failure of an effect that was not emitted changes nothing', () => {
    const driver = one();
    driver.snapshot({ em0: 'failed' });
    const [effect] = driver.effects;
    if (effect === undefined) throw new Error('there was no effect');
    driver.feed({ type: 'effect-failed', effect, code: 'EBUSY' });
    expect(driver.status).toMatchObject({ destinations: [{ error: null }], counters: { failures: 0 } });
  });

  test('a failed effect is not retried when its destination is missing', () => {
    const driver = one();
    driver.refuse('carp0', 'ENODEV');
    driver.snapshot({ em0: 'failed' });
    driver.set('carp0', 'missing');
    expect(driver.status.destinations[0]).toMatchObject({ error: null, retryAt: null });
  });
});

test('ids that the policy does not name are ignored', () => {
  const driver = one();
  driver.snapshot({ em0: 'active', other: 'failed' });
  driver.feed({ type: 'destination', id: 'other', is: 'up' });
  driver.feed({
    type: 'sources',
    complete: false,
    sources: [{ id: 'x', health: 'failed', reason: '' }],
    destinations: [{ id: 'y', is: 'up' }],
  });
  expect(driver.effects).toEqual([]);
});

describe('the state of a destination', () => {
  test('a destination has the time since when it is what it is', () => {
    const driver = one({}, 5);
    driver.snapshot({ em0: 'active' });
    driver.wait(10);
    driver.set('carp0', 'up');
    expect(driver.status.destinations[0]?.since).toBe(5);
    driver.set('carp0', 'missing');
    driver.wait(10);
    driver.set('carp0', 'missing');
    expect(driver.status.destinations[0]?.since).toBe(15);
  });

  test('a destination that was not read before it was set down is not owned', () => {
    const driver = one({ raise: 'owned' });
    driver.feed({ type: 'sources', complete: true, sources: [] });
    expect(driver.status.destinations[0]).toMatchObject({ is: 'down', owned: false });
  });

  test('an answer to an effect that arrives after a pause is no foreign change', () => {
    const policy = compile({ groups: { g: { require: 'em0', destinations: ['carp0'] } } });
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    const fail = { type: 'source', source: { id: 'em0', health: 'failed', reason: '' } } as const;
    let { state } = step(policy, driver.state, fail, 1);
    ({ state } = step(policy, state, { type: 'pause', group: 'g' }, 2));
    ({ state } = step(policy, state, { type: 'destination', id: 'carp0', is: 'down' }, 3));
    expect(describeState(policy, state).destinations[0]).toMatchObject({
      cause: 'transition',
      pending: null,
      foreignChanges: 0,
      owned: true,
    });
  });

  test('raise: owned raises a destination whose down effect has no answer yet', () => {
    const policy = compile({ groups: { g: { require: 'em0', destinations: ['carp0'], raise: 'owned' } } });
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    const source = (health: 'active' | 'failed'): PolicyEvent => ({
      type: 'source',
      source: { id: 'em0', health, reason: '' },
    });
    const { state } = step(policy, driver.state, source('failed'), 1);
    expect(step(policy, state, source('active'), 2).effects).toMatchObject([{ to: 'up' }]);
  });

  test('a destination without an opinion is not enforced', () => {
    const driver = one({ enforce: 'always' });
    driver.snapshot({ em0: 'active' });
    driver.feed({ type: 'pause', group: 'g' });
    driver.set('carp0', 'down');
    expect(driver.effects).toEqual([]);
  });

  test('a failure that a delay has hidden does not raise a destination that an administrator set down', () => {
    const driver = one({ downDelayMs: 100 });
    driver.snapshot({ em0: 'active' });
    driver.set('carp0', 'down');
    driver.source('em0', 'failed');
    driver.source('em0', 'active');
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', hidden: 1 });
    expect(driver.effects).toEqual([]);
  });

  test('the reason of a re-assertion is a settled group, and of several the latest', () => {
    const policy = compile({
      groups: {
        a: { require: 'em0', destinations: ['carp0'], upDelayMs: 1_000_000 },
        b: { require: 'em1', destinations: ['carp0'] },
        c: { require: 'em2', destinations: ['carp0'] },
      },
    });
    const reason = (...events: [string, 'active' | 'failed'][]): string | undefined => {
      const driver = drive(policy);
      driver.snapshot({ em0: 'active', em1: 'active', em2: 'active' });
      for (const [id, health] of events) {
        driver.wait(10);
        driver.source(id, health);
      }
      driver.wait(70_000);
      driver.set('carp0', 'up');
      return driver.effects.at(-1)?.because.group;
    };
    expect(reason(['em0', 'failed'])).toBe('a');
    expect(reason(['em0', 'failed'], ['em1', 'failed'])).toBe('b');
    expect(reason(['em1', 'failed'], ['em0', 'failed'])).toBe('a');
    expect(reason(['em2', 'failed'], ['em1', 'failed'])).toBe('b');
    expect(reason(['em1', 'failed'], ['em2', 'failed'])).toBe('c');
    // `a` is only coming up: later, but it is `b` that has failed.
    expect(reason(['em0', 'failed'], ['em1', 'failed'], ['em0', 'active'])).toBe('b');
    expect(reason(['em0', 'failed'], ['em0', 'active'])).toBe('a');
  });
});

describe('two groups with a destination each', () => {
  const policy = compile({
    groups: {
      a: { require: 'em0', destinations: ['carp0'] },
      b: { require: 'em1', destinations: ['carp1'] },
    },
  });

  test('an event about the second of two groups names that group in its effect', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active', em1: 'active' });
    driver.source('em1', 'failed');
    expect(writes(driver)).toEqual(['0: carp1 down']);
  });

  test('each effect of an event names the sources of its own group', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'failed', em1: 'failed' });
    expect(driver.effects.map(({ because }) => [because.group, because.blame.map(({ id }) => id)])).toEqual([
      ['a', ['em0']],
      ['b', ['em1']],
    ]);
  });

  test('a retry names the sources of its own group while another group changes', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active', em1: 'active' });
    driver.refuse('carp1', 'EBUSY');
    driver.source('em1', 'failed');
    const late = step(
      policy,
      driver.state,
      { type: 'source', source: { id: 'em0', health: 'failed', reason: 'no carrier' } },
      100,
    );
    expect(
      late.effects.map(({ because }) => [because.group, because.cause, because.blame.map(({ id }) => id)]),
    ).toEqual([
      ['a', 'transition', ['em0']],
      ['b', 'retry', ['em1']],
    ]);
  });

  test('a failed effect on a destination that the policy does not name changes nothing', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active', em1: 'active' });
    const { state, effects } = step(
      policy,
      driver.state,
      { type: 'source', source: { id: 'em0', health: 'failed', reason: '' } },
      0,
    );
    const [effect] = effects;
    if (effect === undefined) throw new Error('there was no effect');
    const foreign = { ...effect, destination: 'other' };
    const after = step(policy, state, { type: 'effect-failed', effect: foreign, code: 'EBUSY' }, 0);
    expect(describeState(policy, after.state).destinations).toEqual(
      describeState(policy, state).destinations,
    );
  });
});

test('a destination that is still missing has not appeared', () => {
  const driver = one();
  driver.snapshot({ em0: 'failed' });
  driver.set('carp0', 'missing');
  driver.set('carp0', 'missing');
  expect(driver.status.destinations[0]).toMatchObject({ is: 'missing', cause: 'transition' });
});

test('a new state has no pending write and no counts', () => {
  const policy = compile({ groups: { g: { require: 'em0', destinations: ['carp0'] } } });
  const { state, ...rest } = start(policy, 0);
  expect(rest).toEqual({ effects: [], transitions: [], nextDeadline: null, evaluated: 0 });
  expect(describeState(policy, state).destinations).toMatchObject([{ is: 'unknown', cause: 'transition' }]);
});
