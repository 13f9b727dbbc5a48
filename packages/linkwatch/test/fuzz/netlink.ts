import assert from 'node:assert';
import { linux } from '../../src/abi/linux.ts';
import { DecodeError } from '../../src/wire/cursor.ts';
import { RtnetlinkDecoder } from '../../src/wire/netlink.ts';
import { allCaptured } from '../support/captured.ts';
import { isSameAsItself } from './same.ts';

/** The nlmsg_seq of the list in the captured datagrams. */
const CAPTURED_SEQUENCE = 7;

/** Datagrams of a real kernel. */
export const seeds: readonly Uint8Array[] = allCaptured;

/** A datagram of an rtnetlink socket: headers, ifinfomsg, attributes. What lies behind it in the buffer must not matter. */
export function fuzz(bytes: Uint8Array): void {
  const padded = new Uint8Array(bytes.byteLength + 64).fill(0xa5);
  padded.set(bytes);
  assert.deepStrictEqual(decoded(padded, bytes.byteLength), decoded(bytes, bytes.byteLength));
}

function decoded(bytes: Uint8Array, length: number): readonly unknown[] {
  const decoder = new RtnetlinkDecoder(linux);
  decoder.expect(CAPTURED_SEQUENCE);
  const found: unknown[] = [];
  decoder.decode(bytes, length, {
    message: () => undefined,
    link: (reading, listed) => found.push([isSameAsItself(reading), listed]),
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
