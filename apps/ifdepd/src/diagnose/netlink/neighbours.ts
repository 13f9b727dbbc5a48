import { attributeOf, decodeStruct, linux, type NetlinkClient } from '@ifdepd/netlink';
import { ipVersion, listEntries } from './list-entries.ts';

const { nda, ntf, nud, rtm, littleEndian } = linux;
const { ndmsg } = linux.struct;

/** A permanent neighbour, or one that this host answers for (proxy ARP, proxy ND). */
export interface HostNeighbour {
  readonly index: number;
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly proxy: boolean;
}

/**
 * The permanent neighbours and the proxies of all interfaces.
 *
 * @throws {SystemError} where the kernel refuses to list them
 */
export function listNeighbours(client: NetlinkClient): readonly HostNeighbour[] {
  const request = { type: rtm.RTM_GETNEIGH, name: 'RTM_GETNEIGH', struct: ndmsg };
  // With NTF_PROXY the kernel lists only the proxies.
  return [0, ntf.NTF_PROXY].flatMap((ndm_flags) =>
    listEntries(client, { ...request, values: { ndm_flags } }, decodeNeighbour),
  );
}

/** The message of one neighbour, from its `struct ndmsg` on. Null for one that the kernel has learned. */
export function decodeNeighbour(payload: Uint8Array): HostNeighbour | null {
  if (payload.byteLength < ndmsg.size) {
    return null;
  }
  const { ndm_family, ndm_ifindex, ndm_state, ndm_flags } = decodeStruct(ndmsg, payload, littleEndian);
  const proxy = (ndm_flags & ntf.NTF_PROXY) !== 0;
  const address = attributeOf(payload, nda.NDA_DST, littleEndian, ndmsg.size);
  const version = ipVersion(ndm_family);
  const size = version === null ? -1 : version === 4 ? 4 : 16;
  return address?.byteLength === size && (proxy || ndm_state === nud.NUD_PERMANENT)
    ? { index: ndm_ifindex, address: address.slice(), proxy }
    : null;
}
