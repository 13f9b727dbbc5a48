import { linux } from '../abi/linux.ts';
import type { NetlinkClient } from '../client.ts';
import { attributesByType, numberIn } from '../wire/attributes.ts';
import { align } from '../wire/format.ts';
import { bytesGiven, objectGiven } from '../wire/given.ts';
import { decodeStruct } from '../wire/struct.ts';
import { ipVersion, listEntries } from './list-entries.ts';

const { route: numbers, rta, rtm, socket, littleEndian } = linux;
const { rtmsg, rtnexthop } = linux.struct;
const [DESTINATION_LENGTH] = rtmsg.fields.rtm_dst_len;
const [PROTOCOL] = rtmsg.fields.rtm_protocol;
const NOTHING = new Uint8Array();

/** One way of a route. */
export interface KernelNextHop {
  /** The kernel's number of the interface; null where it has none. */
  readonly index: number | null;
  /** The router: 4 bytes, or 16, for a route of IPv4 too (RTA_VIA); null where the net is on the link. */
  readonly gateway: Uint8Array | null;
  /** Its share among several, from 1. */
  readonly weight: number;
  /** RTNH_F_*. */
  readonly flags: number;
}

/** A route, as rtnetlink(7) reports it. */
export interface KernelRoute {
  readonly family: 4 | 6;
  /** The net: 4 or 16 bytes, and how many bits of it count. A length of 0 is the default route. */
  readonly destination: Uint8Array;
  readonly length: number;
  /** For packets of a net of sources alone (IPv6): its address, and how many bits of it count. Null for every source. */
  readonly source: Uint8Array | null;
  readonly sourceLength: number;
  readonly tos: number;
  readonly table: number;
  /** RTPROT_*: its origin. */
  readonly protocol: number;
  /** RT_SCOPE_*. */
  readonly scope: number;
  /** RTN_*. */
  readonly type: number;
  /** Whether the kernel has made it for one destination (RTM_F_CLONED): no route of the table. */
  readonly cloned: boolean;
  /** The metric: of two routes to a net the lower one counts. */
  readonly priority: number;
  /** The source address of what this host sends; null where the kernel chooses. */
  readonly preferredSource: Uint8Array | null;
  readonly hops: readonly KernelNextHop[];
  /** The nexthop object (ip-nexthop(8)) that it uses; null where the route has next hops of its own. */
  readonly nextHopId: number | null;
}

/**
 * The routes of all tables, without those that the kernel has cloned.
 *
 * @param wanted by length and protocol: a router of the Internet has a million routes. Default: all
 * @throws {SystemError} where the kernel refuses to list them
 */
export function listRoutes(
  client: NetlinkClient,
  wanted: (length: number, protocol: number) => boolean = () => true,
): readonly KernelRoute[] {
  objectGiven('listRoutes: client', client, 'encoder', 'dump');
  const request = { type: rtm.RTM_GETROUTE, name: 'RTM_GETROUTE', struct: rtmsg };
  return listEntries(client, request, (payload) => {
    const route = wanted(payload[DESTINATION_LENGTH] ?? 0, payload[PROTOCOL] ?? 0)
      ? decodeRoute(payload)
      : null;
    return route?.cloned ? null : route;
  });
}

/** The message of one route, from its `struct rtmsg` on. Null for other families: multicast routing has messages of its own. */
export function decodeRoute(payload: Uint8Array): KernelRoute | null {
  bytesGiven('decodeRoute: payload', payload);
  if (payload.byteLength < rtmsg.size) {
    return null;
  }
  const header = decodeStruct(rtmsg, payload, littleEndian);
  const family = ipVersion(header.rtm_family);
  if (family === null) {
    return null;
  }
  const values = attributesByType(payload, littleEndian, rtmsg.size);
  const destination = new Uint8Array(family === 4 ? 4 : 16);
  destination.set((values.get(rta.RTA_DST) ?? NOTHING).subarray(0, destination.byteLength));
  return {
    family,
    destination,
    length: header.rtm_dst_len,
    source: values.get(rta.RTA_SRC)?.slice() ?? null,
    sourceLength: header.rtm_src_len,
    tos: header.rtm_tos,
    table: numberIn(values.get(rta.RTA_TABLE), littleEndian) ?? header.rtm_table,
    protocol: header.rtm_protocol,
    scope: header.rtm_scope,
    type: header.rtm_type,
    cloned: (header.rtm_flags & numbers.RTM_F_CLONED) !== 0,
    priority: numberIn(values.get(rta.RTA_PRIORITY), littleEndian) ?? 0,
    preferredSource: values.get(rta.RTA_PREFSRC)?.slice() ?? null,
    hops: hopsIn(values, header.rtm_flags),
    nextHopId: numberIn(values.get(rta.RTA_NH_ID), littleEndian),
  };
}

/** @param flags of the message: RTNH_F_* of a single next hop */
function hopsIn(values: ReadonlyMap<number, Uint8Array>, flags: number): readonly KernelNextHop[] {
  const several = values.get(rta.RTA_MULTIPATH);
  if (several !== undefined) {
    return [...multipath(several)];
  }
  const index = numberIn(values.get(rta.RTA_OIF), littleEndian);
  const gateway = gatewayIn(values);
  return index === null && gateway === null ? [] : [{ index, gateway, weight: 1, flags }];
}

/** RTA_MULTIPATH: a `struct rtnexthop` each, whose length counts its attributes. */
function* multipath(value: Uint8Array): Iterable<KernelNextHop> {
  for (let at = 0; at + rtnexthop.size <= value.byteLength; ) {
    const hop = decodeStruct(rtnexthop, value, littleEndian, at);
    if (hop.rtnh_len < rtnexthop.size) {
      return;
    }
    const own = value.subarray(at + rtnexthop.size, at + hop.rtnh_len);
    yield {
      index: hop.rtnh_ifindex,
      gateway: gatewayIn(attributesByType(own, littleEndian)),
      weight: hop.rtnh_hops + 1,
      flags: hop.rtnh_flags,
    };
    at += align(hop.rtnh_len);
  }
}

/** RTA_VIA is a `struct rtvia`: 16 bits of address family, then the address. */
function gatewayIn(values: ReadonlyMap<number, Uint8Array>): Uint8Array | null {
  return (values.get(rta.RTA_GATEWAY) ?? values.get(rta.RTA_VIA)?.subarray(2))?.slice() ?? null;
}

/** The route that this host would take to an address; null where it has none. */
export function routeTo(client: NetlinkClient, address: Uint8Array): KernelRoute | null {
  objectGiven('routeTo: client', client, 'encoder', 'get');
  bytesGiven('routeTo: address', address);
  const { encoder } = client;
  const family = address.byteLength === 4 ? socket.AF_INET : socket.AF_INET6;
  const header = encoder.struct(rtmsg, { rtm_family: family, rtm_dst_len: address.byteLength * 8 });
  const payload = encoder.join(header, encoder.attribute(rta.RTA_DST, address));
  try {
    return decodeRoute(client.get({ type: rtm.RTM_GETROUTE, name: 'RTM_GETROUTE', payload }));
  } catch {
    return null;
  }
}
