import { expect, test } from 'vitest';
import { entryLines } from '../../src/control/entry-lines.ts';
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

test('lines are made when they are asked for', () => {
  const made: string[] = [];
  const lines = entryLines(entries(made, 'a', 'b', 'c'))[Symbol.iterator]();
  expect(made).toEqual([]);
  expect(lines.next().value).toBe(
    '{"time":"2026-01-31T12:00:00.000Z","level":"info","event":"notice","msg":"a"}\n',
  );
  expect(made).toEqual(['a']);
});
