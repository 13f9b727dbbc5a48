import assert from 'node:assert';
import type { LinkDecoder } from '../../src/index.ts';
import { DecodeError } from '../../src/wire/cursor.ts';

/**
 * What a decoder finds in the first bytes of a buffer: errors of its own only, and readings that say of the record they
 * make that it states the same, and answer to its names.
 */
export function foundIn(decoder: LinkDecoder, bytes: Uint8Array, length: number): readonly unknown[] {
  const found: unknown[] = [];
  decoder.decode(bytes, length, {
    wants: () => true,
    message: () => undefined,
    link(reading, listed) {
      const record = reading.toRecord();
      assert(reading.isSameAs(record), JSON.stringify(record));
      assert([record.name, ...record.altNames].every((name) => reading.answersTo(name)));
      found.push([record, listed]);
    },
    carrier: (index, carrier) => found.push(['carrier', index, carrier]),
    gone: (index) => found.push(['gone', index]),
    touched: (index) => found.push(['touched', index]),
    listEnd: (interrupted) => found.push(['end', interrupted]),
    listRefused: (errno) => found.push(['refused', errno]),
    listBusy: () => found.push('busy'),
    lost: () => found.push('lost'),
    bad(error) {
      assert(error instanceof DecodeError);
      found.push(error.message);
    },
  });
  return found;
}

/** The bytes in a buffer that goes on behind them: what is there must not matter. */
export function inLargerBuffer(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(bytes.byteLength + 64).fill(0xa5);
  padded.set(bytes);
  return padded;
}
