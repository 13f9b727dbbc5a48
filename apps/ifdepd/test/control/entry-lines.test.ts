import { expect, test } from 'vitest';
import { entryLines, sharedEntryLine } from '../../src/control/entry-lines.ts';
import type { JournalEntry } from '../../src/state/journal-entry.ts';

/** Entries that tell of each time that one is made a line. */
function entries(made: string[], ...messages: readonly string[]): readonly JournalEntry[] {
  return messages.map((message) => ({
    time: '2026-01-31T12:00:00.000Z',
    level: 'info',
    event: 'notice',
    get msg() {
      made.push(message);
      return message;
    },
  }));
}

test('the line of an entry is made once for all clients', () => {
  const made: string[] = [];
  const lineOf = sharedEntryLine();
  const lines = entries(made, 'a', 'b').flatMap((entry) => [lineOf(entry), lineOf(entry), lineOf(entry)]);
  expect(made).toEqual(['a', 'b']);
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
});

test('lines are made when they are asked for', () => {
  const made: string[] = [];
  const lines = entryLines(entries(made, 'a', 'b', 'c'))[Symbol.iterator]();
  expect(made).toEqual([]);
  expect(lines.next().value).toBe(
    '{"time":"2026-01-31T12:00:00.000Z","level":"info","event":"notice","msg":"a"}\n',
  );
  expect(made).toEqual(['a']);
});
