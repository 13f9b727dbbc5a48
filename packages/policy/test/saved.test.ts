import { describe, expect, test } from 'vitest';
import {
  compile,
  describe as describeState,
  type Expression,
  type GroupConfig,
  type PolicyConfig,
  recompile,
  restore,
  serialize,
  start,
  step,
} from '../src/index.ts';
import { drive } from '../src/testing/index.ts';

const group: GroupConfig = { require: 'em0', destinations: ['carp0'] };

const config = (groups: PolicyConfig['groups']): PolicyConfig => ({ groups });

describe('serialize and restore', () => {
  const policy = compile(config({ g: { ...group, downDelayMs: 100, upDelayMs: 1_000, dampening: {} } }));

  test('restore of a serialized state is the same state', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    const { state, nextDeadline, effects, transitions } = restore(policy, serialize(policy, driver.state));
    expect(state).toEqual(driver.state);
    expect({ nextDeadline, effects, transitions }).toEqual({
      nextDeadline: 100,
      effects: [],
      transitions: [],
    });
  });

  test('a serialized state has names and a version', () => {
    expect(JSON.parse(serialize(policy, start(policy, 5).state))).toMatchObject({
      version: 1,
      now: 5,
      ready: false,
      sources: { em0: { health: 'unknown' } },
      groups: { g: { phase: 'starting' } },
      destinations: { carp0: { is: 'unknown' } },
    });
  });

  test('restore with another clock moves every time, as if no time had passed', () => {
    const driver = drive(policy, 1_000_000);
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.wait(100);
    driver.source('em0', 'active');
    driver.wait(400);
    driver.feed({ type: 'pause', group: 'g', until: driver.now + 5 });
    const text = serialize(policy, driver.state);
    expect(restore(policy, text, 7).nextDeadline).toBe(12);
    const [was, is] = [driver.status, describeState(policy, restore(policy, text, 7).state)];
    expect(is.groups[0]?.since).toBe((was.groups[0]?.since ?? 0) - was.now + 7);
    expect(is.groups[0]?.penalty).toBe(was.groups[0]?.penalty);
    expect(is.counters).toEqual(was.counters);
  });

  test.each<[string, string]>([
    ['{"version":2}', 'This is not a saved state of version 1, but of version 2.'],
    ['{}', 'This is not a saved state of version 1, but of version none.'],
    ['null', 'This is not a saved state of version 1, but of version none.'],
    ['{"version":1', 'This is not a saved state: it is not JSON.'],
    ['{"version":1}', 'This is not a saved state: an entry has a missing or wrong field.'],
  ])('restore refuses %s', (text, message) => {
    expect(() => restore(policy, text)).toThrow(expect.objectContaining({ name: 'StateError', message }));
  });
});

test('restore refuses a saved state with any field missing or of another type', () => {
  const policy = compile(config({ g: group }));
  const saved = JSON.parse(serialize(policy, start(policy, 0).state));
  for (const key of ['now', 'ready', 'counters']) {
    expect(() => restore(policy, JSON.stringify({ ...saved, [key]: null })), key).toThrow(
      /an entry has a missing or wrong field/,
    );
  }
  for (const table of ['sources', 'groups', 'destinations']) {
    for (const [id, entry] of Object.entries<Record<string, unknown>>(saved[table])) {
      for (const key of Object.keys(entry)) {
        // Hysteresis is looked up by the identity of its gate: an unknown one is ignored.
        if (key === 'memory') continue;
        const broken = structuredClone(saved);
        broken[table][id][key] = { not: 'this' };
        expect(() => restore(policy, JSON.stringify(broken)), `${table} ${key}`).toThrow(
          /an entry has a missing or wrong field/,
        );
      }
    }
  }
});

test('restore refuses an unknown word, in the last entry, too', () => {
  const policy = compile(config({ g: { ...group, require: { all: ['em0', 'em1'] } } }));
  const text = serialize(policy, start(policy, 0).state);
  const broken = JSON.parse(text);
  broken.sources.em1.health = 'well';
  expect(() => restore(policy, JSON.stringify(broken))).toThrow(/an entry has a missing or wrong field/);
  expect(restore(policy, text).state).toEqual(start(policy, 0).state);
});

test('a saved state has the hysteresis inside a requirement, in any phase', () => {
  const weight = {
    atLeast: 2,
    below: 1,
    of: [
      { source: 'a', weight: 1 },
      { source: 'b', weight: 1 },
    ],
  };
  for (const require of [
    { all: ['c', { weight }] },
    { not: { weight } },
    { any: [{ all: ['c', { not: { weight } }] }] },
  ]) {
    const policy = compile(config({ g: { require, destinations: ['d'] } }));
    for (const last of [['a', 'b'], ['a', 'b', 'c'], ['c'], []]) {
      const driver = drive(policy, 50);
      driver.snapshot(Object.fromEntries(last.map((id) => [id, 'active'])));
      driver.snapshot({ a: 'active', c: last.includes('c') ? 'active' : 'failed' });
      driver.source('b', 'unknown');
      expect(restore(policy, serialize(policy, driver.state)).state).toEqual(driver.state);
      driver.source('b', 'failed');
      expect(restore(policy, serialize(policy, driver.state)).state).toEqual(driver.state);
    }
  }
});

describe('fields of a saved state', () => {
  const policy = compile(config({ g: group }));
  const saved = JSON.parse(serialize(policy, start(policy, 0).state));

  test('restore refuses a saved state without one of its tables', () => {
    for (const table of ['sources', 'groups', 'destinations', 'counters']) {
      const { [table]: _, ...rest } = saved;
      expect(() => restore(policy, JSON.stringify(rest)), table).toThrow(
        /an entry has a missing or wrong field/,
      );
    }
  });

  test('restore accepts every word of every field', () => {
    for (const phase of ['starting', 'up', 'going-down', 'down', 'coming-up', 'paused']) {
      const groups = { g: { ...saved.groups.g, phase } };
      expect(() => restore(policy, JSON.stringify({ ...saved, groups })), phase).not.toThrow();
    }
    for (const is of ['up', 'down', 'missing', 'unknown']) {
      const destinations = { carp0: { ...saved.destinations.carp0, is } };
      const { state } = restore(policy, JSON.stringify({ ...saved, destinations }));
      expect(describeState(policy, state).destinations).toMatchObject([{ is }]);
    }
  });

  test('restore with another clock moves times and nothing else', () => {
    const damped = compile(config({ g: { ...group, dampening: { suppress: 900 } } }));
    const driver = drive(damped, 1_000);
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.set('carp0', 'up');
    driver.refuse('carp0', 'EBUSY');
    driver.set('carp0', 'up');
    driver.wait(1_000);
    driver.feed({ type: 'pause', group: 'g', until: 9_000 });
    const was = JSON.parse(serialize(damped, driver.state));
    const is = JSON.parse(serialize(damped, restore(damped, JSON.stringify(was), 52_000).state));
    const moved = (entry: Record<string, number>, ...moments: string[]): Record<string, number> => ({
      ...entry,
      ...Object.fromEntries(moments.map((key) => [key, (entry[key] ?? Number.NaN) + 50_000])),
    });
    expect(is).toEqual({
      ...moved(was, 'now'),
      sources: { em0: moved(was.sources.em0, 'since') },
      groups: { g: moved(was.groups.g, 'since', 'until', 'penaltyAt', 'suppressedUntil') },
      destinations: { carp0: moved(was.destinations.carp0, 'since', 'hold', 'foughtAt') },
    });
  });
});

describe('memory of hysteresis', () => {
  const rule = (...ids: string[]): Expression => ({
    weight: { atLeast: ids.length, below: 1, of: ids.map((source) => ({ source, weight: 1 })) },
  });

  test('hysteresis is saved only for rules that have it, each in its own group', () => {
    const policy = compile(
      config({
        low: { require: { all: ['c', rule('a', 'b')] }, destinations: ['x'] },
        top: { require: { any: [{ group: 'low' }, 'd'] }, destinations: ['y'] },
      }),
    );
    const { groups } = JSON.parse(serialize(policy, start(policy, 0).state));
    expect(Object.keys(groups.low.memory)).toHaveLength(1);
    expect(groups.top.memory).toEqual({});
  });

  test('hysteresis is restored by the members of a rule, wherever it stands', () => {
    const before = compile(
      config({ g: { require: { any: [rule('a', 'b'), rule('c', 'd')] }, destinations: ['x'] } }),
    );
    const driver = drive(before);
    driver.snapshot({ a: 'active', b: 'active', c: 'active' });
    driver.source('b', 'failed');
    const after = compile(
      config({ g: { require: { any: [rule('c', 'd'), rule('a', 'b')] }, destinations: ['x'] } }),
    );
    const { state } = recompile(before, driver.state, after, 0);
    // rule('a', 'b') is held by `a` alone. When `a` fails, nothing holds the group.
    const gone = step(after, state, { type: 'source', source: { id: 'a', health: 'failed', reason: '' } }, 0);
    expect(describeState(after, state).groups).toMatchObject([{ phase: 'up' }]);
    expect(gone.transitions).toMatchObject([{ to: 'down' }]);
  });

  test.each<['active' | 'failed', 'active' | 'unknown', string]>([
    ['active', 'active', 'up'],
    ['failed', 'active', 'down'],
    ['active', 'unknown', 'up'],
  ])(
    'a rule that recompile adds starts with the health of the requirement: %s, then %s',
    (first, then, phase) => {
      for (const nots of [0, 1, 2]) {
        let require = rule('a', 'b');
        for (let i = 0; i < nots; i += 1) require = { not: require };
        const before = compile(config({ g: { require: 'old', destinations: ['x'] } }));
        const driver = drive(before);
        driver.snapshot({ old: first });
        if (then === 'unknown') driver.source('old', 'unknown');
        const saved = JSON.parse(serialize(before, driver.state));
        const reading = (health: string): unknown => ({ health, reason: '', since: 0 });
        saved.sources = { a: reading('active'), b: reading('failed') };
        const after = compile(config({ g: { require, destinations: ['x'] } }));
        const { state, transitions } = restore(after, JSON.stringify(saved));
        expect(transitions).toEqual([]);
        expect(describeState(after, state).groups).toMatchObject([{ phase }]);
      }
    },
  );
});

test('a chain of groups is restored with the outcome of each', () => {
  const policy = compile(
    config({
      top: { require: { all: [{ group: 'low' }, 'b'] }, destinations: ['y'] },
      low: { require: 'a', destinations: ['x'] },
    }),
  );
  const driver = drive(policy);
  driver.snapshot({ a: 'active', b: 'active' });
  expect(restore(policy, serialize(policy, driver.state)).state).toEqual(driver.state);
});
