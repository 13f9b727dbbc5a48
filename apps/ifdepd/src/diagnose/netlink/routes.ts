import {
  attributeOf,
  attributesByType,
  decodeStruct,
  linux,
  type NetlinkClient,
  numberIn,
} from '@ifdepd/netlink';
import { ipVersion, listEntries } from './list-entries.ts';

const { route: numbers, rta, rtm, socket, littleEndian } = linux;
const { rtmsg, rtnexthop } = linux.struct;
const [DESTINATION_LENGTH] = rtmsg.fields.rtm_dst_len;
const [PROTOCOL] = rtmsg.fields.rtm_protocol;

/** A route that goes through interfaces. */
export interface HostRoute {
  readonly family: 4 | 6;
  /** The net: 4 or 16 bytes, and how many bits of it count. A length of 0 is the default route. */
  readonly destination: Uint8Array;
  readonly length: number;
  readonly table: number;
  /** RTPROT_* of rtnetlink.h: its origin. */
  readonly protocol: number;
  /** The kernel's numbers of the interfaces of its next hops. */
  readonly indices: readonly number[];
  /** The nexthop object (ip-nexthop(8)) that it uses; null where the route has next hops of its own. */
  readonly nextHopId: number | null;
}

/**
 * The routes that setting an interface down can take away: unicast, of all tables but the one of local addresses.
 *
 * @param wanted by length and protocol: a router of the Internet has a million others
 * @throws {SystemError} where the kernel refuses to list them
 */
export function listRoutes(
  client: NetlinkClient,
  wanted: (length: number, protocol: number) => boolean,
): readonly HostRoute[] {
  const request = { type: rtm.RTM_GETROUTE, name: 'RTM_GETROUTE', struct: rtmsg };
  return listEntries(client, request, (payload) =>
    wanted(payload[DESTINATION_LENGTH] ?? 0, payload[PROTOCOL] ?? 0) ? decodeRoute(payload) : null,
  );
}

/** The message of one route, from its `struct rtmsg` on. Null for any other route. */
export function decodeRoute(payload: Uint8Array): HostRoute | null {
  if (payload.byteLength < rtmsg.size) {
    return null;
  }
  const header = decodeStruct(rtmsg, payload, littleEndian);
  const family = ipVersion(header.rtm_family);
  const cloned = (header.rtm_flags & numbers.RTM_F_CLONED) !== 0;
  if (family === null || header.rtm_type !== numbers.RTN_UNICAST || cloned) {
    return null;
  }
  const values = attributesByType(payload, littleEndian, rtmsg.size);
  const number = (type: number) => numberIn(values.get(type), littleEndian);
  const table = number(rta.RTA_TABLE) ?? header.rtm_table;
  const nextHopId = number(rta.RTA_NH_ID);
  const interfaceOfOne = number(rta.RTA_OIF);
  const indices = [
    ...(interfaceOfOne === null ? [] : [interfaceOfOne]),
    ...multipath(values.get(rta.RTA_MULTIPATH) ?? new Uint8Array()),
  ];
  if (table === numbers.RT_TABLE_LOCAL || (indices.length === 0 && nextHopId === null)) {
    return null;
  }
  const destination = new Uint8Array(family === 4 ? 4 : 16);
  destination.set((values.get(rta.RTA_DST) ?? new Uint8Array()).subarray(0, destination.byteLength));
  const { rtm_dst_len: length, rtm_protocol: protocol } = header;
  return { family, destination, length, table, protocol, indices, nextHopId };
}

/** The interfaces of several next hops. */
function* multipath(value: Uint8Array): Iterable<number> {
  for (let at = 0; at + rtnexthop.size <= value.byteLength; ) {
    const { rtnh_len, rtnh_ifindex } = decodeStruct(rtnexthop, value, littleEndian, at);
    if (rtnh_len < rtnexthop.size) {
      return;
    }
    yield rtnh_ifindex;
    at += Math.ceil(rtnh_len / 4) * 4;
  }
}

/** The interface through which this host answers an address; null where it has no route to it. */
export function wayTo(client: NetlinkClient, address: Uint8Array): number | null {
  const { encoder } = client;
  const family = address.byteLength === 4 ? socket.AF_INET : socket.AF_INET6;
  const header = encoder.struct(rtmsg, { rtm_family: family, rtm_dst_len: address.byteLength * 8 });
  const payload = encoder.join(header, encoder.attribute(rta.RTA_DST, address));
  try {
    const answer = client.get({ type: rtm.RTM_GETROUTE, name: 'RTM_GETROUTE', payload });
    return numberIn(attributeOf(answer, rta.RTA_OIF, littleEndian, rtmsg.size), littleEndian);
  } catch {
    return null;
  }
}
