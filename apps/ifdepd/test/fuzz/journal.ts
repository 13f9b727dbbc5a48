import assert from 'node:assert';
import { ledgerOf, parseEntries } from '../../src/journal/journal-entry.ts';

const BOOT = 'b';

const line = (fields: object) =>
  JSON.stringify({ time: '2026-01-31T12:00:00.000Z', level: 'notice', msg: 'm', ...fields });

/** The journal of a daemon that started, lowered, was defied, turned its journal, and stopped; and what none writes. */
export const seeds: readonly Uint8Array[] = [
  [
    line({ event: 'start', boot: BOOT, ledger: { carp1: { was: 'up', last: 'down' } }, version: '1' }),
    line({ event: 'source', source: 'em0', from: 'active', to: 'failed', reason: 'no carrier' }),
    line({ event: 'action', destinations: ['carp0', 'carp1'], to: 'down', group: 'g', cause: 'rule' }),
    line({ event: 'foreign-change', destinations: ['carp0'], to: 'down', cause: 'enforce' }),
    line({ event: 'checkpoint', boot: BOOT, ledger: { carp0: { was: 'up', last: 'down' } } }),
    line({ event: 'action', destinations: ['carp0'], to: 'up', cause: 'on-exit' }),
    '{"time":"torn',
  ].join('\n'),
  line({ event: 'start', boot: 'another', ledger: {} }),
  [
    line({ event: 'start', boot: BOOT, ledger: { carp0: { was: 'up' }, carp1: null } }),
    line({ event: 'action', destinations: 1, to: 'down' }),
    line({ event: 'action', destinations: [1], to: 'down', cause: 'on-exit' }),
  ].join('\n'),
].map((text) => new TextEncoder().encode(text));

/** What a journal says was changed. Lines that are none are left out; a ledger is the same when it is written and read. */
export function fuzz(input: Uint8Array): void {
  const entries = parseEntries(new TextDecoder().decode(input));
  const ledger = ledgerOf(entries, BOOT);
  for (const { was, last } of ledger.values()) {
    assert(['up', 'down'].includes(was) && ['up', 'down'].includes(last));
  }
  const again = line({ event: 'checkpoint', boot: BOOT, ledger: Object.fromEntries(ledger) });
  assert.deepStrictEqual(ledgerOf(parseEntries(again), BOOT), ledger);
}
