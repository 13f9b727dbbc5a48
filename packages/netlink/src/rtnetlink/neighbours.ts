import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import { attributesByType } from '../wire/attributes.ts';
import { bytesGiven, objectGiven } from '../wire/given.ts';
import { decodeStruct } from '../wire/struct.ts';
import { ipVersion, listEntries } from './list-entries.ts';

const { nda, ntf, nud, rtm, littleEndian } = linux;
const { ndmsg } = linux.struct;

/** A neighbour (ARP, neighbour discovery), or an address that this host answers for (proxy ARP, proxy ND). */
export interface KernelNeighbour {
  /** The kernel's number of the interface. */
  readonly index: number;
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  /** Its link-layer address; null while the kernel knows none. */
  readonly hardware: Uint8Array | null;
  /** NUD_*. */
  readonly state: number;
  /** NUD_PERMANENT alone: somebody has written it down. */
  readonly permanent: boolean;
  readonly proxy: boolean;
  /** Whether it is a router (IPv6). */
  readonly router: boolean;
}

/**
 * The neighbours and the proxies of all interfaces.
 *
 * @throws {SystemError} where the kernel refuses to list them
 */
export function listNeighbours(client: NetlinkClient): readonly KernelNeighbour[] {
  objectGiven('listNeighbours: client', client, 'encoder', 'dump');
  const request = { type: rtm.RTM_GETNEIGH, name: 'RTM_GETNEIGH', struct: ndmsg };
  // With NTF_PROXY the kernel lists only the proxies.
  return [0, ntf.NTF_PROXY].flatMap((ndm_flags) =>
    listEntries(client, { ...request, values: { ndm_flags } }, decodeNeighbour),
  );
}

/** The message of one neighbour, from its `struct ndmsg` on. Null for other families: a bridge has neighbours of its own. */
export function decodeNeighbour(payload: Uint8Array): KernelNeighbour | null {
  bytesGiven('decodeNeighbour: payload', payload);
  if (payload.byteLength < ndmsg.size) {
    return null;
  }
  const { ndm_family, ndm_ifindex, ndm_state, ndm_flags } = decodeStruct(ndmsg, payload, littleEndian);
  const family = ipVersion(ndm_family);
  const values = attributesByType(payload, littleEndian, ndmsg.size);
  const address = values.get(nda.NDA_DST);
  if (family === null || address?.byteLength !== (family === 4 ? 4 : 16)) {
    return null;
  }
  return {
    index: ndm_ifindex,
    family,
    address: address.slice(),
    hardware: values.get(nda.NDA_LLADDR)?.slice() ?? null,
    state: ndm_state,
    permanent: ndm_state === nud.NUD_PERMANENT,
    proxy: (ndm_flags & ntf.NTF_PROXY) !== 0,
    router: (ndm_flags & ntf.NTF_ROUTER) !== 0,
  };
}
