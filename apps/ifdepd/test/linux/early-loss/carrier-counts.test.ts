import { linkRecord } from '@ifdepd/linkwatch/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { type CarrierCounts, carrierCounts } from '../../../src/linux/early-loss/carrier-counts.ts';

/** What the kernel counts, what its messages have told, and the files that are open. */
let counted: Map<string, number>;
let told: Map<string, { index: number; changes: number | null }>;
let open: Set<symbol>;
let opens: number;
/** Interfaces whose files are another network namespace's. */
let foreign: Set<string>;
let counts: CarrierCounts;

beforeEach(() => {
  counted = new Map([['em0', 3]]);
  told = new Map([['em0', { index: 2, changes: 3 }]]);
  open = new Set();
  opens = 0;
  foreign = new Set();
  counts = carrierCounts({
    link: (source) => {
      const link = told.get(source);
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
      const { index } = told.get(name) ?? { index: 0 };
      open.add(handle);
      return {
        read: () => (told.get(name)?.index === index ? (counted.get(name) ?? -1) : -1),
        [Symbol.dispose]: () => open.delete(handle),
      };
    },
  });
});

test('what nobody follows may have moved', () => {
  expect(counts.moved('em0')).toBe(true);
});

test('a carrier has moved once for each change', () => {
  counts.follow(['em0']);
  expect([counts.moved('em0'), counts.moved('em0')]).toEqual([false, false]);
  counted.set('em0', 4);
  expect([counts.moved('em0'), counts.moved('em0')]).toEqual([true, false]);
});

test('all are still until one has moved, and again when that was noted', () => {
  counts.follow(['em0']);
  expect([counts.still(), counts.still()]).toEqual([true, true]);
  counted.set('em0', 4);
  expect([counts.still(), counts.still(), counts.moved('em0'), counts.still()]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('nothing is still where one of them has no counter', () => {
  counts.follow(['em0']);
  expect(counts.still()).toBe(true);
  counts.follow(['em0', 'em1']);
  expect(counts.still()).toBe(false);
  counts.follow(['em0']);
  expect(counts.still()).toBe(true);
  // Differs from the messages: closed.
  told.set('em1', { index: 3, changes: 7 });
  counted.set('em1', 8);
  counts.follow(['em0', 'em1']);
  expect(counts.still()).toBe(false);
});

test('an interface that is deleted is not still', () => {
  counts.follow(['em0']);
  told.delete('em0');
  expect(counts.still()).toBe(false);
});

test('what the kernel has told is not looked for again, what it has yet to tell is', () => {
  counts.follow(['em0']);
  counted.set('em0', 5);
  told.set('em0', { index: 2, changes: 5 });
  counts.follow(['em0']);
  expect(counts.moved('em0')).toBe(false);
  counted.set('em0', 7);
  told.set('em0', { index: 2, changes: 6 });
  counts.follow(['em0']);
  expect(counts.moved('em0')).toBe(true);
});

describe('a counter that cannot be believed', () => {
  test('differs from the messages: it is compared again after the next one', () => {
    counted.set('em0', 4);
    counts.follow(['em0']);
    expect([counts.moved('em0'), counts.moved('em0'), open.size]).toEqual([true, true, 0]);
    told.set('em0', { index: 2, changes: 4 });
    counts.follow(['em0']);
    expect([counts.moved('em0'), open.size]).toEqual([false, 1]);
  });

  test('stands still while the messages go on: it is another namespace’s, and never looked at again', () => {
    counts.follow(['em0']);
    told.set('em0', { index: 2, changes: 4 });
    counts.follow(['em0']);
    told.set('em0', { index: 2, changes: 3 });
    counts.follow(['em0']);
    expect([counts.moved('em0'), open.size, opens]).toEqual([true, 0, 1]);
  });

  test('cannot be opened: it is tried once for each interface', () => {
    foreign.add('em0');
    counts.follow(['em0']);
    counts.follow(['em0']);
    expect([counts.moved('em0'), opens]).toEqual([true, 1]);
    foreign.delete('em0');
    told.set('em0', { index: 9, changes: 3 });
    counts.follow(['em0']);
    expect([counts.moved('em0'), opens]).toEqual([false, 2]);
  });

  test('is not tried where the messages of the kernel do not count', () => {
    told.set('em0', { index: 2, changes: null });
    counts.follow(['em0']);
    expect([counts.moved('em0'), opens]).toEqual([true, 0]);
  });
});

test('an interface that is gone may have moved; one that is made again has a counter of its own', () => {
  counts.follow(['em0']);
  told.delete('em0');
  expect(counts.moved('em0')).toBe(true);
  counts.follow(['em0']);
  expect(open.size).toBe(0);
  told.set('em0', { index: 5, changes: 1 });
  counted.set('em0', 1);
  counts.follow(['em0']);
  expect([counts.moved('em0'), open.size]).toEqual([false, 1]);
});

test('an index that changes between two looks', () => {
  counts.follow(['em0']);
  told.set('em0', { index: 5, changes: 3 });
  counts.follow(['em0']);
  expect([counts.moved('em0'), open.size, opens]).toEqual([false, 1, 2]);
});

test('files are closed with the sources that are no more, and all of them in the end', () => {
  counted.set('bge0', 0);
  told.set('bge0', { index: 3, changes: 0 });
  counts.follow(['em0', 'bge0']);
  expect(open.size).toBe(2);
  counts.follow(['bge0']);
  expect(open.size).toBe(1);
  counts[Symbol.dispose]();
  expect(open.size).toBe(0);
});
