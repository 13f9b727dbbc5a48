import assert from 'node:assert';
import { DecodeError } from '@ifdepd/netlink';
import { netbsd7, routeAbis } from '../../src/abi/index.ts';
import type { RouteAbi } from '../../src/abi/route-abi.ts';
import { RouteDecoder } from '../../src/wire/route-messages.ts';
import { emptyInfo, listed } from '../support/route-bytes.ts';
import { bytesOf, captureFiles } from '../support/route-captures.ts';
import { firstMessage, foundIn, inLargerBuffer, u32At } from './found.ts';

/** rtm_msglen, rtm_version and rtm_type: what every message has. */
const SHORTEST_MESSAGE = 4;

const tables: readonly RouteAbi[] = [...Object.values(routeAbis), netbsd7];

/** Messages of real kernels, and for each table an interface in a list. The first byte selects the table. */
export const seeds: readonly Uint8Array[] = [
  ...captureFiles.flatMap(({ abi, captures }) =>
    captures.map((capture) => Uint8Array.of(tables.indexOf(abi), ...bytesOf(capture))),
  ),
  ...tables.map((abi, table) => Uint8Array.of(table, ...listed(abi, emptyInfo(abi, 2), 'em0'))),
];

/** Messages of a routing socket, or a list of interfaces, of the system whose table the first byte names. */
export function fuzz(input: Uint8Array): void {
  const abi = tables[(input[0] ?? 0) % tables.length] as RouteAbi;
  const bytes = input.slice(1);
  const padded = inLargerBuffer(bytes);
  assert.deepStrictEqual(outcome(abi, padded, bytes.byteLength), outcome(abi, bytes, bytes.byteLength));
  const pieces = firstMessage(bytes, u32At(bytes, abi.rt_msghdr.rtm_msglen) & 0xffff, SHORTEST_MESSAGE);
  if (pieces !== null) {
    const decoder = knowing(abi);
    assert.deepStrictEqual(
      pieces.flatMap((piece) => foundIn(decoder, piece, piece.byteLength)),
      foundIn(knowing(abi), bytes, bytes.byteLength),
    );
  }
}

/** A decoder that knows interface 2. */
function knowing(abi: RouteAbi): RouteDecoder {
  const decoder = new RouteDecoder(abi);
  const known = listed(abi, emptyInfo(abi, 2), 'em0');
  decoder.list(known, known.byteLength);
  return decoder;
}

/** Decodes the bytes as messages, with interface 2 known, and as a list. */
function outcome(abi: RouteAbi, bytes: Uint8Array, length: number): readonly unknown[] {
  const decoder = knowing(abi);
  const found = [...foundIn(decoder, bytes, length), decoder.takeHint()];
  try {
    found.push(decoder.list(bytes, length));
  } catch (error) {
    assert(error instanceof DecodeError);
    found.push(error.message);
  }
  return found;
}
