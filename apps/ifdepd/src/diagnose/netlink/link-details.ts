import {
  attributeOf,
  attributesIn,
  type Bytes,
  numberAttribute,
  numberOf,
  textOf,
  u32,
} from './attributes.ts';
import type { Rtnetlink } from './dump.ts';
import { HEADER_BYTES, RTNETLINK } from './numbers.ts';

/** What the kernel says of a link beyond what link events tell. */
export interface LinkDetails {
  /** Its hardware address. */
  readonly hardware: Uint8Array;
  /** net.ipv6.conf.NAME.keep_addr_on_down; null where it has no IPv6. */
  readonly keepAddresses: number | null;
  /** Of a VLAN: whether it stays up while its parent is down (`loose_binding on`). */
  readonly loose: boolean;
  /** Of a VLAN: whether its carrier is that of ports of the bridge beneath (`bridge_binding on`). */
  readonly bridgeBinding: boolean;
  /** Of a bond: whether it notices that a port loses its link (miimon or arp_interval). Others: true. */
  readonly monitored: boolean;
}

/**
 * Of every link, by the kernel's number.
 *
 * @throws {SystemError} as the kernel refuses to list them
 */
export function listLinkDetails(rtnetlink: Rtnetlink): ReadonlyMap<number, LinkDetails> {
  const details = new Map<number, LinkDetails>();
  const few = numberAttribute(RTNETLINK.IFLA.EXT_MASK, RTNETLINK.RTEXT_FILTER_SKIP_STATS);
  const request = {
    type: RTNETLINK.RTM_GETLINK,
    name: 'RTM_GETLINK',
    payload: Buffer.concat([new Uint8Array(HEADER_BYTES.link), few]),
  };
  // struct ifinfomsg: the index at 4.
  rtnetlink.list(
    request,
    (payload) => details.set(u32(payload, 4), decodeLinkDetails(payload)),
    () => details.clear(),
  );
  return details;
}

/** The message of one link, from its `struct ifinfomsg` on. */
export function decodeLinkDetails(payload: Bytes): LinkDetails {
  const { IFLA, IFLA_BOND, IFLA_INFO, IFLA_VLAN_FLAGS } = RTNETLINK;
  let hardware: Bytes = new Uint8Array();
  let keepAddresses: number | null = null;
  let kind = '';
  let data: Bytes = new Uint8Array();
  for (const { type, value } of attributesIn(payload.subarray(HEADER_BYTES.link))) {
    if (type === IFLA.ADDRESS) {
      hardware = value.slice();
    } else if (type === IFLA.AF_SPEC) {
      keepAddresses = keepOf(value);
    } else if (type === IFLA.LINKINFO) {
      kind = textOf(attributeOf(value, IFLA_INFO.KIND) ?? new Uint8Array());
      data = attributeOf(value, IFLA_INFO.DATA) ?? data;
    }
  }
  const vlan = kind === 'vlan' ? (numberOf(data, IFLA_VLAN_FLAGS) ?? 0) : 0;
  return {
    hardware,
    keepAddresses,
    loose: (vlan & RTNETLINK.VLAN_FLAG_LOOSE_BINDING) !== 0,
    bridgeBinding: (vlan & RTNETLINK.VLAN_FLAG_BRIDGE_BINDING) !== 0,
    monitored:
      kind !== 'bond' ||
      [IFLA_BOND.MIIMON, IFLA_BOND.ARP_INTERVAL].some((type) => numberOf(data, type) !== 0),
  };
}

/** IFLA_AF_SPEC, in it AF_INET6, in that IFLA_INET6_CONF. */
function keepOf(value: Bytes): number | null {
  const six = attributeOf(value, RTNETLINK.AF_INET6);
  const values = six === null ? null : attributeOf(six, RTNETLINK.IFLA_INET6_CONF);
  const at = RTNETLINK.DEVCONF_KEEP_ADDR_ON_DOWN * 4;
  return values === null || values.byteLength < at + 4 ? null : u32(values, at) | 0;
}
