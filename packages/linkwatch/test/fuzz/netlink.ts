import assert from 'node:assert';
import { linux } from '@ifdepd/netlink';
import { RtnetlinkDecoder } from '../../src/wire/netlink.ts';
import { allCaptured } from '../support/captured.ts';
import { firstMessage, foundIn, inLargerBuffer, u32At } from './found.ts';

/** The nlmsg_seq of the list in the captured datagrams. */
const CAPTURED_SEQUENCE = 7;

/** Datagrams of a real kernel. */
export const seeds: readonly Uint8Array[] = allCaptured;

/** A datagram of an rtnetlink socket: headers, ifinfomsg, attributes. */
export function fuzz(bytes: Uint8Array): void {
  const whole = foundIn(start(), bytes, bytes.byteLength);
  assert.deepStrictEqual(foundIn(start(), inLargerBuffer(bytes), bytes.byteLength), whole);
  const { NLMSG_ALIGNTO, NLMSG_HDRLEN } = linux.nlmsg;
  const stated = u32At(bytes, 0);
  const size = Math.ceil(stated / NLMSG_ALIGNTO) * NLMSG_ALIGNTO;
  // A length below that of a header is no message, though it is padded to one.
  const pieces = stated < NLMSG_HDRLEN ? null : firstMessage(bytes, size, NLMSG_HDRLEN);
  if (pieces !== null) {
    const decoder = start();
    assert.deepStrictEqual(
      pieces.flatMap((piece) => foundIn(decoder, piece, piece.byteLength)),
      whole,
    );
  }
}

function start(): RtnetlinkDecoder {
  const decoder = new RtnetlinkDecoder();
  decoder.expect(CAPTURED_SEQUENCE);
  return decoder;
}
