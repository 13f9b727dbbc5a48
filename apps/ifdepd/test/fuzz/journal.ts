import assert from 'node:assert';
import { parseEntries } from '../../src/state/journal-entry.ts';
import { parseRecords } from '../../src/state/ledger-file.ts';

const BOOT = 'b';

const line = (fields: object) =>
  JSON.stringify({ time: '2026-01-31T12:00:00.000Z', level: 'notice', msg: 'm', ...fields });
const record = (fields: object) =>
  JSON.stringify({ boot: BOOT, id: 'carp0', was: 'up', last: 'down', at: 1, done: true, ...fields });

/** The journal and the ledger of a daemon that started, lowered, was defied, and stopped; and what none writes. */
export const seeds: readonly Uint8Array[] = [
  [
    line({ event: 'start', boot: BOOT, version: '1' }),
    line({ event: 'source', source: 'em0', from: 'active', to: 'failed', reason: 'no carrier' }),
    line({ event: 'action', destinations: ['carp0', 'carp1'], to: 'down', group: 'g', cause: 'rule' }),
    line({ event: 'foreign-change', destinations: ['carp0'], to: 'down', cause: 'enforce' }),
    line({ event: 'checkpoint', boot: BOOT }),
    line({ event: 'action', destinations: ['carp0'], to: 'up', cause: 'on-exit' }),
    '{"time":"torn',
  ].join('\n'),
  [
    record({ done: false }),
    record({ at: 2, undoValue: 100 }),
    record({ id: 'demote:carp', done: false, counter: 3, by: 240, at: 3 }),
    record({ was: null, at: 4 }),
    '{"boot":"b","id":"torn',
  ].join('\n'),
  [
    record({ boot: 'another' }),
    record({ was: 'sideways' }),
    record({ at: '1' }),
    record({ undoValue: null }),
  ].join('\n'),
].map((text) => new TextEncoder().encode(text));

/** Lines that are none are left out; a ledger is the same when it is written and read again. */
export function fuzz(input: Uint8Array): void {
  const text = new TextDecoder().decode(input);
  for (const { time, event, msg } of parseEntries(text)) {
    assert([time, event, msg].every((word) => typeof word === 'string'));
  }
  const records = parseRecords(text, BOOT);
  for (const { was, last } of records) {
    assert([null, 'up', 'down'].includes(was) && ['up', 'down'].includes(last));
  }
  const again = records.map((one) => JSON.stringify(one)).join('\n');
  assert.deepStrictEqual(parseRecords(again, BOOT), records);
}
