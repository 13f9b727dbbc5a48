import { attributesIn, type Bytes, u32 } from './attributes.ts';
import type { Rtnetlink } from './dump.ts';
import { HEADER_BYTES, RTNETLINK } from './numbers.ts';

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
  /** IFA_PROTO, who gave it: 1 and 3 are the kernel itself; 0 for a person, and for all before Linux 5.18. */
  readonly protocol: number;
}

/**
 * All addresses of the network namespace.
 *
 * @throws {SystemError} as the kernel refuses to list them
 */
export function listAddresses(rtnetlink: Rtnetlink): readonly HostAddress[] {
  let addresses: HostAddress[] = [];
  const request = {
    type: RTNETLINK.RTM_GETADDR,
    name: 'RTM_GETADDR',
    payload: new Uint8Array(HEADER_BYTES.address),
  };
  rtnetlink.list(
    request,
    (payload) => {
      const address = decodeAddress(payload);
      if (address !== null) {
        addresses.push(address);
      }
    },
    () => {
      addresses = [];
    },
  );
  return addresses;
}

/** struct ifaddrmsg: family 0, prefix length 1, flags 2, scope 3, index 4. Null for other families. */
export function decodeAddress(payload: Bytes): HostAddress | null {
  const { AF_INET, AF_INET6, IFA, IFA_F_PERMANENT } = RTNETLINK;
  const [number, , low = 0, scope = 0] = payload;
  const family = number === AF_INET ? 4 : number === AF_INET6 ? 6 : null;
  if (family === null || payload.byteLength < HEADER_BYTES.address) {
    return null;
  }
  let [flags, protocol] = [low, 0];
  let [address, local]: (Bytes | null)[] = [null, null];
  for (const { type, value } of attributesIn(payload.subarray(HEADER_BYTES.address))) {
    if (type === IFA.ADDRESS) {
      address = value;
    } else if (type === IFA.LOCAL) {
      local = value;
    } else if (type === IFA.FLAGS) {
      flags = u32(value, 0);
    } else if (type === IFA.PROTO) {
      protocol = value[0] ?? 0;
    }
  }
  // Of a point-to-point link IFA_ADDRESS is the other end.
  const ours = local ?? address;
  if (ours?.byteLength !== (family === 4 ? 4 : 16)) {
    return null;
  }
  return {
    index: u32(payload, 4),
    family,
    bytes: ours.slice(),
    scope,
    permanent: (flags & IFA_F_PERMANENT) !== 0,
    protocol,
  };
}
