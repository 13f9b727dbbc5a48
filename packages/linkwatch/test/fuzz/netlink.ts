import assert from 'node:assert';
import { linux } from '../../src/abi/linux.ts';
import { RtnetlinkDecoder } from '../../src/wire/netlink.ts';
import { allCaptured } from '../support/captured.ts';
import { foundIn, inLargerBuffer } from './found.ts';

/** The nlmsg_seq of the list in the captured datagrams. */
const CAPTURED_SEQUENCE = 7;

/** Datagrams of a real kernel. */
export const seeds: readonly Uint8Array[] = allCaptured;

/** A datagram of an rtnetlink socket: headers, ifinfomsg, attributes. */
export function fuzz(bytes: Uint8Array): void {
  assert.deepStrictEqual(decoded(inLargerBuffer(bytes), bytes.byteLength), decoded(bytes, bytes.byteLength));
}

function decoded(bytes: Uint8Array, length: number): readonly unknown[] {
  const decoder = new RtnetlinkDecoder(linux);
  decoder.expect(CAPTURED_SEQUENCE);
  return foundIn(decoder, bytes, length);
}
