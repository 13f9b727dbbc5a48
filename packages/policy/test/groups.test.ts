import { describe, expect, test } from 'vitest';
import { compile, explain, start, step } from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { one, phases, writes } from './support/make.ts';

describe('phases', () => {
  test('any failed source brings the destinations down, all active bring them up', () => {
    const driver = drive(
      compile({
        groups: { gateway: { require: { all: ['em0', 'bge0'] }, destinations: ['carp0', 'carp1'] } },
      }),
    );
    driver.snapshot({ em0: 'active', bge0: 'active' });
    driver.source('em0', 'failed', 'no carrier');
    driver.source('bge0', 'failed');
    driver.source('em0', 'active');
    driver.wait(5);
    driver.source('bge0', 'active');
    expect(writes(driver)).toEqual(['0: carp0 down', '0: carp1 down', '5: carp0 up', '5: carp1 up']);
    expect(driver.effects[0]).toMatchObject({
      type: 'set',
      because: {
        cause: 'transition',
        group: 'gateway',
        from: 'up',
        to: 'down',
        blame: [{ kind: 'source', id: 'em0', health: 'failed', reason: 'no carrier', since: 0 }],
      },
    });
  });

  test('a first snapshot that is as wanted has no effects', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    expect(phases(driver)).toEqual(['0: g up']);
    expect(driver.effects).toEqual([]);
  });

  test('an unknown source starts no transition', () => {
    const driver = one();
    driver.snapshot({ em0: 'unknown' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'starting', requirement: 'unknown' });
    driver.source('em0', 'failed');
    driver.source('em0', 'unknown');
    driver.wait(10_000);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', requirement: 'unknown' });
    driver.source('em0', 'active');
    driver.source('em0', 'unknown');
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up', requirement: 'unknown' });
  });

  test('a source that a complete snapshot does not list has failed: missing', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    driver.snapshot({ em1: 'active' });
    expect(driver.status.groups[0]).toMatchObject({
      phase: 'down',
      sources: [{ id: 'em0', health: 'failed', reason: 'missing' }],
    });
  });

  test('an incomplete snapshot does not change sources that it does not list', () => {
    const driver = one();
    driver.snapshot({ em0: 'active' });
    driver.feed({ type: 'sources', complete: false, sources: [], destinations: [] });
    expect(driver.status).toMatchObject({ groups: [{ phase: 'up' }], destinations: [{ is: 'up' }] });
  });
});

describe('delays', () => {
  test('down-delay: the group goes down when the failure has lasted so long', () => {
    const driver = one({ downDelayMs: 100 });
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    expect(driver.status.groups[0]).toMatchObject({ phase: 'going-down', until: 100 });
    driver.wait(99);
    expect(writes(driver)).toEqual([]);
    driver.wait(1);
    expect(writes(driver)).toEqual(['100: carp0 down']);
  });

  test('down-delay: a shorter failure is hidden and counted', () => {
    const driver = one({ downDelayMs: 100 });
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.wait(50);
    driver.source('em0', 'active');
    driver.wait(1_000);
    expect(phases(driver)).toEqual(['0: g up', '0: g going-down', '50: g up']);
    expect(driver.status.groups[0]).toMatchObject({ hidden: 1, until: null });
    expect(driver.effects).toEqual([]);
  });

  test('down-delay: a return that is over at the same moment keeps no group up, and counts as a loss', () => {
    const driver = one({ downDelayMs: 100, dampening: {} });
    driver.snapshot({ em0: 'failed' });
    driver.wait(10);
    driver.source('em0', 'active');
    driver.source('em0', 'failed');
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', penalty: 1000, hidden: 0 });
    driver.source('em0', 'active');
    driver.wait(1);
    driver.source('em0', 'failed');
    expect(driver.status.groups[0]?.phase).toBe('going-down');
  });

  test('down-delay: an unknown reading does not stop it', () => {
    const driver = one({ downDelayMs: 100 });
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.source('em0', 'unknown');
    driver.wait(100);
    expect(writes(driver)).toEqual(['100: carp0 down']);
  });

  test('up-delay: the group comes up when it was active for so long without interruption', () => {
    const driver = one({ upDelayMs: 100 });
    driver.snapshot({ em0: 'failed' });
    driver.source('em0', 'active');
    driver.wait(60);
    driver.source('em0', 'failed');
    driver.wait(10);
    driver.source('em0', 'active');
    driver.wait(99);
    expect(writes(driver)).toEqual(['0: carp0 down']);
    driver.wait(1);
    expect(writes(driver)).toEqual(['0: carp0 down', '170: carp0 up']);
    expect(driver.status.groups[0]).toMatchObject({ hidden: 1 });
  });

  test('up-delay: a group that is active at the first start comes up at once', () => {
    const driver = one({ upDelayMs: 1_000 });
    driver.snapshot({ em0: 'active' });
    expect(phases(driver)).toEqual(['0: g up']);
  });

  test('up-delay: an unknown reading interrupts it', () => {
    const driver = one({ upDelayMs: 100 });
    driver.snapshot({ em0: 'failed' });
    driver.source('em0', 'active');
    driver.source('em0', 'unknown');
    driver.wait(1_000);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'down', hidden: 1 });
  });

  test('start-delay: failures have no effect before its end', () => {
    const driver = one({ startDelayMs: 100 }, 1_000);
    driver.snapshot({ em0: 'failed' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'starting', until: 1_100 });
    driver.wait(99);
    expect(driver.effects).toEqual([]);
    driver.wait(1);
    expect(writes(driver)).toEqual(['1100: carp0 down']);
  });

  test('start-delay: it ends when the group becomes active', () => {
    const driver = one({ startDelayMs: 100 });
    driver.snapshot({ em0: 'failed' });
    driver.source('em0', 'active');
    driver.source('em0', 'failed');
    expect(writes(driver)).toEqual(['0: carp0 down']);
  });

  test('start-hold: a group with an active requirement is down until its end', () => {
    const driver = one({ startHoldMs: 100 }, 1_000);
    driver.snapshot({ em0: 'active' });
    expect(driver.status.groups[0]).toMatchObject({
      phase: 'coming-up',
      until: 1_100,
      suppressedUntil: 1_100,
    });
    driver.wait(200);
    expect(writes(driver)).toEqual(['1000: carp0 down', '1100: carp0 up']);
  });

  test('start-hold: a group with an unknown requirement goes down at once', () => {
    const driver = one({ startHoldMs: 100 });
    driver.snapshot({ em0: 'unknown' });
    driver.wait(50);
    driver.source('em0', 'active');
    driver.wait(100);
    expect(writes(driver)).toEqual(['0: carp0 down', '100: carp0 up']);
  });

  test('start-hold: a requirement that is unknown at its end leaves the group down', () => {
    const driver = one({ startHoldMs: 100 });
    driver.snapshot({ em0: 'unknown' });
    driver.wait(200);
    driver.source('em0', 'active');
    expect(writes(driver)).toEqual(['0: carp0 down', '200: carp0 up']);
  });

  test('start-hold: the group does not go down before the first complete snapshot', () => {
    const driver = one({ startHoldMs: 100 });
    driver.wait(50);
    expect(driver.status.groups[0]).toMatchObject({ phase: 'starting' });
    driver.wait(50);
    driver.snapshot({ em0: 'active' });
    expect(driver.status.groups[0]).toMatchObject({ phase: 'up' });
    expect(driver.effects).toEqual([]);
  });

  test('start-hold: losses neither end nor shorten it, with and without dampening', () => {
    const driver = one({ startHoldMs: 10_000, dampening: { halfLifeMs: 100, maxSuppressMs: 500 } });
    driver.snapshot({ em0: 'active' });
    for (const health of ['failed', 'active', 'failed', 'active', 'failed', 'active'] as const) {
      driver.source('em0', health);
    }
    driver.wait(9_999);
    expect(writes(driver)).toEqual(['0: carp0 down']);
    driver.wait(1);
    expect(writes(driver)).toEqual(['0: carp0 down', '10000: carp0 up']);
  });

  test('start-hold: the longer of the rest of the hold and the up-delay counts', () => {
    const driver = one({ startHoldMs: 100, upDelayMs: 80 });
    driver.snapshot({ em0: 'failed' });
    driver.wait(50);
    driver.source('em0', 'active');
    driver.wait(200);
    expect(writes(driver)).toEqual(['0: carp0 down', '130: carp0 up']);
  });

  test('start-hold: the explanation names its end', () => {
    const driver = one({ startHoldMs: 60_000 });
    driver.snapshot({ em0: 'active' });
    driver.wait(10_000);
    const policy = compile({
      groups: { g: { require: 'em0', destinations: ['carp0'], startHoldMs: 60_000 } },
    });
    const { groups } = explain(policy, driver.state);
    expect(groups[0]?.sentence).toBe(
      'g has been coming up for 10 s: em0 is active. It comes up in 50 s if nothing fails.',
    );
  });

  test('an event counts before a deadline that has passed', () => {
    const driver = one({ downDelayMs: 100 });
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    const policy = compile({ groups: { g: { require: 'em0', destinations: ['carp0'], downDelayMs: 100 } } });
    const event = { type: 'source', source: { id: 'em0', health: 'active', reason: '' } } as const;
    const late = step(policy, driver.state, event, 5_000);
    expect(late.effects).toEqual([]);
    expect(late.transitions).toMatchObject([{ from: 'going-down', to: 'up' }]);
  });
});

describe('time', () => {
  const policy = compile({ groups: { g: { require: 'em0', destinations: ['carp0'] } } });

  test('time never runs backwards', () => {
    const { state } = start(policy, 100);
    expect(step(policy, state, { type: 'tick' }, 50).state.now).toBe(100);
    expect(step(policy, state, { type: 'resume', group: 'g' }, 50).state.now).toBe(100);
  });

  test('step refuses a state of another policy', () => {
    const other = compile({ groups: { h: { require: 'em0', destinations: ['carp0'] } } });
    expect(() => step(other, start(policy, 0).state, { type: 'tick' }, 0)).toThrow(
      expect.objectContaining({
        name: 'StateError',
        code: 'ERR_POLICY_STATE',
        message: expect.stringContaining('recompile'),
      }),
    );
  });
});

test('many deadlines: the nearest is next, and only groups whose deadline has passed are evaluated', () => {
  const names = Array.from({ length: 100 }, (_, i) => i);
  const policy = compile({
    groups: Object.fromEntries(
      names.map((i) => [
        `g${i}`,
        { require: `s${i}`, destinations: [`d${i}`], downDelayMs: 1_000 + ((i * 37) % 100) },
      ]),
    ),
  });
  const driver = drive(policy);
  driver.snapshot(Object.fromEntries(names.map((i) => [`s${i}`, 'active'])));
  driver.snapshot({});
  expect(driver.status.nextDeadline).toBe(1_000);
  const first = step(policy, driver.state, { type: 'tick' }, 1_000);
  expect(first).toMatchObject({ evaluated: 1, nextDeadline: 1_001, transitions: [{ group: 'g0' }] });
});
