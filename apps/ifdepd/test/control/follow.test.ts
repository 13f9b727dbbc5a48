import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { followers } from '../../src/control/follow.ts';
import { heldTurns } from '../support/held-turns.ts';
import { openResponse } from '../support/open-response.ts';

const KIBIBYTE_LINE = `${'x'.repeat(1023)}\n`;

test('clients that do not read are disconnected one after another, each in its own turn', async () => {
  await using one = await openResponse();
  await using other = await openResponse();
  await using third = await openResponse();
  const responses = [one, other, third].map(({ response }) => response);
  const reports: string[] = [];
  const held = heldTurns();
  const follow = followers((message) => reports.push(message), held.turn);
  const writers = new Set<(line: string) => void>();
  for (const response of responses) {
    const stream = (write: (line: string) => void) => {
      writers.add(write);
      return { [Symbol.dispose]: () => void writers.delete(write) };
    };
    expect(follow({ lines: [], follow: stream }, response)).toBe(true);
  }
  const gone = () => responses.filter(({ destroyed }) => destroyed).length;
  // Nobody is given a turn to be written to: all of it waits.
  for (let kibibyte = 0; kibibyte <= 256; kibibyte += 1) {
    expect([kibibyte, writers.size]).toEqual([kibibyte, 3]);
    for (const write of [...writers]) {
      write(KIBIBYTE_LINE);
    }
  }
  // They get no more lines, and have three turns each to be written to and to be disconnected.
  expect([writers.size, held.waiting, gone(), reports.length]).toEqual([0, 6, 0, 0]);
  for (let turn = 0; turn < 3; turn += 1) {
    held.give();
  }
  for (let turn = 1; turn <= 3; turn += 1) {
    held.give();
    await until(`${turn} to be disconnected`, () => reports.length === turn);
    expect(gone()).toBe(turn);
  }
  expect(reports[0]).toMatch(/disconnected a slow events client \(263168 bytes unsent\)$/);
});
