import { describe, expect, test } from 'vitest';
import {
  compile,
  describe as describeState,
  type GroupConfig,
  type Health,
  type Policy,
  type PolicyEvent,
  type Presence,
  restart,
  serialize,
  step,
} from '../src/index.ts';
import { drive } from '../src/testing/index.ts';

const group: GroupConfig = { require: 'em0', destinations: ['carp0'] };
const policyOf = (more: Partial<GroupConfig>): Policy => compile({ groups: { g: { ...group, ...more } } });

function readings(
  sources: Readonly<Record<string, Health>>,
  destinations: Readonly<Record<string, Presence>>,
): PolicyEvent & { readonly type: 'sources' } {
  return {
    type: 'sources',
    complete: true,
    sources: Object.entries(sources).map(([id, health]) => ({ id, health, reason: health })),
    destinations: Object.entries(destinations).map(([id, is]) => ({ id, is })),
  };
}

/** The phase of the group after an event at a later moment. */
function phaseAt(policy: Policy, { state }: ReturnType<typeof restart>, now: number): string | undefined {
  return describeState(policy, step(policy, state, { type: 'tick' }, now).state).groups[0]?.phase;
}

describe('a delay that was running when the process ended', () => {
  test.each<[string, Health, number, string]>([
    ['still runs: it continues', 'failed', 400, 'going-down'],
    ['has passed: the group is down', 'failed', 700, 'down'],
    ['has passed, and the source is back: the group is up', 'active', 700, 'up'],
  ])('a down-delay that was running when the process ended %s', (_, health, away, phase) => {
    const policy = policyOf({ downDelayMs: 600 });
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    const next = restart(
      policy,
      serialize(policy, driver.state),
      readings({ em0: health }, { carp0: 'up' }),
      away,
    );
    expect(describeState(policy, next.state).groups[0]?.phase).toBe(phase);
    expect(next.anew).toEqual([]);
    expect(next.effects.map(({ to }) => to)).toEqual(phase === 'down' ? ['down'] : []);
    if (phase === 'going-down') {
      expect(next.nextDeadline).toBe(600);
      expect(phaseAt(policy, next, 600)).toBe('down');
    }
  });

  test('an up-delay that was running when the process ended ends at the same time', () => {
    const policy = policyOf({ upDelayMs: 600 });
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    driver.source('em0', 'failed');
    driver.wait(100);
    driver.source('em0', 'active');
    const text = serialize(policy, driver.state);
    const next = restart(policy, text, readings({ em0: 'active' }, { carp0: 'down' }), 300);
    expect([next.effects, next.nextDeadline]).toEqual([[], 700]);
    const late = restart(policy, text, readings({ em0: 'active' }, { carp0: 'down' }), 900);
    expect(late.effects.map(({ to, because }) => [to, because.cause])).toEqual([['up', 'transition']]);
    const lost = restart(policy, text, readings({ em0: 'failed' }, { carp0: 'down' }), 300);
    expect(describeState(policy, lost.state).groups[0]).toMatchObject({ phase: 'down', hidden: 1 });
  });

  test('a start-delay that was running when the process ended still delays failures', () => {
    const policy = policyOf({ startDelayMs: 600 });
    const driver = drive(policy);
    driver.snapshot({ em0: 'failed' });
    const text = serialize(policy, driver.state);
    const next = restart(policy, text, readings({ em0: 'failed' }, { carp0: 'up' }), 300);
    expect([next.effects, next.nextDeadline]).toEqual([[], 600]);
  });
});

test('a suppression and its penalty continue after a restart', () => {
  const policy = policyOf({ dampening: {} });
  const driver = drive(policy);
  driver.snapshot({ em0: 'active' });
  for (let loss = 0; loss < 3; loss += 1) {
    driver.source('em0', 'failed');
    driver.source('em0', 'active');
  }
  const until = driver.status.groups[0]?.suppressedUntil;
  const text = serialize(policy, driver.state);
  const next = restart(policy, text, readings({ em0: 'active' }, { carp0: 'down' }), 5_000);
  expect(next.effects).toEqual([]);
  expect(next.nextDeadline).toBe(until);
  expect(describeState(policy, next.state).groups[0]?.penalty).toBe(Math.round(3000 * 2 ** (-5 / 15)));
});

test.each([
  ['without an end', undefined, 9_000, 'paused'],
  ['with an end in the future', 10_000, 9_000, 'paused'],
  ['with an end in the past', 8_000, 9_000, 'down'],
])('after a restart a pause %s lasts until its end', (_, until, now, phase) => {
  const policy = policyOf({});
  const driver = drive(policy);
  driver.snapshot({ em0: 'active' });
  driver.feed({ type: 'pause', group: 'g', ...(until === undefined ? {} : { until }) });
  const text = serialize(policy, driver.state);
  const next = restart(policy, text, readings({ em0: 'failed' }, { carp0: 'up' }), now);
  expect(describeState(policy, next.state).groups[0]?.phase).toBe(phase);
});

describe('a check that has not answered since', () => {
  const policy = compile({
    groups: { g: { require: { all: ['em0', 'check:c'] }, destinations: ['carp0'], upDelayMs: 600 } },
  });
  const driver = drive(policy);
  driver.snapshot({ em0: 'active', 'check:c': 'failed' });
  driver.source('check:c', 'active');
  const text = serialize(policy, driver.state);
  const unasked = readings({ em0: 'active', 'check:c': 'unknown' }, { carp0: 'down' });

  test('a check without an answer since the restart does not interrupt a group that is coming up, and time does not raise it', () => {
    const next = restart(policy, text, unasked, 900);
    expect(describeState(policy, next.state).groups[0]?.phase).toBe('coming-up');
    expect([next.effects, next.nextDeadline]).toEqual([[], null]);
  });

  test.each([
    ['active', 'up'],
    ['failed', 'down'],
  ] as const)('and is %s then: the group is %s at once', (health, phase) => {
    const { state } = restart(policy, text, unasked, 900);
    const answer = { type: 'source', source: { id: 'check:c', health, reason: health } } as const;
    const answered = step(policy, state, answer, 901);
    expect(describeState(policy, answered.state).groups[0]?.phase).toBe(phase);
  });
});

test.each<Health>(['failed', 'unknown'])(
  'a paused group (its own requirement is %s) that makes another unknown at a restart interrupts a group that is coming up',
  (paused) => {
    const policy = compile({
      groups: {
        p: { require: 'em1', destinations: ['carp1'] },
        g: { require: { any: ['em0', { group: 'p' }] }, destinations: ['carp0'], upDelayMs: 600 },
      },
    });
    const driver = drive(policy);
    driver.snapshot({ em0: 'failed', em1: 'failed' });
    driver.source('em0', 'active');
    driver.feed({ type: 'pause', group: 'p' });
    const text = serialize(policy, driver.state);
    const lost = restart(policy, text, readings({ em0: 'failed', em1: paused }, { carp0: 'down' }), 300);
    expect(describeState(policy, lost.state).groups[1]?.phase).toBe('down');
    const back = { type: 'source', source: { id: 'em0', health: 'active', reason: 'up' } } as const;
    expect(step(policy, lost.state, back, 700)).toMatchObject({ effects: [], nextDeadline: 1_300 });
  },
);

describe('a destination', () => {
  const policy = policyOf({});

  function after(is: Presence, health: Health, reading: Presence) {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active' });
    driver.set('carp0', is);
    const text = serialize(policy, driver.state);
    return restart(policy, text, readings({ em0: health }, { carp0: reading }), 100);
  }

  test('a destination that another program had set down while its group is up stays down at a restart', () => {
    expect(after('down', 'active', 'down').effects).toEqual([]);
  });

  test('a destination that was set down while no process ran is raised at a restart', () => {
    expect(after('up', 'active', 'down').effects.map(({ to }) => to)).toEqual(['up']);
  });

  test('a destination that the killed process set down after the state was saved stays down, and comes up with its source', () => {
    const lost = after('up', 'failed', 'down');
    expect(lost.effects).toEqual([]);
    const back = { type: 'source', source: { id: 'em0', health: 'active', reason: 'up' } } as const;
    expect(step(policy, lost.state, back, 200).effects.map(({ to }) => to)).toEqual(['up']);
  });

  test('a destination whose last write failed is written at once at a restart', () => {
    const driver = drive(policy);
    driver.refuse('carp0', 'EBUSY');
    driver.snapshot({ em0: 'failed' });
    driver.wait(20_000);
    const text = serialize(policy, driver.state);
    const next = restart(policy, text, readings({ em0: 'failed' }, { carp0: 'up' }), driver.now);
    expect(next.effects.map(({ to }) => to)).toEqual(['down']);
  });

  test('a destination that is gone at a restart is missing, and not raised when it appears', () => {
    const next = after('up', 'active', 'missing');
    expect(next.effects).toEqual([]);
    const arrival = { type: 'destination', id: 'carp0', is: 'down' } as const;
    expect(step(policy, next.state, arrival, 200).effects).toEqual([]);
  });
});

describe('begins anew', () => {
  const was = policyOf({ upDelayMs: 600 });
  const driver = drive(was);
  driver.snapshot({ em0: 'active' });
  driver.source('em0', 'failed');
  driver.source('em0', 'active');
  const text = serialize(was, driver.state);
  const now = readings({ em0: 'active', em1: 'active' }, { carp0: 'down' });

  test('only a group with another requirement starts anew at a restart', () => {
    const two = compile({
      groups: {
        g: { ...group, upDelayMs: 600 },
        h: { require: 'em1', destinations: ['carp1'] },
        i: { require: { all: ['em0', 'em1'] }, destinations: ['carp0'] },
      },
    });
    const saved = drive(
      compile({
        groups: {
          g: { ...group, upDelayMs: 600 },
          h: { require: 'em1', destinations: ['carp1'] },
          i: { ...group, upDelayMs: 600 },
        },
      }),
    );
    saved.snapshot({ em0: 'active', em1: 'active' });
    saved.source('em0', 'failed');
    saved.source('em0', 'active');
    const before = compile({
      groups: {
        g: { ...group, upDelayMs: 600 },
        h: { require: 'em1', destinations: ['carp1'] },
        i: { ...group, upDelayMs: 600 },
      },
    });
    const next = restart(two, serialize(before, saved.state), now, 100);
    expect(next.anew).toEqual(['i']);
    expect(describeState(two, next.state).groups.map(({ phase }) => phase)).toEqual([
      'coming-up',
      'up',
      'up',
    ]);
  });

  test('a group with another delay or more destinations continues at a restart', () => {
    const longer = policyOf({ upDelayMs: 900, destinations: ['carp0', 'carp1'] });
    const next = restart(longer, text, now, 100);
    expect([next.anew, next.nextDeadline]).toEqual([[], 900]);
  });

  test('a group that starts anew has its start-hold, and one that continues does not', () => {
    const held = policyOf({ require: { all: ['em0', 'em1'] }, startHoldMs: 500 });
    const next = restart(held, text, now, 100);
    expect([next.anew, next.nextDeadline]).toEqual([['g'], 600]);
    const driver = drive(held);
    driver.snapshot({ em0: 'active', em1: 'active' });
    driver.wait(1_000);
    const later = restart(
      held,
      serialize(held, driver.state),
      readings({ em0: 'active', em1: 'active' }, { carp0: 'up' }),
      2_000,
    );
    expect([later.effects, later.nextDeadline]).toEqual([[], null]);
  });

  test.each([
    ['a phase of a later version', { phase: 'draining' }],
    ['a broken entry', { penalty: 'much' }],
  ])('a group with %s starts anew at a restart, and the others continue', (_, broken) => {
    const saved = JSON.parse(text);
    saved.groups.g = { ...saved.groups.g, ...broken };
    expect(restart(was, JSON.stringify(saved), now, 100).anew).toEqual(['g']);
  });

  test('a group without a field that an older version did not write continues at a restart', () => {
    const saved = JSON.parse(text);
    delete saved.groups.g.hidden;
    delete saved.groups.g.memory;
    delete saved.destinations.carp0.fights;
    expect(restart(was, JSON.stringify(saved), now, 100)).toMatchObject({ anew: [], nextDeadline: 600 });
  });
});

test.each([
  ['{"version":2}', 'This is not a saved state of version 1, but of version 2.'],
  ['null', 'This is not a saved state of version 1, but of version none.'],
  ['{"version":1', 'This is not a saved state: it is not JSON.'],
  ['{"version":1}', 'This state was saved later than now: by another clock.'],
  ['{"version":1,"now":101}', 'This state was saved later than now: by another clock.'],
])('restart refuses %s', (text, message) => {
  const policy = policyOf({});
  const nothing = readings({}, {});
  expect(() => restart(policy, text, nothing, 100)).toThrow(
    expect.objectContaining({ name: 'StateError', message }),
  );
});

test.each(['{"version":1,"now":1}', '{"version":1,"now":1,"groups":7,"sources":[],"destinations":"x"}'])(
  '%s has nothing to go on with: everything begins anew',
  (text) => {
    const policy = policyOf({});
    const next = restart(policy, text, readings({ em0: 'failed' }, { carp0: 'up' }), 100);
    expect([next.anew, next.effects.map(({ to }) => to)]).toEqual([['g'], ['down']]);
  },
);
