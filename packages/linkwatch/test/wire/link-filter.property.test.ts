import { runFilter } from '@ifdepd/netlink/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkFilter } from '../../src/wire/link-filter.ts';
import { filterCase, scope, shouldPass } from '../support/filter-cases.ts';

test('the link filter accepts the messages of its scope only', () => {
  let [passed, dropped] = [0, 0];
  fc.assert(
    fc.property(scope, filterCase, (within, one) => {
      const kept = runFilter(linkFilter(within) ?? [], one.bytes);
      const passes = shouldPass(within, one);
      expect(kept).toBe(passes ? 0xffff_ffff : 0);
      passed += passes ? 1 : 0;
      dropped += passes ? 0 : 1;
    }),
    { numRuns: 5000 },
  );
  expect(Math.min(passed, dropped)).toBeGreaterThan(500);
});

test('the link filter ends for any bytes', () => {
  fc.assert(
    fc.property(scope, fc.uint8Array({ maxLength: 100 }), (within, bytes) => {
      expect([0, 0xffff_ffff]).toContain(runFilter(linkFilter(within) ?? [], bytes));
    }),
  );
});

test('the link filter has room for hundreds of names, and there is no program for more', () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, at) => `interface-${at}`.padEnd(15, 'x'));
  const of = (count: number) =>
    linkFilter({
      names: names(count),
      loose: [],
      indices: Array.from({ length: count }, (_, at) => at + 1),
    });
  expect(of(350)?.length).toBeLessThanOrEqual(4096);
  expect(of(400)).toBeNull();
});

test('conditional jumps of the link filter fit in a byte, also for the longest name', () => {
  const program = linkFilter({ names: ['x'.repeat(127)], loose: ['x'], indices: [1] }) ?? [];
  expect(program.length).toBeGreaterThan(60);
  for (const { jt, jf } of program) {
    expect(Math.max(jt, jf)).toBeLessThanOrEqual(255);
  }
});
