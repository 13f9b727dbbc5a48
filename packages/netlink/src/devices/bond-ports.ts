import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import { listEntries } from '../rtnetlink/list-entries.ts';
import { attributesByType, numberIn, textIn } from '../wire/attributes.ts';
import { objectGiven } from '../wire/given.ts';
import { shortIn } from './device-link.ts';

const { bond, ifla, rtext, rtm, struct, littleEndian } = linux;
const { ifinfomsg } = struct;
const NOTHING = new Uint8Array();

/** A port of a bond, as the bond sees it. */
export interface BondPort {
  readonly name: string;
  /** IFLA_BOND_SLAVE_MII_STATUS: whether its monitoring found a link. Always true in a bond that monitors nothing. */
  readonly linked: boolean;
  /** What LACP knows of it; null in other modes. */
  readonly lacp: {
    readonly aggregator: number;
    /** Whether it sends frames of its aggregator: LACP_STATE_DISTRIBUTING. */
    readonly distributing: boolean;
    /** Whether the partner is silent: LACP_STATE_DEFAULTED, LACP_STATE_EXPIRED. */
    readonly silent: boolean;
  } | null;
}

/**
 * The ports of a bond.
 *
 * @param index the kernel's number of the bond
 * @throws {SystemError} where the kernel refuses to list them
 */
export function listBondPorts(client: NetlinkClient, index: number): readonly BondPort[] {
  objectGiven('listBondPorts: client', client, 'encoder', 'dump');
  const { encoder } = client;
  const request = {
    type: rtm.RTM_GETLINK,
    name: 'RTM_GETLINK',
    struct: ifinfomsg,
    attributes: [
      encoder.attribute(ifla.IFLA_EXT_MASK, rtext.RTEXT_FILTER_SKIP_STATS),
      encoder.attribute(ifla.IFLA_MASTER, index),
    ],
  };
  return listEntries(client, request, (payload) => decodeBondPort(payload, index));
}

/**
 * The message of one link, from its `struct ifinfomsg` on; null where it is no port of this bond.
 *
 * @param index the kernel's number of the bond
 */
export function decodeBondPort(payload: Uint8Array, index: number): BondPort | null {
  const values = attributesByType(payload, littleEndian, ifinfomsg.size);
  const info = attributesByType(values.get(ifla.IFLA_LINKINFO) ?? NOTHING, littleEndian);
  // Kernels without the filter list every link.
  const isPort = numberIn(values.get(ifla.IFLA_MASTER), littleEndian) === index;
  const data = info.get(ifla.IFLA_INFO_SLAVE_DATA);
  if (!isPort || data === undefined || textIn(info.get(ifla.IFLA_INFO_SLAVE_KIND) ?? NOTHING) !== 'bond') {
    return null;
  }
  const port = attributesByType(data, littleEndian);
  const state = port.get(bond.IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE)?.[0];
  return {
    name: textIn(values.get(ifla.IFLA_IFNAME) ?? NOTHING),
    linked: port.get(bond.IFLA_BOND_SLAVE_MII_STATUS)?.[0] === bond.BOND_LINK_UP,
    lacp:
      state === undefined
        ? null
        : {
            aggregator: shortIn(port.get(bond.IFLA_BOND_SLAVE_AD_AGGREGATOR_ID)),
            distributing: (state & bond.LACP_STATE_DISTRIBUTING) !== 0,
            silent: (state & (bond.LACP_STATE_DEFAULTED | bond.LACP_STATE_EXPIRED)) !== 0,
          },
  };
}
