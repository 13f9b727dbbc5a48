import { expect, test } from 'vitest';
import type { Death, LabSource } from '../src/death.ts';
import { table, tooLate } from '../src/report.ts';
import type { LabReport } from '../src/run-lab.ts';

const death: Death = { number: 2, name: 'far end dead', make: () => Promise.reject(new Error('not made')) };
const ping: LabSource = { name: 'ping', require: { probe: {} }, everyMs: 1000, within: 3 };
const link: LabSource = { name: 'interface', require: 'eth0', everyMs: null, within: 0 };

const report = (source: LabSource, ...noticedMs: readonly number[]): LabReport => ({
  rows: [{ death, source, noticedMs }],
  falseAlarms: [],
  quietMs: 1000,
  share: 0,
});

test('the table has the longest time in intervals of the probe, and none for what the kernel reports', () => {
  expect(table(report(ping, 2000, 3000, 2500))).toContain(
    '| 2 | far end dead | ping | 1000 ms | 2500 ms | 3000 ms | 3.0 | 3 |',
  );
  expect(table(report(link, 2))).toContain('| 2 | far end dead | interface | reported | 2 ms | 2 ms |  |  |');
});

test('a source that took longer than its intervals, or noticed nothing, is too late', () => {
  expect(tooLate(report(ping, 3050))).toEqual([]);
  expect(tooLate(report(ping, 2000, 3150))).toHaveLength(1);
  expect(tooLate(report(ping, Number.NaN))).toHaveLength(1);
  expect(tooLate(report(link, 5000))).toEqual([]);
});
