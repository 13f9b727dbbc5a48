import assert from 'node:assert';
import { DecodeError } from '@ifdepd/netlink';
import { routeAbis } from '../../src/abi/index.ts';
import type { RouteAbi } from '../../src/abi/route-abi.ts';
import { Cursor } from '../../src/wire/cursor.ts';
import { interfaceNameIn } from '../../src/wire/sockaddr-dl.ts';
import { inLargerBuffer } from './found.ts';

const tables: readonly RouteAbi[] = Object.values(routeAbis);

const ADDRS = 1;
const ADDRESSES = 5;

/** A sockaddr_dl alone, and behind an address of another kind, for each table. */
export const seeds: readonly Uint8Array[] = tables.flatMap((abi, table) => {
  const em0 = [20, abi.AF_LINK, 2, 0, 6, 3, 0, 0, ...new TextEncoder().encode('em0'), ...Array(9).fill(0)];
  const netmask = [0, 0, 0, 0, 0, 0, 0, 0].slice(0, abi.sockaddrAlign);
  return [
    Uint8Array.of(table, 1 << abi.RTAX_IFP, 0, 0, 0, ...em0),
    Uint8Array.of(table, (1 << abi.RTAX_IFP) | 4, 0, 0, 0, ...netmask, ...em0),
  ];
});

/** The socket addresses of a message: a byte for the table, four for the bits of what is there, then the addresses. */
export function fuzz(input: Uint8Array): void {
  const bytes = new Uint8Array(Math.max(ADDRESSES, input.byteLength));
  bytes.set(input);
  const abi = tables[(bytes[0] ?? 0) % tables.length] as RouteAbi;
  const cursor = new Cursor(inLargerBuffer(bytes), abi.littleEndian);
  cursor.limit(bytes.byteLength);
  assert.deepStrictEqual(
    nameIn(cursor, bytes.byteLength, abi),
    nameIn(new Cursor(bytes, abi.littleEndian), bytes.byteLength, abi),
  );
}

function nameIn(cursor: Cursor, end: number, abi: RouteAbi): string | null {
  try {
    const name = interfaceNameIn(cursor, ADDRESSES, end, cursor.u32(ADDRS), abi);
    assert(name !== '');
    return name;
  } catch (error) {
    assert(error instanceof DecodeError);
    return error.message;
  }
}
