import { describe, expect, test } from 'vitest';
import { compile, describe as describeState, type PolicyEvent, type Presence, step } from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { held, one, writes } from './support/make.ts';

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

  test('a destination that another program keeps raising, deletes and makes again is set down again at once', () => {
    const driver = held();
    for (let times = 0; times < 4; times += 1) {
      driver.set('carp0', 'up');
      driver.wait(60);
    }
    expect(driver.status.destinations[0]?.retryAt).toBeGreaterThan(driver.now);
    const before = driver.effects.length;
    driver.set('carp0', 'missing');
    driver.set('carp0', 'up');
    // Its maker sets it up a second time, after it was set down.
    driver.set('carp0', 'up');
    expect(writes(driver).slice(before)).toEqual([`${driver.now}: carp0 down`, `${driver.now}: carp0 down`]);
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

test('a destination that is still missing has not appeared', () => {
  const driver = one();
  driver.snapshot({ em0: 'failed' });
  driver.set('carp0', 'missing');
  driver.set('carp0', 'missing');
  expect(driver.status.destinations[0]).toMatchObject({ is: 'missing', cause: 'transition' });
});
