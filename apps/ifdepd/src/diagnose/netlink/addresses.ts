import { attributesByType, decodeStruct, linux, type NetlinkClient, numberIn } from '@ifdepd/netlink';
import { ipVersion, listEntries } from './list-entries.ts';

const { ifa, ifaFlags, rtm, littleEndian } = linux;
const { ifaddrmsg } = linux.struct;

/** An address of an interface. */
export interface HostAddress {
  /** The kernel's number of the interface. */
  readonly index: number;
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
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
export function listAddresses(client: NetlinkClient): readonly HostAddress[] {
  return listEntries(
    client,
    { type: rtm.RTM_GETADDR, name: 'RTM_GETADDR', struct: ifaddrmsg },
    decodeAddress,
  );
}

/** The message of one address, from its `struct ifaddrmsg` on. Null for other families. */
export function decodeAddress(payload: Uint8Array): HostAddress | null {
  if (payload.byteLength < ifaddrmsg.size) {
    return null;
  }
  const { ifa_family, ifa_flags, ifa_scope, ifa_index } = decodeStruct(ifaddrmsg, payload, littleEndian);
  const family = ipVersion(ifa_family);
  const values = attributesByType(payload, littleEndian, ifaddrmsg.size);
  const flags = numberIn(values.get(ifa.IFA_FLAGS), littleEndian) ?? ifa_flags;
  // Of a point-to-point link IFA_ADDRESS is the other end.
  const ours = values.get(ifa.IFA_LOCAL) ?? values.get(ifa.IFA_ADDRESS);
  if (family === null || ours?.byteLength !== (family === 4 ? 4 : 16)) {
    return null;
  }
  return {
    index: ifa_index,
    family,
    bytes: ours.slice(),
    scope: ifa_scope,
    permanent: (flags & ifaFlags.IFA_F_PERMANENT) !== 0,
    protocol: values.get(ifa.IFA_PROTO)?.[0] ?? 0,
  };
}
