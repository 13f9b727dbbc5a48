import { decodeText } from '@ifdepd/libc';
import { DecodeError } from '@ifdepd/netlink';
import type { RouteAbi } from '../abi/route-abi.ts';
import type { Cursor } from './cursor.ts';

/** struct sockaddr, sys/socket.h, of every BSD and macOS. */
const SA_LEN = 0;
const SA_FAMILY = 1;

/** struct sockaddr_dl, net/if_dl.h, of every BSD and macOS. The name is at the start of sdl_data, without a NUL. */
const SDL_NLEN = 5;
const SDL_DATA = 8;

/**
 * The name in the RTA_IFP address among the socket addresses behind the header of a message; null when there is none. The addresses
 * have the order of their bits in `addrs`, and each is rounded up.
 *
 * @throws {DecodeError} when one of them does not fit
 */
export function interfaceNameIn(
  cursor: Cursor,
  at: number,
  end: number,
  addrs: number,
  abi: RouteAbi,
): string | null {
  let here = at;
  for (let bit = 0; bit <= abi.RTAX_IFP; bit++) {
    if ((addrs & (1 << bit)) === 0) {
      continue;
    }
    const length = cursor.u8(here + SA_LEN);
    if (length > end - here) {
      throw new DecodeError(`a socket address of ${length} bytes with ${end - here} left`, here);
    }
    if (bit === abi.RTAX_IFP && length >= SDL_DATA && cursor.u8(here + SA_FAMILY) === abi.AF_LINK) {
      return nameAt(cursor, here, length);
    }
    // A length of 0 takes one unit (the macros ROUNDUP and SA_SIZE).
    here += Math.max(abi.sockaddrAlign, Math.ceil(length / abi.sockaddrAlign) * abi.sockaddrAlign);
  }
  return null;
}

function nameAt(cursor: Cursor, at: number, length: number): string {
  const size = cursor.u8(at + SDL_NLEN);
  if (size === 0 || SDL_DATA + size > length) {
    throw new DecodeError(`a name of ${size} bytes in a sockaddr_dl of ${length}`, at);
  }
  return decodeText(cursor.bytes, at + SDL_DATA, size);
}
