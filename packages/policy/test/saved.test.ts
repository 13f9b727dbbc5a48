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
        // What hysteresis remembers is asked by what it is about: what is not understood is not remembered.
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

describe('recompile', () => {
  test('recompile to the same configuration changes nothing', () => {
    const policy = compile(config({ g: group }));
    const driver = drive(policy);
    driver.snapshot({ em0: 'failed' });
    const { state, effects, transitions } = recompile(policy, driver.state, compile(config({ g: group })), 0);
    expect(state).toEqual(driver.state);
    expect([effects, transitions]).toEqual([[], []]);
  });

  /** What a reload does to a group that is down, or up. */
  function reload(
    health: 'active' | 'failed',
    before: PolicyConfig['groups'],
    after: PolicyConfig['groups'],
  ): { writes: string[]; phases: string[]; causes: string[] } {
    const policy = compile(config(before));
    const driver = drive(policy);
    driver.snapshot({ em0: health, em1: 'active' });
    driver.wait(10);
    const next = compile(config(after));
    const step = recompile(policy, driver.state, next, driver.now);
    return {
      writes: step.effects.map(({ destination, to }) => `${destination} ${to}`),
      phases: describeState(next, step.state).groups.map(({ name, phase }) => `${name} ${phase}`),
      causes: step.effects.map(({ because }) => because.cause),
    };
  }

  test('recompile keeps groups by name', () => {
    expect(reload('failed', { g: group }, { h: { require: 'em1', destinations: ['x'] }, g: group })).toEqual({
      writes: [],
      phases: ['h starting', 'g down'],
      causes: [],
    });
  });

  test('recompile without a group that held a destination down leaves it to the other groups', () => {
    const other: GroupConfig = { require: 'em1', destinations: ['carp0'] };
    expect(reload('failed', { g: group, h: other }, { h: other })).toEqual({
      writes: ['carp0 up'],
      phases: ['h up'],
      causes: ['reload'],
    });
  });

  test('recompile leaves a destination that no group names any more', () => {
    expect(reload('failed', { g: group }, {})).toEqual({ writes: [], phases: [], causes: [] });
  });

  test('recompile sets down a destination that joins a group that is down', () => {
    expect(reload('failed', { g: group }, { g: { ...group, destinations: ['carp0', 'carp1'] } })).toEqual({
      writes: ['carp1 down'],
      phases: ['g down'],
      causes: ['reload'],
    });
  });

  test('recompile brings a group up at once if known readings meet its new requirement', () => {
    expect(
      reload(
        'failed',
        { g: group, h: { require: 'em1', destinations: ['x'] } },
        { g: { ...group, require: 'em1' } },
      ),
    ).toEqual({
      writes: ['carp0 up'],
      phases: ['g up'],
      causes: ['transition'],
    });
  });

  test('recompile with a source that was not read yet changes nothing', () => {
    expect(reload('failed', { g: group }, { g: { ...group, require: 'em7' } }).phases).toEqual(['g down']);
    expect(reload('active', { g: group }, { g: { ...group, require: 'em7' } }).phases).toEqual(['g up']);
  });

  test('recompile measures a running delay by the new knob', () => {
    const slow = compile(config({ g: { ...group, downDelayMs: 10_000 } }));
    const driver = drive(slow);
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.wait(50);
    expect(
      recompile(slow, driver.state, compile(config({ g: { ...group, downDelayMs: 80 } })), 50).nextDeadline,
    ).toBe(80);
    expect(recompile(slow, driver.state, compile(config({ g: group })), 50).effects).toHaveLength(1);
  });

  test('recompile without dampening ends a suppression', () => {
    const damped = compile(config({ g: { ...group, dampening: { suppress: 900 } } }));
    const driver = drive(damped);
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.source('em0', 'active');
    expect(driver.status.groups[0]?.phase).toBe('coming-up');
    const { state } = recompile(damped, driver.state, compile(config({ g: group })), 0);
    expect(describeState(compile(config({ g: group })), state).groups[0]).toMatchObject({
      phase: 'up',
      penalty: 0,
    });
  });

  test('recompile keeps the health of a rule with hysteresis when its thresholds change', () => {
    const weighted = (atLeast: number, below: number): PolicyConfig =>
      config({
        g: {
          require: {
            weight: {
              atLeast,
              below,
              of: [
                { source: 'a', weight: 50 },
                { source: 'b', weight: 50 },
              ],
            },
          },
          destinations: ['d'],
        },
      });
    const policy = compile(weighted(100, 50));
    const driver = drive(policy);
    driver.snapshot({ a: 'active', b: 'active' });
    driver.source('b', 'failed');
    expect(driver.status.groups[0]?.phase).toBe('up');
    for (const next of [weighted(100, 50), weighted(100, 40)]) {
      expect(recompile(policy, driver.state, compile(next), 0).transitions).toEqual([]);
    }
    expect(recompile(policy, driver.state, compile(weighted(100, 60)), 0).transitions).toMatchObject([
      { to: 'down' },
    ]);
  });

  test('recompile keeps the health of a rule with hysteresis that does not decide its group', () => {
    const weighted = (below: number, ...more: string[]): PolicyConfig => {
      const of = ['a', 'b'].map((source) => ({ source, weight: 50 }));
      const rule = { weight: { atLeast: 100, below, of } };
      return config({ g: { require: { all: ['c', rule, ...more] }, destinations: ['d'] } });
    };
    const policy = compile(weighted(50));
    const driver = drive(policy);
    driver.snapshot({ a: 'active', b: 'active', c: 'active' });
    driver.source('c', 'failed');
    driver.source('b', 'failed');
    for (const next of [weighted(40), weighted(50, 'a')].map(compile)) {
      const { state } = recompile(policy, driver.state, next, 0);
      const returned = step(
        next,
        state,
        { type: 'source', source: { id: 'c', health: 'active', reason: '' } },
        0,
      );
      expect(returned.transitions).toMatchObject([{ from: 'down', to: 'up' }]);
    }
  });

  test('recompile matches two rules with the same sources by their order', () => {
    const rule = (atLeast: number, below: number): Expression => ({
      weight: { atLeast, below, of: ['a', 'b', 'c'].map((source) => ({ source, weight: 1 })) },
    });
    const policy = compile(
      config({ g: { require: { all: [rule(3, 1), rule(2, 1)] }, destinations: ['d'] } }),
    );
    const driver = drive(policy);
    driver.snapshot({ a: 'active', b: 'active' });
    driver.snapshot({ a: 'active' });
    // The second has been active and holds on, the first has never been.
    const next = compile(config({ g: { require: { all: [rule(2, 1), rule(3, 1)] }, destinations: ['d'] } }));
    expect(
      JSON.stringify(recompile(policy, driver.state, next, 0).state.gates).match(/"held":true/g),
    ).toHaveLength(1);
    expect(JSON.stringify(driver.state.gates).match(/"held":true/g)).toHaveLength(1);
  });

  test('restore ignores a saved hysteresis of a wrong type', () => {
    const require = {
      weight: { atLeast: 2, below: 1, of: ['a', 'b'].map((source) => ({ source, weight: 1 })) },
    };
    const policy = compile(config({ g: { require, destinations: ['d'] } }));
    const saved = JSON.parse(serialize(policy, start(policy, 0).state));
    for (const memory of [null, 7, { '["a","b"]#1': 'yes' }, [true]]) {
      saved.groups.g.memory = memory;
      expect(restore(policy, JSON.stringify(saved)).state).toEqual(start(policy, 0).state);
    }
  });

  test('recompile does not run the clock backwards', () => {
    const policy = compile(config({ g: group }));
    expect(recompile(policy, start(policy, 100).state, policy, 50).state.now).toBe(100);
    expect(recompile(policy, start(policy, 100).state, policy, 150).state.now).toBe(150);
  });

  test('a group that recompile adds has its start-delay from then on', () => {
    const policy = compile(config({ g: group }));
    const driver = drive(policy);
    driver.snapshot({ em0: 'failed' });
    driver.wait(1_000);
    const next = compile(config({ g: group, h: { ...group, destinations: ['x'], startDelayMs: 30 } }));
    expect(recompile(policy, driver.state, next, 1_000).nextDeadline).toBe(1_030);
  });

  test('a group that recompile adds has no start-hold', () => {
    const policy = compile(config({ g: group }));
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    const next = compile(config({ g: group, h: { ...group, startHoldMs: 30 } }));
    expect(recompile(policy, driver.state, next, 1_000)).toMatchObject({ effects: [], nextDeadline: null });
  });

  test('recompile continues a start-hold, and ends one that was taken away', () => {
    const policy = compile(config({ g: { ...group, startHoldMs: 500 } }));
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    driver.wait(100);
    const other = compile(config({ g: { ...group, startHoldMs: 500, downDelayMs: 10 } }));
    expect(recompile(policy, driver.state, other, 100)).toMatchObject({ effects: [], nextDeadline: 500 });
    const without = compile(config({ g: group }));
    expect(recompile(policy, driver.state, without, 100).effects).toMatchObject([
      { destination: 'carp0', to: 'up' },
    ]);
  });
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
    // The first still holds on to `a`; without that nothing holds the group.
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

test('a destination that recompile adds without an opinion is not written', () => {
  const policy = compile(config({ g: group }));
  const next = compile(config({ g: group, h: { require: 'em7', destinations: ['x'] } }));
  const { state } = recompile(policy, start(policy, 0).state, next, 0);
  expect(describeState(next, state).destinations).toMatchObject([
    { id: 'carp0', cause: 'transition' },
    { id: 'x', want: 'none', cause: 'transition' },
  ]);
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

test('a rule that recompile adds starts with the health of the requirement, so that a delay continues', () => {
  const before = compile(config({ g: { require: 'a', destinations: ['x'], downDelayMs: 1_000 } }));
  const driver = drive(before);
  driver.snapshot({ a: 'active' });
  driver.source('a', 'failed');
  const of = ['a', 'b'].map((source) => ({ source, weight: 1 }));
  const require = { not: { not: { weight: { atLeast: 2, below: 1, of } } } };
  const after = compile(config({ g: { require, destinations: ['x'], downDelayMs: 1_000 } }));
  const saved = JSON.parse(serialize(before, driver.state));
  saved.sources.b = { health: 'active', reason: '', since: 0 };
  const { state } = restore(after, JSON.stringify(saved));
  expect(describeState(after, state).groups).toMatchObject([{ phase: 'going-down', requirement: 'failed' }]);
});
