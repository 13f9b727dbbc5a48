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

describe('recompile', () => {
  test('recompile to the same configuration changes nothing', () => {
    const policy = compile(config({ g: group }));
    const driver = drive(policy);
    driver.snapshot({ em0: 'failed' });
    const { state, effects, transitions } = recompile(policy, driver.state, compile(config({ g: group })), 0);
    expect(state).toEqual(driver.state);
    expect([effects, transitions]).toEqual([[], []]);
  });

  /** The phase of a group, down or up before, after a reload. */
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
    // The second was active and stays so, the first never was.
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

test('a destination that recompile adds without an opinion is not written', () => {
  const policy = compile(config({ g: group }));
  const next = compile(config({ g: group, h: { require: 'em7', destinations: ['x'] } }));
  const { state } = recompile(policy, start(policy, 0).state, next, 0);
  expect(describeState(next, state).destinations).toMatchObject([
    { id: 'carp0', cause: 'transition' },
    { id: 'x', want: 'none', cause: 'transition' },
  ]);
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
