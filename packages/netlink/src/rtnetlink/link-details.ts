import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import { attributeOf, attributesByType, numberIn, textIn } from '../wire/attributes.ts';
import { objectGiven } from '../wire/given.ts';
import { listEntries } from './list-entries.ts';

const { devconf, ifla, rtext, rtm, socket, vlan, littleEndian } = linux;
const { ifinfomsg } = linux.struct;
const [INDEX] = ifinfomsg.fields.ifi_index;
const NOTHING = new Uint8Array();

/** Facts of the kernel about a link that link events do not have. */
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
 * @throws {SystemError} where the kernel refuses to list them
 */
export function listLinkDetails(client: NetlinkClient): ReadonlyMap<number, LinkDetails> {
  objectGiven('listLinkDetails: client', client, 'encoder', 'dump');
  const request = {
    type: rtm.RTM_GETLINK,
    name: 'RTM_GETLINK',
    struct: ifinfomsg,
    attributes: [client.encoder.attribute(ifla.IFLA_EXT_MASK, rtext.RTEXT_FILTER_SKIP_STATS)],
  };
  return new Map(
    listEntries(client, request, (payload) => {
      const index = numberIn(payload.subarray(INDEX), littleEndian);
      return index === null ? null : ([index, decodeLinkDetails(payload)] as const);
    }),
  );
}

/** The message of one link, from its `struct ifinfomsg` on. */
export function decodeLinkDetails(payload: Uint8Array): LinkDetails {
  const values = attributesByType(payload, littleEndian, ifinfomsg.size);
  const info = attributesByType(values.get(ifla.IFLA_LINKINFO) ?? NOTHING, littleEndian);
  const kind = textIn(info.get(ifla.IFLA_INFO_KIND) ?? NOTHING);
  const data = attributesByType(info.get(ifla.IFLA_INFO_DATA) ?? NOTHING, littleEndian);
  const number = (type: number) => numberIn(data.get(type), littleEndian);
  const flags = kind === 'vlan' ? (number(ifla.IFLA_VLAN_FLAGS) ?? 0) : 0;
  return {
    hardware: (values.get(ifla.IFLA_ADDRESS) ?? NOTHING).slice(),
    keepAddresses: keepIn(values.get(ifla.IFLA_AF_SPEC) ?? NOTHING),
    loose: (flags & vlan.VLAN_FLAG_LOOSE_BINDING) !== 0,
    bridgeBinding: (flags & vlan.VLAN_FLAG_BRIDGE_BINDING) !== 0,
    monitored:
      kind !== 'bond' ||
      [ifla.IFLA_BOND_MIIMON, ifla.IFLA_BOND_ARP_INTERVAL].some((type) => number(type) !== 0),
  };
}

/** IFLA_AF_SPEC, in it AF_INET6, in that IFLA_INET6_CONF. */
function keepIn(families: Uint8Array): number | null {
  const six = attributeOf(families, socket.AF_INET6, littleEndian) ?? NOTHING;
  const values = attributeOf(six, ifla.IFLA_INET6_CONF, littleEndian) ?? NOTHING;
  const keep = numberIn(values.subarray(devconf.DEVCONF_KEEP_ADDR_ON_DOWN * 4), littleEndian);
  return keep === null ? null : keep | 0;
}
