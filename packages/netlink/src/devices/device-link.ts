import { encodeText, SystemError } from '@ifdepd/libc';
import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import { attributeOf, attributesByType, numberIn, textIn } from '../wire/attributes.ts';
import { objectGiven } from '../wire/given.ts';
import { decodeStruct } from '../wire/struct.ts';

const { bond, ifla, iff, name: longest, rtm, struct, littleEndian } = linux;
const { ifinfomsg, rtnl_link_stats } = struct;
const NOTHING = new Uint8Array();

/** A link with facts about its device that are read, not reported. */
export interface DeviceLink {
  readonly index: number;
  readonly name: string;
  /** IFLA_INFO_KIND: `bond`, `wireguard`; '' for hardware. */
  readonly kind: string;
  /** IFF_UP: administratively up. */
  readonly up: boolean;
  /** IFF_LOWER_UP */
  readonly carrier: boolean;
  /** Frames that were received with an error (a checksum among them) since the link is there: 32 bits, and it wraps. */
  readonly rxErrors: number;
  /** Null for a link that is no bond. */
  readonly bond: {
    /** Whether it notices that a port loses its link: miimon or arp_interval is set. */
    readonly monitored: boolean;
    /** The number of its active aggregator; null where it speaks no LACP (its mode is not 802.3ad). */
    readonly aggregator: number | null;
  } | null;
}

/**
 * Reads a link.
 *
 * @param name a name, or an alternative one
 * @returns null where there is none of that name
 * @throws {SystemError} where the kernel refuses the request
 */
export function readDeviceLink(client: NetlinkClient, name: string): DeviceLink | null {
  objectGiven('readDeviceLink: client', client, 'encoder', 'get');
  const { encoder } = client;
  const bytes = encodeText(name).byteLength;
  if (bytes >= longest.ALTIFNAMSIZ) {
    return null;
  }
  // rtnl_dev_get() in net/core/rtnetlink.c finds alternative names by IFLA_IFNAME too, which takes short ones only.
  const named = encoder.attribute(bytes < longest.IFNAMSIZ ? ifla.IFLA_IFNAME : ifla.IFLA_ALT_IFNAME, name);
  const payload = encoder.join(encoder.struct(ifinfomsg, {}), named);
  try {
    return decodeDeviceLink(
      client.get({ type: rtm.RTM_GETLINK, name: 'RTM_GETLINK', subject: name, payload }),
    );
  } catch (error) {
    if (error instanceof SystemError && error.kind === 'not-found') {
      return null;
    }
    throw error;
  }
}

/**
 * The message of one link, from its `struct ifinfomsg` on. What is missing counts as 0.
 *
 * @throws {DecodeError} where the bytes end before the attributes
 */
export function decodeDeviceLink(payload: Uint8Array): DeviceLink {
  const { ifi_index, ifi_flags } = decodeStruct(ifinfomsg, payload, littleEndian);
  const values = attributesByType(payload, littleEndian, ifinfomsg.size);
  const info = attributesByType(values.get(ifla.IFLA_LINKINFO) ?? NOTHING, littleEndian);
  const kind = textIn(info.get(ifla.IFLA_INFO_KIND) ?? NOTHING);
  const counters = values.get(ifla.IFLA_STATS) ?? NOTHING;
  return {
    index: ifi_index,
    name: textIn(values.get(ifla.IFLA_IFNAME) ?? NOTHING),
    kind,
    up: (ifi_flags & iff.IFF_UP) !== 0,
    carrier: (ifi_flags & iff.IFF_LOWER_UP) !== 0,
    rxErrors: numberIn(counters.subarray(rtnl_link_stats.fields.rx_errors[0]), littleEndian) ?? 0,
    bond: kind === 'bond' ? bondIn(info.get(ifla.IFLA_INFO_DATA) ?? NOTHING) : null,
  };
}

function bondIn(data: Uint8Array): DeviceLink['bond'] {
  const values = attributesByType(data, littleEndian);
  const isSet = (type: number) => (numberIn(values.get(type), littleEndian) ?? 0) !== 0;
  const lacp = values.get(bond.IFLA_BOND_AD_INFO) ?? NOTHING;
  const aggregator = attributeOf(lacp, bond.IFLA_BOND_AD_INFO_AGGREGATOR, littleEndian);
  return {
    monitored: isSet(ifla.IFLA_BOND_MIIMON) || isSet(ifla.IFLA_BOND_ARP_INTERVAL),
    aggregator: values.get(bond.IFLA_BOND_MODE)?.[0] === bond.BOND_MODE_8023AD ? shortIn(aggregator) : null,
  };
}

/** The 16-bit number in a value; 0 where there is none. */
export function shortIn(value: Uint8Array | null | undefined): number {
  return value === null || value === undefined || value.byteLength < 2
    ? 0
    : new DataView(value.buffer, value.byteOffset, 2).getUint16(0, littleEndian);
}
