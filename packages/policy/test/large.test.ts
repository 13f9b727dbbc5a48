import { expect, test } from 'vitest';
import { group, issues, requirement } from './support/issues.ts';

/** This many groups, each with a requirement by its number. */
const groups = (count: number, require: (number: number) => unknown): unknown => ({
  groups: Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`g${i}`, { require: require(i), destinations: [`d${i}`] }]),
  ),
});

test('a configuration with many mistakes is refused with the first hundred issues', () => {
  expect(issues(groups(20_000, () => 1))).toHaveLength(100);
  expect(issues(groups(20_000, (i) => ({ group: `h${i}` })))).toHaveLength(100);
  expect(issues(groups(20_000, (i) => ({ group: `g${i ^ 1}` })))).toHaveLength(100);
  expect(requirement({ all: Array(200_000).fill('a') })).toHaveLength(100);
});

test('a loop through 20,000 groups is reported in a bounded number of short messages', () => {
  const all = groups(20_000, (i) => ({ all: [{ group: `g${(i + 1) % 20_000}` }, { group: 'g0' }] }));
  const found = issues(all);
  expect(found.length).toBeLessThanOrEqual(100);
  expect(Math.max(...found.map(({ length }) => length))).toBeLessThan(400);
});

test('a mistake 100,000 levels deep in an expression is reported with its path', () => {
  let deep: unknown = 7;
  for (let level = 0; level < 100_000; level += 1) deep = { not: deep };
  const [issue, ...others] = requirement(deep);
  expect(others).toEqual([]);
  expect(issue).toMatch(/^bad-type groups\.g\.require\.not\.not\./);
});

test('a long text is cut short in a message', () => {
  expect(group({ enforce: 'x'.repeat(1_000_000) })[0]?.length).toBeLessThan(200);
});

test('a long chain is no loop', () => {
  const chain = Array.from({ length: 5_000 }, (_, i) => [
    `g${i}`,
    { require: i === 0 ? 'a' : { group: `g${i - 1}` }, destinations: ['d'] },
  ]);
  expect(issues({ groups: Object.fromEntries(chain.reverse()) })).toEqual([]);
});
