import { attributesByType, decodeStruct, linux, numberIn, textIn } from '@ifdepd/netlink';

const { ifla, socket, littleEndian } = linux;
const { ifinfomsg } = linux.struct;

/** The facts of a link whose change can change a route. */
export interface LinkFacts {
  readonly index: number;
  readonly name: string;
  /** IFF_*. */
  readonly flags: number;
  /** The number of its bridge, bond or VRF; 0 for none. */
  readonly master: number;
}

/**
 * The message of a link, from its `struct ifinfomsg` on. Null for one that is not about the link itself: a port of a bridge
 * (AF_BRIDGE), an event of a wireless driver.
 *
 * @throws {DecodeError} where it is too short
 */
export function decodeLinkFacts(payload: Uint8Array): LinkFacts | null {
  const { ifi_family, ifi_index, ifi_flags } = decodeStruct(ifinfomsg, payload, littleEndian);
  const values = attributesByType(payload, littleEndian, ifinfomsg.size);
  const name = values.get(ifla.IFLA_IFNAME);
  if (ifi_family !== socket.AF_UNSPEC || name === undefined || values.has(ifla.IFLA_WIRELESS)) {
    return null;
  }
  const master = numberIn(values.get(ifla.IFLA_MASTER), littleEndian) ?? 0;
  return { index: ifi_index, name: textIn(name), flags: ifi_flags, master };
}
