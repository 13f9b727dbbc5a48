import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the manual page lists each event of the log, and no other', () => {
  const [, union = ''] = /export type LogEvent =([^;]+);/.exec(file('src/log/log.ts')) ?? [];
  const events = [...union.matchAll(/'([\w-]+)'/g)].map(([, name]) => name);
  const [, list = ''] =
    /and further keys for each\n.Li event :\n(.+?)\n\.El\n/s.exec(file('man/ifdepd.8')) ?? [];
  const listed = [...list.matchAll(/^\.It Li (.+)$/gm)].flatMap(([, names = '']) => names.split(' , '));
  expect(events.length).toBeGreaterThan(10);
  expect(listed.flatMap((names) => names.split(', ')).sort()).toEqual(events.sort());
});
