import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { DestinationDriver, Weighed } from '../../../src/engine/destinations/driver.ts';
import { wantedNumber, weightDestination } from '../../../src/engine/destinations/weight.ts';

let path: string;
let driver: DestinationDriver;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-number-'));
  path = join(folder, 'track');
  driver = weightDestination(path);
  return () => rmSync(folder, { recursive: true });
});

const group = (facts: Partial<Weighed>): Weighed => ({
  phase: 'up',
  requirement: 'active',
  weight: 5,
  ...facts,
});

test('a file with a weight is up or down while it holds the number that was written, and unknown with another', () => {
  writeFileSync(path, '5\n');
  expect(driver.read()).toBe('unknown');
  driver.weigh?.(group({}));
  expect([driver.set('up'), driver.read()]).toEqual([{ changed: false, is: 'up' }, 'up']);
  expect([driver.set('down'), driver.read()]).toEqual([{ changed: true, is: 'down' }, 'down']);
  expect([driver.number?.(), readFileSync(path, 'utf8')]).toEqual([0, '0\n']);
  writeFileSync(path, '5\n');
  expect(driver.read()).toBe('unknown');
});

test('a file has to be written when its number or its side is another, and is announced only where its text changes', () => {
  const announced: unknown[] = [];
  expect(driver.weigh?.(group({}))).toBe(true);
  driver.set('up', () => announced.push(driver.number?.() ?? null));
  expect(driver.weigh?.(group({}))).toBe(false);
  expect(driver.weigh?.(group({ weight: 4 }))).toBe(true);
  expect(driver.weigh?.(group({ phase: 'down', requirement: 'failed' }))).toBe(true);
  driver.set('down', () => announced.push(driver.number?.() ?? null));
  expect([driver.read(), driver.number?.(), announced]).toEqual(['down', 5, [null]]);
});

test('a group that waits to come up: another program that writes less does not lower the number', () => {
  driver.weigh?.(group({}));
  driver.set('up');
  writeFileSync(path, '1\n');
  expect(driver.weigh?.(group({ phase: 'coming-up', weight: 4 }))).toBe(true);
  driver.set('down');
  expect(driver.number?.()).toBe(4);
});

test('without a group that is asked, up keeps the number of the file, and down is 0', () => {
  writeFileSync(path, '7');
  driver.set('up');
  expect(driver.number?.()).toBe(7);
  driver.set('down');
  expect(driver.number?.()).toBe(0);
});

test.each(['', 'five', '-5', '5.5', '1'.repeat(16)])('a file with "%s" holds no number', (text) => {
  writeFileSync(path, text);
  expect([driver.number?.(), driver.note?.()]).toEqual([
    null,
    'holds no number: it is written when the group has an opinion',
  ]);
});

test.each<[string, Partial<Weighed>, number, ReturnType<typeof wantedNumber>]>([
  ['a drained group: 0', { phase: 'drained' }, 9, { number: 0, side: 'down' }],
  ['a paused group: as it is', { phase: 'paused' }, 9, null],
  ['a group that starts: as it is', { phase: 'starting' }, 9, null],
  ['not enough is known: as it is', { requirement: 'unknown' }, 9, null],
  ['up: its weight', { phase: 'up' }, 1, { number: 5, side: 'up' }],
  [
    'about to go down: its weight',
    { phase: 'going-down', requirement: 'failed' },
    9,
    { number: 5, side: 'up' },
  ],
  ['down: its weight', { phase: 'down', requirement: 'failed' }, 1, { number: 5, side: 'down' }],
  ['waits to come up: no more than it holds', { phase: 'coming-up' }, 1, { number: 1, side: 'down' }],
  ['waits to come up with less: that', { phase: 'coming-up' }, 9, { number: 5, side: 'down' }],
])('the number of %s', (_what, facts, held, wanted) => {
  expect(wantedNumber(group(facts), held)).toEqual(wanted);
});
