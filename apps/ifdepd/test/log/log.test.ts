import { expect, test } from 'vitest';
import { filtered, type Log, type LogEntry, printable } from '../../src/log/index.ts';

function memory(): Log & { entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  return { entries, write: (entry) => void entries.push(entry), close: () => Promise.resolve() };
}

const lines: readonly LogEntry[] = [
  { event: 'source', level: 'info', message: 'em0' },
  { event: 'action', level: 'notice', message: 'carp0' },
  { event: 'action-failed', level: 'err', message: 'carp1' },
];

test.each([
  ['verbose', ['em0', 'carp0', 'carp1']],
  ['normal', ['carp0', 'carp1']],
  ['quiet', []],
] as const)('%s tells %j', (verbosity, expected) => {
  const log = memory();
  const filter = filtered(log, verbosity);
  for (const line of lines) {
    filter.write(line);
  }
  expect(log.entries.map(({ message }) => message)).toEqual(expected);
});

test('nothing that a terminal would obey gets through', () => {
  expect(printable('em0\u001b[2J\r\n\u0007')).toBe('em0\\x1b[2J\\x0d\\x0a\\x07');
  expect(printable('a\u202eb\u2028c')).toBe('a\\u{202e}b\\u{2028}c');
  expect(printable('\u009b31m')).toBe('\\x9b31m');
  expect(printable('été: active -> failed')).toBe('été: active -> failed');
});

test('a line has an end', () => {
  expect(printable('x'.repeat(5000))).toHaveLength(1000);
  expect(printable('x'.repeat(1000))).toBe('x'.repeat(1000));
});
