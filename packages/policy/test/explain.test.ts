import { describe, expect, test } from 'vitest';
import {
  compile,
  type Expression,
  explain,
  type GroupConfig,
  type Health,
  start,
  step,
} from '../src/index.ts';
import { drive } from '../src/testing/index.ts';
import { one } from './support/make.ts';

/** Blame and needs of a requirement under readings that arrive one after the other, 10 ms apart. */
function why(
  require: Expression,
  ...readings: [string, Health][]
): { blame: string[]; needs: readonly string[] } {
  const policy = compile({ groups: { g: { require, destinations: ['out'] } } });
  const driver = drive(policy);
  driver.snapshot(Object.fromEntries(policy.sources.map((id) => [id, 'active'])));
  for (const [id, health] of readings) {
    driver.wait(10);
    driver.source(id, health);
  }
  const [group] = explain(policy, driver.state).groups;
  return { blame: group?.blame.map(({ id }) => id) ?? [], needs: group?.release.needs ?? [] };
}

describe('blame and release of a requirement', () => {
  test('blame of a failed all: the first to fail; release: all failed members', () => {
    expect(why({ all: ['a', 'b', 'c'] }, ['c', 'failed'], ['a', 'failed'])).toEqual({
      blame: ['c'],
      needs: ['a', 'c'],
    });
  });

  test('blame of an active all: every member; release: one of them', () => {
    expect(why({ all: ['a', 'b'] })).toEqual({ blame: ['a', 'b'], needs: ['a'] });
  });

  test('blame of any: one active member, or all failed ones; release: the opposite', () => {
    expect(why({ any: ['a', 'b'] })).toEqual({ blame: ['a'], needs: ['a', 'b'] });
    expect(why({ any: ['a', 'b'] }, ['b', 'failed'], ['a', 'failed'])).toEqual({
      blame: ['a', 'b'],
      needs: ['a'],
    });
  });

  test('blame of at least 2 of 3: the two that failed first', () => {
    const require = { atLeast: 2, of: ['a', 'b', 'c'] } as const;
    expect(why(require, ['b', 'failed'], ['c', 'failed'])).toEqual({ blame: ['b', 'c'], needs: ['b'] });
    expect(why(require, ['b', 'failed'], ['c', 'failed'], ['a', 'failed'])).toEqual({
      blame: ['b', 'c'],
      needs: ['a', 'b'],
    });
  });

  test('release is the way with the fewest sources, in whatever order it is written', () => {
    const pair = { all: ['a', 'b'] };
    const both: [string, Health][] = [
      ['a', 'failed'],
      ['b', 'failed'],
      ['c', 'failed'],
    ];
    expect(why({ any: [pair, 'c'] }, ...both).needs).toEqual(['c']);
    expect(why({ any: ['c', pair] }, ...both).needs).toEqual(['c']);
    expect(
      why({ any: [{ all: ['a', 'b', 'c'] }, { all: ['d', 'e'] }] }, ...both, ['d', 'failed']).needs,
    ).toEqual(['d']);
    const many = { all: ['a', 'b', 'c'] };
    const few = { all: ['d', { any: [{ any: [{ any: ['e', 'f', 'g', 'h', 'i'] }] }] }] };
    const all = [...'abcdefghi'].map((id): [string, Health] => [id, 'failed']);
    expect(why({ any: [many, few] }, ...all).needs).toEqual(['d', 'e']);
    expect(why({ any: [few, many] }, ...all).needs).toEqual(['d', 'e']);
  });

  test('blame of not: the active source', () => {
    expect(why({ all: ['a', { not: 'b' }] })).toEqual({ blame: ['b'], needs: ['b'] });
  });

  test('blame of weight: no source that the others outweigh, in whatever order', () => {
    const of = [
      { source: 'a', weight: 1 },
      { source: 'b', weight: 2 },
      { source: 'c', weight: 5 },
    ];
    expect(why({ weight: { atLeast: 5, of } }, ['a', 'failed'], ['c', 'failed'])).toEqual({
      blame: ['c'],
      needs: ['c'],
    });
    expect(why({ weight: { atLeast: 3, of } }, ['c', 'failed'])).toEqual({ blame: ['a', 'b'], needs: ['a'] });
  });

  test('blame and release name a source in several places once', () => {
    const require = { any: [{ all: ['b', 'a'] }, { all: ['a', 'c'] }] };
    expect(why(require, ['b', 'failed'], ['a', 'failed'])).toEqual({ blame: ['a'], needs: ['a'] });
  });

  test('blame leaves a source out where it does not have the health of the gate', () => {
    // `s` and `t` make the `not` fail. In the other member `s` is active and not to blame.
    const require = { all: [{ all: ['s', 'y'] }, { not: { any: ['s', 't'] } }] };
    const returned: [string, Health][] = ['t', 's'].flatMap((id) => [
      [id, 'failed'],
      [id, 'active'],
    ]);
    expect(why(require, ['y', 'failed'], ...returned).blame).toEqual(['y']);
  });

  test('blame evaluates a group in several places once', () => {
    const groups: Record<string, GroupConfig> = { g0: { require: 'a', destinations: ['d'] } };
    for (let i = 1; i < 60; i += 1) {
      const below = { group: `g${i - 1}` };
      groups[`g${i}`] = { require: { all: [{ any: [below] }, { any: [below, 'b'] }] }, destinations: ['d'] };
    }
    const driver = drive(compile({ groups }));
    driver.snapshot({ a: 'failed' });
    expect(driver.status.groups.at(-1)?.blame.map(({ id }) => id)).toEqual(['a']);
  });

  test('blame of an unknown requirement: every unknown source', () => {
    expect(why({ all: ['a', 'b', 'c'] }, ['a', 'unknown'], ['c', 'unknown'])).toEqual({
      blame: ['a', 'c'],
      needs: ['a', 'c'],
    });
  });

  test('blame follows a chain of groups to the source, or to the group that a delay holds', () => {
    const policy = compile({
      groups: {
        low: { require: 'a', destinations: ['x'], upDelayMs: 1_000 },
        top: { require: { group: 'low' }, destinations: ['y'] },
      },
    });
    const driver = drive(policy);
    driver.snapshot({ a: 'failed' });
    expect(driver.status.groups[1]?.blame).toMatchObject([{ kind: 'source', id: 'a', reason: 'failed' }]);
    driver.wait(5);
    driver.source('a', 'active');
    expect(driver.status.groups[1]?.blame).toEqual([
      { kind: 'group', id: 'low', health: 'failed', reason: 'coming-up', since: 5 },
    ]);
    expect(explain(policy, driver.state).groups[1]?.release.needs).toEqual(['low']);
  });
});

describe('finer points', () => {
  test('release of an unknown requirement names only unknown sources', () => {
    expect(why({ any: ['a', 'b'] }, ['a', 'failed'], ['b', 'unknown'])).toEqual({
      blame: ['b'],
      needs: ['b'],
    });
  });

  test('release of an active group names unknown members, too', () => {
    expect(why({ any: ['a', 'b'] }, ['b', 'unknown'])).toEqual({ blame: ['a'], needs: ['a', 'b'] });
  });

  test('release names no source twice', () => {
    const require = { all: [{ any: ['a', 'b'] }, { any: ['a', 'c'] }] };
    expect(why(require, ['b', 'failed'], ['c', 'failed'])).toEqual({ blame: ['a'], needs: ['a'] });
  });

  test('blame leaves a small weight out if the others are enough', () => {
    const of = [
      { source: 'a', weight: 1 },
      { source: 'b', weight: 2 },
      { source: 'c', weight: 4 },
    ];
    expect(why({ weight: { atLeast: 4, of } }, ['a', 'failed'], ['c', 'failed']).blame).toEqual(['c']);
  });

  const policy = compile({
    groups: {
      a: { require: 'em2', destinations: ['d'], upDelayMs: 500, downDelayMs: 300 },
      b: { require: { any: ['em0', 'em1'] }, destinations: ['d'] },
    },
  });

  test('delays of groups that do not have to change do not count in `earliest`', () => {
    const driver = drive(policy);
    driver.snapshot({ em0: 'active', em1: 'active', em2: 'active' });
    const release = (): unknown => explain(policy, driver.state).groups[0]?.release;
    expect(release()).toEqual({ needs: ['em2'], at: null, earliest: 300, alternatives: [] });
    driver.source('em2', 'failed');
    driver.wait(100);
    expect(release()).toEqual({ needs: ['em2'], at: 300, earliest: 100, alternatives: [] });
    driver.wait(200);
    expect(release()).toEqual({ needs: ['em2'], at: null, earliest: 800, alternatives: [] });
    driver.feed({ type: 'pause', group: 'a', until: 5_000 });
    expect(release()).toEqual({ needs: [], at: 5_000, earliest: 5_000, alternatives: [] });
  });

  test('a destination without opinions, and one whose holders let go at different times', () => {
    const driver = drive(policy);
    const destination = (): unknown => {
      const [found] = explain(policy, driver.state).destinations;
      return found?.release;
    };
    expect(destination()).toEqual({ needs: [], at: null, earliest: null, alternatives: [] });
    driver.snapshot({ em0: 'active', em1: 'active', em2: 'active' });
    expect(destination()).toMatchObject({ needs: ['em2'] });
    driver.snapshot({});
    driver.wait(300);
    driver.source('em2', 'active');
    expect(destination()).toEqual({ needs: ['em0'], at: null, earliest: 800, alternatives: [] });
  });

  test('a destination of several groups has sentences with its groups', () => {
    const driver = drive(policy, 1_000);
    driver.snapshot({ em0: 'active', em1: 'active', em2: 'active' });
    const sentence = (state = driver.state): string | undefined =>
      explain(policy, state).destinations[0]?.sentence;
    expect(sentence()).toBe(
      'd is up; a and b want it up. It goes down when em0 and em1 fail, or 300 ms after em2 fails.',
    );
    driver.refuse('d', 'EBUSY');
    driver.snapshot({});
    driver.wait(300);
    expect(sentence()).toMatch(/ Setting it failed \(EBUSY\); the next attempt is in \d+ ms\.$/);
    driver.refuse('d', null);
    driver.wait(10_000);
    expect(sentence()).toBe(
      'd is down because em2 failed (missing); a and b hold it down. It comes up 500 ms after em2 and em0 are active again.',
    );
    driver.source('em2', 'active');
    driver.source('em0', 'active');
    driver.wait(400);
    const flying = step(policy, driver.state, { type: 'tick' }, driver.now + 100);
    expect(sentence(flying.state)).toMatch(/ It is being set up\.$/);
  });

  test('times in sentences have fitting units', () => {
    const driver = one();
    const plain = compile({ groups: { g: { require: 'em0', destinations: ['carp0'] } } });
    driver.snapshot({ em0: 'failed' });
    const sentence = (): string | undefined => explain(plain, driver.state).groups[0]?.sentence;
    expect(sentence()).toBe(
      'g has been down for 0 ms because em0 failed. It comes up when em0 is active again.',
    );
    driver.wait(119_999);
    expect(sentence()).toContain(' for 120 s because');
    driver.wait(1);
    expect(sentence()).toContain(' for 2 min because');
  });
});

test('explaining a group does not evaluate other groups that share its sources', () => {
  const policy = compile({ groups: { one: { require: { any: ['a', 'b'] }, destinations: ['d'] } } });
  const sources = ['a', 'b'].map((id) => ({ id, health: 'active' as const, reason: 'carrier' }));
  const destinations = [{ id: 'd', is: 'up' as const }];
  const readings = { type: 'sources', complete: true, sources, destinations } as const;
  const { state } = step(policy, start(policy, 0).state, readings, 1);
  const readers = new Proxy([], {
    get() {
      throw new Error('the readers of a source were looked at');
    },
  });
  const { groups } = explain({ ...policy, readers } as typeof policy, state, { only: new Set() });
  expect(groups).toEqual([]);
});
