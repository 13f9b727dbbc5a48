import assert from 'node:assert';
import { DecodeError } from '@ifdepd/netlink';
import type { LinkDecoder } from '../../src/index.ts';

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
      assert([record.name, ...record.altNames].every((name) => reading.someName((one) => one === name)));
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
      // Not where: the same message may stand elsewhere.
      found.push(error.message.replace(/ \(at byte -?\d+\)$/, ''));
    },
  });
  return found;
}

/**
 * The bytes in two: the first message, and the rest; null when there is none. A reader that reads a message past its end
 * reads of the next one, and finds something else in the two than in one piece.
 *
 * @param size what the first message states of its length, with what it is padded by
 * @param shortest no message is shorter
 */
export function firstMessage(
  bytes: Uint8Array,
  size: number,
  shortest: number,
): readonly [Uint8Array, Uint8Array] | null {
  return size < shortest || size >= bytes.byteLength ? null : [bytes.slice(0, size), bytes.slice(size)];
}

/** A little-endian number of 32 bits; 0 past the end. */
export function u32At(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return at + 4 <= bytes.byteLength ? view.getUint32(at, true) : 0;
}

/** The bytes in a buffer that goes on behind them: what is there must not matter. */
export function inLargerBuffer(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(bytes.byteLength + 64).fill(0xa5);
  padded.set(bytes);
  return padded;
}
