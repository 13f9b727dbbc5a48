import type { SourceReading } from '@ifdepd/policy';
import { beforeEach, expect, test } from 'vitest';
import type { LogEntry } from '../../src/log/index.ts';
import { type Report, report } from '../../src/report/report.ts';

let lines: string[];
let subject: Report;

beforeEach(() => {
  lines = [];
  const write = ({ level, message, quiet }: LogEntry) =>
    void lines.push(`${quiet === true ? 'quiet' : level}: ${message}`);
  subject = report({ write, close: () => Promise.resolve() });
});

/** The policy is fed with readings, and nothing follows. */
function feed(...sources: readonly SourceReading[]): readonly string[] {
  const event = { type: 'sources', complete: true, sources } as const;
  subject.decision({ event, transitions: [], outcomes: [], began: 0, ended: 0, unfinished: false });
  subject.flush();
  return lines.splice(0);
}

const em0: SourceReading = { id: 'em0', health: 'failed', reason: 'no carrier' };
const check: SourceReading = { id: 'check:c', health: 'failed', reason: 'ping exited 1' };
const em1: SourceReading = { id: 'em1', health: 'active', reason: 'up' };

test('the first readings: -v says why each source has failed, and nothing of an active one', () => {
  expect(feed(em0, check, em1)).toEqual([
    'info: em0: failed (no carrier)',
    'info: check c failed: ping exited 1',
    'quiet: em1: active',
  ]);
});

test('readings that say the same again: no line', () => {
  feed(em0, em1);
  expect(feed(em0, em1)).toEqual([]);
});

test('other rules: -v says again why each source has failed, and nothing of an active one', () => {
  feed(em0, em1);
  subject.restate();
  expect(feed(em0, em1)).toEqual(['info: em0: failed (no carrier)']);
});
