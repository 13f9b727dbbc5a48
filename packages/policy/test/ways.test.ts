import { describe, expect, test } from 'vitest';
import { compile, type Expression, explain, type GroupConfig, type Release } from '../src/index.ts';
import type { Compiled } from '../src/policy.ts';
import { type Driver, drive } from '../src/testing/index.ts';

/** A driver whose sources are all active, and one that says what is explained of a group. */
function groups(config: Record<string, GroupConfig>): {
  readonly driver: Driver;
  readonly of: (name: string) => { readonly sentence: string; readonly release: Release };
} {
  const policy = compile({ groups: config });
  const driver = drive(policy);
  driver.snapshot(Object.fromEntries(policy.sources.map((id) => [id, 'active'])));
  return {
    driver,
    of(name) {
      const { groups, destinations } = explain(policy, driver.state, { only: new Set([name]) });
      const [found] = [...groups, ...destinations];
      if (found === undefined) throw new Error(`nothing is called ${name}`);
      return found;
    },
  };
}

const required = (require: Expression) => groups({ g: { require, destinations: ['d'] } });

describe('alternatives are named as alternatives', () => {
  test('all: any member that fails takes the group down', () => {
    const { of } = required({ all: ['eth0', 'eth1'] });
    expect(of('g').sentence).toMatch(/It goes down when eth0 or eth1 fails\.$/);
    expect(of('g').release).toMatchObject({
      needs: ['eth0'],
      alternatives: [{ needs: ['eth1'], earliest: 0 }],
    });
    expect(of('d').sentence).toBe('d is up; g wants it up. It goes down when eth0 or eth1 fails.');
  });

  test('at least: any of the failed members brings the group back', () => {
    const { driver, of } = required({ atLeast: 2, of: ['eth0', 'eth1', 'eth2', 'eth3'] });
    expect(of('g').sentence).toMatch(/It goes down when 3 of eth0, eth1, eth2, eth3 fail\.$/);
    for (const id of ['eth1', 'eth2', 'eth3']) driver.source(id, 'failed');
    expect(of('g').sentence).toMatch(/It comes up when eth1, eth2 or eth3 is active again\.$/);
  });

  test('of too many ways to list, how many of which', () => {
    const members = Array.from({ length: 12 }, (_, i) => `e${i}`);
    const { of } = required({ atLeast: 6, of: members });
    expect(of('g').release.alternatives).toEqual([]);
    expect(of('g').sentence).toContain(`It goes down when 7 of ${members.join(', ')} fail.`);
  });

  test('of too many ways to list and to count, one as an example', () => {
    const of = Array.from({ length: 12 }, (_, i) => ({ source: `e${i}`, weight: i + 1 }));
    const weighted = required({ weight: { atLeast: 40, of } });
    expect(weighted.of('g').sentence).toMatch(/It goes down when, for example, .* fail\.$/);
  });

  test('not: what has to fail and what has to become active in one sentence', () => {
    const { driver, of } = required({ all: ['a', { not: 'b' }] });
    expect(of('g').sentence).toMatch(/It comes up when b fails\.$/);
    driver.source('a', 'failed');
    expect(of('g').sentence).toMatch(/It comes up when a is active again and b fails\.$/);
  });

  test('an unknown member under a not has to fail', () => {
    const { driver, of } = required({ not: { any: ['a', 'b'] } });
    driver.source('b', 'unknown');
    expect(of('g').sentence).toMatch(/It comes up when a and b fail\.$/);
  });
});

describe('the delays of required groups count', () => {
  const chained = {
    gateway: { require: 'em0', destinations: ['x'], upDelayMs: 3_000 },
    wan: { require: { group: 'gateway' }, destinations: ['y'], upDelayMs: 5_000 },
  };

  test('a group waits for its own delay after that of the group that it requires', () => {
    const { driver, of } = groups(chained);
    driver.source('em0', 'failed');
    driver.wait(5_000);
    expect(of('wan').release).toEqual({ needs: ['em0'], at: null, earliest: 13_000, alternatives: [] });
    expect(of('wan').sentence).toMatch(/It comes up 8 s after em0 is active again\.$/);
    driver.source('em0', 'active');
    expect(of('wan').release).toMatchObject({ needs: ['gateway'], at: 13_000, earliest: 13_000 });
    expect(of('wan').sentence).toMatch(/It comes up in 8 s if nothing fails\.$/);
    expect(of('y').sentence).toMatch(/It comes up in 8 s if nothing fails\.$/);
    driver.wait(8_000);
    expect(driver.status.groups[1]?.phase).toBe('up');
  });

  test('a required group that is about to go down is part of what is needed', () => {
    const { driver, of } = groups({
      gateway: { require: 'em0', destinations: ['x'], downDelayMs: 2_000 },
      wan: { require: { all: [{ group: 'gateway' }, 'em1'] }, destinations: ['y'], upDelayMs: 3_000 },
    });
    driver.source('em1', 'failed');
    driver.source('em0', 'failed');
    driver.wait(1_000);
    expect(of('wan').release).toMatchObject({ needs: ['em1', 'em0'], earliest: 4_000 });
  });

  test('a group that waits and is about to be interrupted names what it needs, not the end of its waiting', () => {
    const { driver, of } = groups({
      backup: { require: 'em1', destinations: ['x'], upDelayMs: 700 },
      main: { require: { not: { group: 'backup' } }, destinations: ['y'], upDelayMs: 1_000 },
    });
    driver.source('em1', 'failed');
    driver.source('em1', 'active');
    expect(driver.status.groups[1]?.phase).toBe('coming-up');
    expect(of('main').release).toMatchObject({ needs: ['em1'], at: null, earliest: 1_000 });
    expect(of('y').release).toMatchObject({ needs: ['em1'], at: null, earliest: 1_000 });
    expect(of('main').sentence).toMatch(/It comes up 1 s after em1 fails\.$/);
  });

  test('alternatives that take different times are told with their times', () => {
    const { driver, of } = groups({
      slow: { require: 'em0', destinations: ['x'], upDelayMs: 3_000 },
      wan: { require: { any: [{ group: 'slow' }, 'em1'] }, destinations: ['y'] },
    });
    driver.source('em0', 'failed');
    driver.source('em1', 'failed');
    expect(of('wan').sentence).toMatch(
      /It comes up when em1 is active again, or 3 s after em0 is active again\.$/,
    );
  });
});

describe('a destination that is not as wanted', () => {
  const one = (group: Partial<GroupConfig> = {}) =>
    groups({ gateway: { require: 'em0', destinations: ['wan0'], ...group } });
  const differs = (driver: Driver): unknown => driver.status.destinations[0]?.differs;

  test('set down by another program while its group is up: left so, with cause and time', () => {
    const { driver, of } = one();
    driver.wait(1_000);
    driver.set('wan0', 'down');
    driver.wait(2_000);
    expect(differs(driver)).toEqual({ reason: 'changed', left: true });
    expect(of('wan0').sentence).toBe(
      'wan0 is down, but gateway wants it up. Another program set it down 2 s ago; ifdepd leaves it so (enforce: down).',
    );
  });

  test('set up by another program while it is held: the next attempt is announced', () => {
    const { driver, of } = one();
    driver.source('em0', 'failed', 'no carrier');
    driver.set('wan0', 'up');
    driver.set('wan0', 'up');
    expect(differs(driver)).toEqual({ reason: 'changed', left: false });
    expect(of('wan0').sentence).toMatch(
      /^wan0 is up, but gateway wants it down because em0 failed \(no carrier\)\. Another program set it up 0 ms ago; the next attempt is in 1 s\.$/,
    );
  });

  test('set up by another program and nobody enforces', () => {
    const { driver, of } = one({ enforce: 'never' });
    driver.source('em0', 'failed');
    driver.set('wan0', 'up');
    expect(differs(driver)).toEqual({ reason: 'changed', left: true });
    expect(of('wan0').sentence).toMatch(/ifdepd leaves it so \(enforce: never\)\.$/);
  });

  test('appeared while its group is up: never raised', () => {
    const { driver, of } = one();
    driver.set('wan0', 'missing');
    expect(of('wan0').sentence).toBe('wan0 is missing, but gateway wants it up. It does not exist.');
    driver.set('wan0', 'down');
    expect(differs(driver)).toEqual({ reason: 'appeared', left: true });
    expect(of('wan0').sentence).toMatch(/ifdepd never raises what appears: its owner does that\.$/);
  });

  test('not lowered by us under raise: owned', () => {
    const { driver, of } = one({ raise: 'owned' });
    driver.source('em0', 'failed');
    driver.feed({ type: 'destination', id: 'wan0', is: 'down', owned: false });
    driver.source('em0', 'active');
    expect(differs(driver)).toEqual({ reason: 'not-ours', left: true });
    expect(of('wan0').sentence).toMatch(/ifdepd raises only what it set down \(raise: owned\)\.$/);
  });

  test('left alone by a paused group', () => {
    const { driver, of } = one();
    driver.feed({ type: 'pause', group: 'gateway' });
    driver.set('wan0', 'down');
    expect(differs(driver)).toBeNull();
    expect(of('wan0').sentence).toBe('wan0 is down; group gateway is paused and leaves it alone.');
  });
});

test('what is not asked for is not explained', () => {
  const policy = compile({
    groups: {
      a: { require: 'em0', destinations: ['x'] },
      b: { require: 'em1', destinations: ['y'] },
    },
  });
  const { state } = drive(policy);
  const some = explain(policy, state, { only: new Set(['b', 'x']) });
  expect(some.groups.map(({ name }) => name)).toEqual(['b']);
  expect(some.destinations.map(({ id }) => id)).toEqual(['x']);
});

test('explaining looks at no list of all that require a source: the cost is not the square of the groups', () => {
  const names = Array.from({ length: 50 }, (_, i) => `g${i}`);
  const policy = compile({
    groups: Object.fromEntries(
      names.map((name) => [name, { require: { all: ['shared', name] }, destinations: [`d-${name}`] }]),
    ),
  }) as Compiled;
  const { state } = drive(policy);
  let looks = 0;
  const readers = policy.readers.map(
    (links) =>
      new Proxy(links, {
        get(target, key, receiver) {
          looks += 1;
          return Reflect.get(target, key, receiver);
        },
      }),
  );
  const { groups } = explain({ ...policy, readers } as Compiled, state);
  expect([groups.length, looks]).toEqual([50, 0]);
});
