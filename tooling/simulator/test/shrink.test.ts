import { random } from '@ifdepd/faults';
import { expect, test } from 'vitest';
import { operations } from '../src/generate.ts';
import type { Operation } from '../src/operation.ts';
import { shrink, testOf } from '../src/shrink.ts';

/** The first operations of a seed. */
function some(count: number): readonly Operation[] {
  const all = operations(random(7));
  return Array.from({ length: count }, () => all.next().value);
}

test('shrink finds the two operations of 60 that fail together, and keeps the time between them', async () => {
  const all = some(60);
  const [first, second] = [all[20], all[45]];
  const has = (list: readonly Operation[], one: Operation | undefined) =>
    list.some(({ afterMs: _, ...body }) => {
      const { afterMs: __, ...wanted } = one as Operation;
      return JSON.stringify(body) === JSON.stringify(wanted);
    });
  const least = await shrink(all, (list) => Promise.resolve(has(list, first) && has(list, second)));
  const sumMs = (list: readonly Operation[]) => list.reduce((sum, { afterMs }) => sum + afterMs, 0);
  expect(least).toHaveLength(2);
  expect(has(least, first) && has(least, second)).toBe(true);
  expect(sumMs(least)).toBeLessThanOrEqual(sumMs(all));
});

test('shrink prints the operations as a test', () => {
  const text = testOf([{ afterMs: 3, do: 'cable', name: 'wan0', to: 'down' }], "vrrp0 is up\nat 'x'");
  expect(text).toBe(`test('vrrp0 is up', async () => {
  const { violation } = await play([
    {"afterMs":3,"do":"cable","name":"wan0","to":"down"},
  ]);
  expect(violation).toBeNull();
});
`);
});
