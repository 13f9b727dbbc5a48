import { describe, expect, test } from 'vitest';
import { compile, type Expression, type Health, step } from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { judge } from './support/make.ts';

const A: Health = 'active';
const F: Health = 'failed';
const U: Health = 'unknown';

describe('three-valued expressions', () => {
  test.each<[Expression, Record<string, Health>, Health]>([
    ['a', { a: 'active' }, 'active'],
    ['a', { a: 'failed' }, 'failed'],
    ['a', { a: 'unknown' }, 'unknown'],
    ['a', {}, 'failed'],
    [{ all: ['a', 'b'] }, { a: 'active', b: 'active' }, 'active'],
    [{ all: ['a', 'b'] }, { a: 'active', b: 'unknown' }, 'unknown'],
    [{ all: ['a', 'b'] }, { a: 'failed', b: 'unknown' }, 'failed'],
    [{ any: ['a', 'b'] }, { a: 'failed', b: 'failed' }, 'failed'],
    [{ any: ['a', 'b'] }, { a: 'failed', b: 'unknown' }, 'unknown'],
    [{ any: ['a', 'b'] }, { a: 'active', b: 'unknown' }, 'active'],
    [{ not: 'a' }, { a: 'failed' }, 'active'],
    [{ not: 'a' }, { a: 'active' }, 'failed'],
    [{ not: 'a' }, { a: 'unknown' }, 'unknown'],
    [{ not: { all: ['a', 'b'] } }, { a: 'failed', b: 'unknown' }, 'active'],
    [{ atLeast: 2, of: ['a', 'b', 'c'] }, { a: 'active', b: 'active', c: 'unknown' }, 'active'],
    [{ atLeast: 2, of: ['a', 'b', 'c'] }, { a: 'active', b: 'failed', c: 'unknown' }, 'unknown'],
    [{ atLeast: 2, of: ['a', 'b', 'c'] }, { a: 'failed', b: 'failed', c: 'unknown' }, 'failed'],
    [{ atLeast: '50%', of: ['a', 'b', 'c'] }, { a: 'active' }, 'failed'],
    [{ atLeast: '50%', of: ['a', 'b', 'c'] }, { a: 'active', b: 'active' }, 'active'],
    [{ atLeast: '33.33%', of: ['a', 'b', 'c'] }, { a: 'active' }, 'active'],
    [{ all: [{ any: ['a', 'b'] }, { not: { any: ['c'] } }] }, { b: 'active' }, 'active'],
  ])('requirement %j with readings %j is %s', (require, readings, expected) => {
    expect(judge(require, readings)).toBe(expected);
  });

  test('every requirement is unknown before the first complete snapshot', () => {
    const driver = drive(compile({ groups: { g: { require: 'a', destinations: ['out'] } } }));
    driver.source('a', 'failed');
    driver.feed({ type: 'sources', complete: false, sources: [{ id: 'a', health: 'failed', reason: '' }] });
    expect(driver.status).toMatchObject({
      ready: false,
      groups: [{ phase: 'starting', requirement: 'unknown' }],
    });
    expect(driver.effects).toEqual([]);
  });

  test('a deep expression is evaluated without a deep stack', () => {
    let require: Expression = 'a';
    for (let depth = 0; depth < 3_000; depth += 1)
      require = depth % 2 ? { not: require } : { all: [require, 'b'] };
    expect(judge(require, { a: 'active', b: 'active' })).not.toBe('unknown');
  });
});

describe('a count with hysteresis', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

  test.each<[number | `${number}%`, number | `${number}%`]>([
    [4, 3],
    ['40%', '30%'],
    ['40%', 3],
    [4, '21%'],
  ])('at least %s, below %s of ten: up at four, down under three, unchanged between', (atLeast, below) => {
    const policy = compile({
      groups: { g: { require: { atLeast, below, of: ids }, destinations: ['out'] } },
    });
    const driver = drive(policy);
    const active = (count: number): string | undefined => {
      driver.snapshot(Object.fromEntries(ids.map((id, i) => [id, i < count ? 'active' : 'failed'])));
      return driver.status.groups[0]?.requirement;
    };
    expect([3, 4, 3, 2, 3, 4].map(active)).toEqual([
      'failed',
      'active',
      'active',
      'failed',
      'failed',
      'active',
    ]);
  });

  test('a count without below fails below the count it came up at', () => {
    expect(judge({ atLeast: 2, of: ['a', 'b'] }, { a: 'active', b: 'failed' })).toBe('failed');
  });
});

describe('weights with hysteresis', () => {
  const require: Expression = {
    weight: {
      atLeast: 100,
      below: 50,
      of: [
        { source: 'a', weight: 60 },
        { source: 'b', weight: 40 },
        { source: { any: ['c', 'd'] }, weight: 20 },
      ],
    },
  };
  const at = (
    readings: Record<string, Health>,
    before: Record<string, Health>[] = [],
  ): Health | undefined => {
    const driver = drive(compile({ groups: { g: { require, destinations: ['out'] } } }));
    for (const earlier of before) driver.snapshot(earlier);
    driver.snapshot(readings);
    return driver.status.groups[0]?.requirement;
  };

  test('a weight rule comes up at `atLeast` and not below it', () => {
    expect(at({ a: A, c: A })).toBe(F);
    expect(at({ a: A, b: A })).toBe(A);
  });

  test('a weight rule that is up stays up down to `below`, and one that is down stays down up to `atLeast`', () => {
    expect(at({ a: A }, [{ a: A, b: A }])).toBe(A);
    expect(at({ b: A }, [{ a: A, b: A }])).toBe(F);
    expect(at({ a: A, c: A }, [{ a: A, b: A }, { b: A }])).toBe(F);
  });

  test('a weight rule with an unknown member is unknown only if the member decides', () => {
    expect(at({ a: A, b: U })).toBe(U);
    expect(at({ b: U, c: A })).toBe(F);
    expect(at({ a: A, b: U }, [{ a: A, b: A }])).toBe(A);
  });

  test('a weight rule keeps its hysteresis while it is unknown', () => {
    expect(at({ a: A }, [{ a: A, b: A }, { a: U }])).toBe(A);
  });

  test('a weight rule without `below` has no hysteresis', () => {
    const plain = {
      weight: {
        atLeast: 2,
        of: [
          { source: 'a', weight: 1 },
          { source: 'b', weight: 1 },
        ],
      },
    };
    const driver = drive(compile({ groups: { g: { require: plain, destinations: ['out'] } } }));
    driver.snapshot({ a: A, b: A });
    driver.snapshot({ a: A });
    expect(driver.status.groups[0]?.requirement).toBe(F);
  });
});

describe('groups in expressions', () => {
  const policy = compile({
    groups: {
      top: { require: { all: [{ group: 'mid' }, 'c'] }, destinations: ['z'] },
      mid: { require: { group: 'low' }, destinations: ['y'], downDelayMs: 100 },
      low: { require: 'a', destinations: ['x'], downDelayMs: 10, upDelayMs: 1_000 },
    },
  });

  test('a chain of groups follows with its delays, and a group is active until it is down', () => {
    const driver = drive(policy);
    driver.snapshot({ a: A, c: A });
    driver.source('a', 'failed');
    driver.wait(10);
    expect(driver.status.groups.map(({ phase }) => phase)).toEqual(['up', 'going-down', 'down']);
    driver.wait(100);
    expect(driver.status.groups.map(({ phase }) => phase)).toEqual(['down', 'down', 'down']);
    driver.source('a', 'active');
    expect(driver.status.groups.map(({ phase }) => phase)).toEqual(['down', 'down', 'coming-up']);
    driver.wait(1_000);
    expect(driver.status.groups.map(({ phase }) => phase)).toEqual(['up', 'up', 'up']);
    expect(driver.effects.map(({ at, destination, to }) => `${at} ${destination} ${to}`)).toEqual([
      '10 x down',
      '110 z down',
      '110 y down',
      '1110 z up',
      '1110 y up',
      '1110 x up',
    ]);
  });

  test('a paused group is unknown to groups that require it, and they keep their phase', () => {
    const driver = drive(policy);
    driver.snapshot({ a: A, c: A });
    driver.feed({ type: 'pause', group: 'low' });
    driver.source('a', 'failed');
    driver.wait(10_000);
    expect(driver.status.groups.map(({ phase }) => phase)).toEqual(['up', 'up', 'paused']);
    driver.feed({ type: 'resume', group: 'low' });
    driver.wait(100);
    expect(driver.status.groups.map(({ phase }) => phase)).toEqual(['down', 'down', 'down']);
  });
});

describe('cost', () => {
  const wide = (groups: number): ReturnType<typeof drive> => {
    const entries = Array.from({ length: groups }, (_, i) => [
      `g${i}`,
      { require: { all: [`a${i}`, { any: [`b${i}`, `c${i}`] }] }, destinations: [`d${i}`] },
    ]);
    const driver = drive(compile({ groups: Object.fromEntries(entries) }));
    driver.snapshot(
      Object.fromEntries(
        entries.flatMap((_, i) => [
          [`a${i}`, A],
          [`b${i}`, A],
          [`c${i}`, A],
        ]),
      ),
    );
    return driver;
  };
  const evaluated = (
    driver: ReturnType<typeof drive>,
    groups: number,
    id: string,
    health: Health,
  ): number => {
    const policy = compile({
      groups: Object.fromEntries(
        Array.from({ length: groups }, (_, i) => [
          `g${i}`,
          { require: { all: [`a${i}`, { any: [`b${i}`, `c${i}`] }] }, destinations: [`d${i}`] },
        ]),
      ),
    });
    return step(policy, driver.state, { type: 'source', source: { id, health, reason: '' } }, driver.now)
      .evaluated;
  };

  test.each([1, 10, 1_000])(
    'an event evaluates what it touches and nothing else, with %i groups',
    (groups) => {
      const driver = wide(groups);
      expect(evaluated(driver, groups, 'a0', 'failed')).toBe(1);
      expect(evaluated(driver, groups, 'b0', 'failed')).toBe(1);
      expect(evaluated(driver, groups, 'a0', 'active')).toBe(0);
      expect(evaluated(driver, groups, 'nobody', 'failed')).toBe(0);
      driver.source('b0', 'failed');
      expect(evaluated(driver, groups, 'c0', 'failed')).toBe(2);
    },
  );

  test('an event copies no more of the state than it touches', () => {
    const driver = wide(1_000);
    const before = driver.state;
    driver.source('a500', 'failed');
    const chunks = Object.entries(driver.state).flatMap(([key, value]) => {
      const old: unknown = before[key as keyof typeof before];
      return Array.isArray(value) && Array.isArray(old)
        ? [value.filter((chunk, i) => chunk !== old[i]).length]
        : [];
    });
    expect(chunks).toHaveLength(5);
    expect(Math.max(...chunks)).toBe(1);
  });
});

test.each<[string, Expression, Record<string, Health>, number]>([
  [
    'the weights of what is active',
    {
      weight: {
        atLeast: 3,
        of: [
          { source: 'a', weight: 3 },
          { source: { any: ['b', 'c'] }, weight: 2 },
          { source: 'd', weight: 1 },
        ],
      },
    },
    { a: F, b: A, c: F, d: U },
    2,
  ],
  ['the number of what is active, of a list', { atLeast: 2, of: ['a', 'b', 'c'] }, { a: A, b: F, c: A }, 2],
  ['the same where all must be active', { all: ['a', 'b'] }, { a: A, b: F }, 1],
  ['one, of a single source', 'a', { a: A }, 1],
  ['none, of a source that has failed', 'a', { a: F }, 0],
])('the weight of a group is %s', (_name, require, readings, weight) => {
  const driver = drive(compile({ groups: { g: { require, destinations: ['out'] } } }));
  driver.snapshot(readings);
  expect(driver.status.groups).toMatchObject([{ name: 'g', weight }]);
});
