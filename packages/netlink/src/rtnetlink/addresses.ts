import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import { attributesByType, numberIn } from '../wire/attributes.ts';
import { bytesGiven, objectGiven } from '../wire/given.ts';
import { decodeStruct } from '../wire/struct.ts';
import { ipVersion, listEntries } from './list-entries.ts';

const { ifa, ifaFlags, rtm, littleEndian } = linux;
const { ifaddrmsg } = linux.struct;

/** An address of an interface, as rtnetlink(7) reports it. */
export interface KernelAddress {
  /** The kernel's number of the interface. */
  readonly index: number;
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  /** The bits that the addresses of its net share. */
  readonly prefixLength: number;
  /** The address of the other end of a point-to-point link; null where it has none of its own. */
  readonly peer: Uint8Array | null;
  /** IFA_F_*. */
  readonly flags: number;
  /** rtnetlink's scope: 0 is global, 253 link-local. */
  readonly scope: number;
  /** False: it has a lifetime (SLAAC, DHCPv6, `valid_lft`). */
  readonly permanent: boolean;
  /** IFA_PROTO, its origin: 1 and 3 for the kernel, 0 for a person and for all before Linux 5.18. */
  readonly protocol: number;
}

/**
 * All addresses of the network namespace.
 *
 * @throws {SystemError} where the kernel refuses to list them
 */
export function listAddresses(client: NetlinkClient): readonly KernelAddress[] {
  objectGiven('listAddresses: client', client, 'encoder', 'dump');
  return listEntries(
    client,
    { type: rtm.RTM_GETADDR, name: 'RTM_GETADDR', struct: ifaddrmsg },
    decodeAddress,
  );
}

/** The message of one address, from its `struct ifaddrmsg` on. Null for other families. */
export function decodeAddress(payload: Uint8Array): KernelAddress | null {
  bytesGiven('decodeAddress: payload', payload);
  if (payload.byteLength < ifaddrmsg.size) {
    return null;
  }
  const header = decodeStruct(ifaddrmsg, payload, littleEndian);
  const family = ipVersion(header.ifa_family);
  const values = attributesByType(payload, littleEndian, ifaddrmsg.size);
  const flags = numberIn(values.get(ifa.IFA_FLAGS), littleEndian) ?? header.ifa_flags;
  const size = family === 4 ? 4 : 16;
  // Of a point-to-point link IFA_ADDRESS is the other end.
  const other = values.get(ifa.IFA_ADDRESS);
  const ours = values.get(ifa.IFA_LOCAL) ?? other;
  if (family === null || ours?.byteLength !== size) {
    return null;
  }
  const isPeer = other?.byteLength === size && other.some((byte, at) => byte !== ours[at]);
  return {
    index: header.ifa_index,
    family,
    bytes: ours.slice(),
    prefixLength: header.ifa_prefixlen,
    peer: isPeer ? other.slice() : null,
    flags,
    scope: header.ifa_scope,
    permanent: (flags & ifaFlags.IFA_F_PERMANENT) !== 0,
    protocol: values.get(ifa.IFA_PROTO)?.[0] ?? 0,
  };
}
