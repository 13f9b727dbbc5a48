import { describe, expect, test } from 'vitest';
import { compile, type Expression, explain, type GroupConfig, type Release } from '../src/index.ts';
import type { Compiled } from '../src/policy.ts';
import { type Driver, drive } from '../src/testing/index.ts';

/** A driver with all sources active, and a function that explains a group. */
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
  test('the sentence of an active all names its members as alternatives', () => {
    const { of } = required({ all: ['eth0', 'eth1'] });
    expect(of('g').sentence).toMatch(/It goes down when eth0 or eth1 fails\.$/);
    expect(of('g').release).toMatchObject({
      needs: ['eth0'],
      alternatives: [{ needs: ['eth1'], earliest: 0 }],
    });
    expect(of('d').sentence).toBe('d is up; g wants it up. It goes down when eth0 or eth1 fails.');
  });

  test('the sentence of a failed at-least names its failed members as alternatives', () => {
    const { driver, of } = required({ atLeast: 2, of: ['eth0', 'eth1', 'eth2', 'eth3'] });
    expect(of('g').sentence).toMatch(/It goes down when 3 of eth0, eth1, eth2, eth3 fail\.$/);
    for (const id of ['eth1', 'eth2', 'eth3']) driver.source(id, 'failed');
    expect(of('g').sentence).toMatch(/It comes up when eth1, eth2 or eth3 is active again\.$/);
  });

  test('the sentence with too many alternatives names a number of sources', () => {
    const members = Array.from({ length: 12 }, (_, i) => `e${i}`);
    const { of } = required({ atLeast: 6, of: members });
    expect(of('g').release.alternatives).toEqual([]);
    expect(of('g').sentence).toContain(`It goes down when 7 of ${members.join(', ')} fail.`);
  });

  test('the sentence with too many alternatives to count names one as an example', () => {
    const of = Array.from({ length: 12 }, (_, i) => ({ source: `e${i}`, weight: i + 1 }));
    const weighted = required({ weight: { atLeast: 40, of } });
    expect(weighted.of('g').sentence).toMatch(/It goes down when, for example, .* fail\.$/);
  });

  test('the sentence with a not names what has to fail and what has to become active', () => {
    const { driver, of } = required({ all: ['a', { not: 'b' }] });
    expect(of('g').sentence).toMatch(/It comes up when b fails\.$/);
    driver.source('a', 'failed');
    expect(of('g').sentence).toMatch(/It comes up when a is active again and b fails\.$/);
  });

  test('the release of an unknown member under a not is its failure', () => {
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

  test('the release of a group includes its own delay after that of the group that it requires', () => {
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

  test('the release of a group includes a required group that is going down', () => {
    const { driver, of } = groups({
      gateway: { require: 'em0', destinations: ['x'], downDelayMs: 2_000 },
      wan: { require: { all: [{ group: 'gateway' }, 'em1'] }, destinations: ['y'], upDelayMs: 3_000 },
    });
    driver.source('em1', 'failed');
    driver.source('em0', 'failed');
    driver.wait(1_000);
    expect(of('wan').release).toMatchObject({ needs: ['em1', 'em0'], earliest: 4_000 });
  });

  test('the release of a group whose waiting will be interrupted names its needs, not the end of the wait', () => {
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

  test('the sentence names alternatives with different times and these times', () => {
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

  test('the sentence of a destination that another program set down while its group is up names cause and time', () => {
    const { driver, of } = one();
    driver.wait(1_000);
    driver.set('wan0', 'down');
    driver.wait(2_000);
    expect(differs(driver)).toEqual({ reason: 'changed', left: true });
    expect(of('wan0').sentence).toBe(
      'wan0 is down, but gateway wants it up. Another program set it down 2 s ago; ifdepd leaves it so (enforce: down).',
    );
  });

  test('the sentence of a destination that another program set up while it is held names the next attempt', () => {
    const { driver, of } = one();
    driver.source('em0', 'failed', 'no carrier');
    driver.set('wan0', 'up');
    driver.set('wan0', 'up');
    expect(differs(driver)).toEqual({ reason: 'changed', left: false });
    expect(of('wan0').sentence).toMatch(
      /^wan0 is up, but gateway wants it down because em0 failed \(no carrier\)\. Another program set it up 0 ms ago; the next attempt is in 1 s\.$/,
    );
  });

  test('the sentence of a destination that another program set up with enforce: never', () => {
    const { driver, of } = one({ enforce: 'never' });
    driver.source('em0', 'failed');
    driver.set('wan0', 'up');
    expect(differs(driver)).toEqual({ reason: 'changed', left: true });
    expect(of('wan0').sentence).toMatch(/ifdepd leaves it so \(enforce: never\)\.$/);
  });

  test('the sentence of a destination that appeared while its group is up says that it is not raised', () => {
    const { driver, of } = one();
    driver.set('wan0', 'missing');
    expect(of('wan0').sentence).toBe('wan0 is missing, but gateway wants it up. It does not exist.');
    driver.set('wan0', 'down');
    expect(differs(driver)).toEqual({ reason: 'appeared', left: true });
    expect(of('wan0').sentence).toMatch(/ifdepd never raises what appears: its owner does that\.$/);
  });

  test('the sentence of a destination that is not owned under raise: owned says so', () => {
    const { driver, of } = one({ raise: 'owned' });
    driver.source('em0', 'failed');
    driver.feed({ type: 'destination', id: 'wan0', is: 'down', owned: false });
    driver.source('em0', 'active');
    expect(differs(driver)).toEqual({ reason: 'not-ours', left: true });
    expect(of('wan0').sentence).toMatch(/ifdepd raises only what it set down \(raise: owned\)\.$/);
  });

  test('the sentence of a destination of a paused group says that it is left alone', () => {
    const { driver, of } = one();
    driver.feed({ type: 'pause', group: 'gateway' });
    driver.set('wan0', 'down');
    expect(differs(driver)).toBeNull();
    expect(of('wan0').sentence).toBe('wan0 is down; group gateway is paused and leaves it alone.');
  });
});

test('explain with `only` leaves other groups and destinations out', () => {
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

test('explain does not read the list of groups that require a shared source', () => {
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
