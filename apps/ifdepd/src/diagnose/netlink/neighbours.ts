import { attributeOf, type Bytes, u16, u32 } from './attributes.ts';
import type { Rtnetlink } from './dump.ts';
import { HEADER_BYTES, RTNETLINK } from './numbers.ts';

/** A neighbour that somebody has written down, or one that this host answers for (proxy ARP, proxy ND). */
export interface HostNeighbour {
  readonly index: number;
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly proxy: boolean;
}

/**
 * The permanent neighbours and the proxies of all interfaces.
 *
 * @throws {SystemError} as the kernel refuses to list them
 */
export function listNeighbours(rtnetlink: Rtnetlink): readonly HostNeighbour[] {
  return [0, RTNETLINK.NTF_PROXY].flatMap((flags) => {
    let found: HostNeighbour[] = [];
    // struct ndmsg: ndm_flags at 10. With NTF_PROXY the kernel lists the proxies alone.
    const payload = new Uint8Array(HEADER_BYTES.neighbour);
    payload[10] = flags;
    rtnetlink.list(
      { type: RTNETLINK.RTM_GETNEIGH, name: 'RTM_GETNEIGH', payload },
      (answer) => {
        const neighbour = decodeNeighbour(answer);
        if (neighbour !== null) {
          found.push(neighbour);
        }
      },
      () => {
        found = [];
      },
    );
    return found;
  });
}

/** struct ndmsg: family 0, interface 4, state 8 (of two bytes), flags 10. Null for what the kernel learned by itself. */
export function decodeNeighbour(payload: Bytes): HostNeighbour | null {
  const { AF_INET, AF_INET6, NDA, NTF_PROXY, NUD_PERMANENT } = RTNETLINK;
  const proxy = ((payload[10] ?? 0) & NTF_PROXY) !== 0;
  const address = attributeOf(payload.subarray(HEADER_BYTES.neighbour), NDA.DST);
  const size = payload[0] === AF_INET ? 4 : payload[0] === AF_INET6 ? 16 : -1;
  return address?.byteLength === size && (proxy || u16(payload, 8) === NUD_PERMANENT)
    ? { index: u32(payload, 4), address: address.slice(), proxy }
    : null;
}
