import { linkRecord } from '@ifdepd/linkwatch/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { type CarrierCounts, carrierCounts } from '../../../src/linux/early-loss/carrier-counts.ts';

/** What the kernel counts, what its messages have reported, and the files that are open. */
let counted: Map<string, number>;
let reported: Map<string, { index: number; changes: number | null }>;
let open: Set<symbol>;
let opens: number;
/** The interfaces whose counters were read, in order. */
let reads: string[];
/** Interfaces whose files are another network namespace's. */
let foreign: Set<string>;
let counts: CarrierCounts;

beforeEach(() => {
  counted = new Map([['em0', 3]]);
  reported = new Map([['em0', { index: 2, changes: 3 }]]);
  open = new Set();
  opens = 0;
  reads = [];
  foreign = new Set();
  counts = carrierCounts({
    link: (source) => {
      const link = reported.get(source);
      return link === undefined
        ? undefined
        : linkRecord({
            index: link.index,
            name: source,
            carrierUpCount: link.changes === null ? null : 1,
            carrierDownCount: link.changes === null ? null : link.changes - 1,
          });
    },
    open: (name) => {
      opens += 1;
      if (!counted.has(name) || foreign.has(name)) {
        return null;
      }
      const handle = Symbol(name);
      const { index } = reported.get(name) ?? { index: 0 };
      open.add(handle);
      return {
        read: () => {
          reads.push(name);
          return reported.get(name)?.index === index ? (counted.get(name) ?? -1) : -1;
        },
        [Symbol.dispose]: () => open.delete(handle),
      };
    },
  });
});

test('a source that is not followed: its carrier may have moved', () => {
  expect(counts.moved('em0')).toBe(true);
});

test('a carrier changes: it has moved at the next look, and not at the one after', () => {
  counts.follow(['em0']);
  expect([counts.moved('em0'), counts.moved('em0')]).toEqual([false, false]);
  counted.set('em0', 4);
  expect([counts.moved('em0'), counts.moved('em0')]).toEqual([true, false]);
});

test('a carrier moves: it is not still until that is noted', () => {
  counts.follow(['em0']);
  expect([counts.isStill('em0'), counts.isStill('em0')]).toEqual([true, true]);
  counted.set('em0', 4);
  expect([counts.isStill('em0'), counts.isStill('em0'), counts.moved('em0'), counts.isStill('em0')]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('a source has no counter: it is never still, and the others are', () => {
  counts.follow(['em0', 'em1']);
  expect([counts.isStill('em0'), counts.isStill('em1')]).toEqual([true, false]);
  // Differs from the messages: closed.
  reported.set('em1', { index: 3, changes: 7 });
  counted.set('em1', 8);
  counts.follow(['em0', 'em1']);
  expect([counts.isStill('em0'), counts.isStill('em1')]).toEqual([true, false]);
});

test('a followed interface is deleted: its carrier is not still', () => {
  counts.follow(['em0']);
  reported.delete('em0');
  expect(counts.isStill('em0')).toBe(false);
});

test('100 sources of which one has had a message: no counter but its own is read again', () => {
  const names = Array.from({ length: 100 }, (_, number) => `eth${number}`);
  for (const [number, name] of names.entries()) {
    counted.set(name, 3);
    reported.set(name, { index: 100 + number, changes: 3 });
  }
  counts.follow(names);
  counts.followMore();
  reads.length = 0;
  counted.set('eth7', 4);
  reported.set('eth7', { index: 107, changes: 4 });
  counts.follow(names);
  expect(reads).toEqual(['eth7']);
});

test('a change that the messages have reported counts as seen, one that they have not as a move', () => {
  counts.follow(['em0']);
  counted.set('em0', 5);
  reported.set('em0', { index: 2, changes: 5 });
  counts.follow(['em0']);
  expect(counts.moved('em0')).toBe(false);
  counted.set('em0', 7);
  reported.set('em0', { index: 2, changes: 6 });
  counts.follow(['em0']);
  expect(counts.moved('em0')).toBe(true);
});

describe('a counter that cannot be believed', () => {
  test('a counter that differs from the messages is compared again after the next message', () => {
    counted.set('em0', 4);
    counts.follow(['em0']);
    expect([counts.moved('em0'), counts.moved('em0'), open.size]).toEqual([true, true, 0]);
    reported.set('em0', { index: 2, changes: 4 });
    counts.follow(['em0']);
    expect([counts.moved('em0'), open.size]).toEqual([false, 1]);
  });

  test('a counter that falls behind the messages belongs to another namespace and is not read again', () => {
    counts.follow(['em0']);
    reported.set('em0', { index: 2, changes: 4 });
    counts.follow(['em0']);
    reported.set('em0', { index: 2, changes: 3 });
    counts.follow(['em0']);
    expect([counts.moved('em0'), open.size, opens]).toEqual([true, 0, 1]);
  });

  test('a counter that cannot be opened is tried once for each interface', () => {
    foreign.add('em0');
    counts.follow(['em0']);
    counts.follow(['em0']);
    expect([counts.moved('em0'), opens]).toEqual([true, 1]);
    foreign.delete('em0');
    reported.set('em0', { index: 9, changes: 3 });
    counts.follow(['em0']);
    expect([counts.moved('em0'), opens]).toEqual([false, 2]);
  });

  test('messages without counts: no counter is opened', () => {
    reported.set('em0', { index: 2, changes: null });
    counts.follow(['em0']);
    expect([counts.moved('em0'), opens]).toEqual([true, 0]);
  });
});

test('an interface is deleted and made again: its carrier may have moved, and a new counter is opened', () => {
  counts.follow(['em0']);
  reported.delete('em0');
  expect(counts.moved('em0')).toBe(true);
  counts.follow(['em0']);
  expect(open.size).toBe(0);
  reported.set('em0', { index: 5, changes: 1 });
  counted.set('em0', 1);
  counts.follow(['em0']);
  expect([counts.moved('em0'), open.size]).toEqual([false, 1]);
});

test('the index of a source changes between two looks: a new counter is opened', () => {
  counts.follow(['em0']);
  reported.set('em0', { index: 5, changes: 3 });
  counts.follow(['em0']);
  expect([counts.moved('em0'), open.size, opens]).toEqual([false, 1, 2]);
});

test('sources are dropped: their files are closed, and the others on disposal', () => {
  counted.set('bge0', 0);
  reported.set('bge0', { index: 3, changes: 0 });
  counts.follow(['em0', 'bge0']);
  expect(open.size).toBe(2);
  counts.follow(['bge0']);
  expect(open.size).toBe(1);
  counts[Symbol.dispose]();
  expect(open.size).toBe(0);
});

test('a watched source is not followed for a while: its file stays open, is not read, and is not opened again', () => {
  counted.set('bge0', 0);
  reported.set('bge0', { index: 3, changes: 0 });
  const watched = ['em0', 'bge0'];
  counts.follow(watched, watched);
  counts.follow(['bge0'], watched);
  counted.set('em0', 5);
  expect([open.size, counts.size, counts.isStill('bge0')]).toEqual([2, 1, true]);
  reported.set('em0', { index: 2, changes: 5 });
  counts.follow(watched, watched);
  expect([opens, counts.size, counts.moved('em0')]).toEqual([2, 2, false]);
});

test('an interface is made again while its source is not followed: a new counter is opened, and the former file is closed', () => {
  counts.follow(['em0']);
  counts.follow([], ['em0']);
  expect(open.size).toBe(1);
  reported.set('em0', { index: 5, changes: 3 });
  counts.follow(['em0']);
  expect([counts.moved('em0'), open.size, opens]).toEqual([false, 1, 2]);
});

test('a source that is not followed is no longer watched: its file is closed, and on disposal too', () => {
  counts.follow(['em0']);
  counts.follow([], ['em0']);
  counts.follow([]);
  expect(open.size).toBe(0);
  counts.follow(['em0']);
  counts.follow([], ['em0']);
  counts[Symbol.dispose]();
  expect(open.size).toBe(0);
});

test('more sources than counters that one look may open: the others are opened at the next looks, and have not moved until then', () => {
  const names = Array.from({ length: 120 }, (_, number) => `eth${number}`);
  for (const [number, name] of names.entries()) {
    counted.set(name, 3);
    reported.set(name, { index: 100 + number, changes: 3 });
  }
  counts.follow(names);
  expect([open.size, counts.isStill('eth119'), counts.moved('eth119')]).toEqual([50, false, false]);
  counts.followMore();
  expect([open.size, counts.isStill('eth119')]).toEqual([100, false]);
  counts.followMore();
  expect([open.size, opens, counts.isStill('eth119')]).toEqual([120, 120, true]);
  counted.set('eth119', 4);
  expect([counts.isStill('eth119'), counts.moved('eth119')]).toEqual([false, true]);
  counts.follow(names);
  expect([opens, counts.isStill('eth119')]).toEqual([120, false]);
});
