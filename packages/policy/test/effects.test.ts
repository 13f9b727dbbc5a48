import { describe, expect, test } from 'vitest';
import { compile, describe as describeState, start, step } from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { one, writes } from './support/make.ts';

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

test('a new state has no pending write and no counts', () => {
  const policy = compile({ groups: { g: { require: 'em0', destinations: ['carp0'] } } });
  const { state, ...rest } = start(policy, 0);
  expect(rest).toEqual({ effects: [], transitions: [], nextDeadline: null, evaluated: 0 });
  expect(describeState(policy, state).destinations).toMatchObject([{ is: 'unknown', cause: 'transition' }]);
});
