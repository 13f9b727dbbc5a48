import { attributeOf, attributesIn, type Bytes, u16, u32 } from './attributes.ts';
import type { Rtnetlink } from './dump.ts';
import { HEADER_BYTES, RTNETLINK } from './numbers.ts';

/** A route that goes through interfaces. */
export interface HostRoute {
  readonly family: 4 | 6;
  /** The net: 4 or 16 bytes, and how many bits of it count. A length of 0 is the default route. */
  readonly destination: Uint8Array;
  readonly length: number;
  readonly table: number;
  /** RTPROT_* of rtnetlink.h: who has set it. */
  readonly protocol: number;
  /** The kernel's numbers of the interfaces of its next hops. */
  readonly indices: readonly number[];
  /** The nexthop object (ip-nexthop(8)) that it uses; null where the route has next hops of its own. */
  readonly nextHopId: number | null;
}

/**
 * The routes that setting an interface down can take away: unicast, of all tables but the one of local addresses.
 *
 * @param wanted by length and protocol: a router of the Internet has a million that nobody here asks for
 * @throws {SystemError} as the kernel refuses to list them
 */
export function listRoutes(
  rtnetlink: Rtnetlink,
  wanted: (length: number, protocol: number) => boolean,
): readonly HostRoute[] {
  let routes: HostRoute[] = [];
  const request = {
    type: RTNETLINK.RTM_GETROUTE,
    name: 'RTM_GETROUTE',
    payload: new Uint8Array(HEADER_BYTES.route),
  };
  rtnetlink.list(
    request,
    (payload) => {
      const route = wanted(payload[1] ?? 0, payload[5] ?? 0) ? decodeRoute(payload) : null;
      if (route !== null) {
        routes.push(route);
      }
    },
    () => {
      routes = [];
    },
  );
  return routes;
}

/**
 * struct rtmsg: family 0, destination length 1, source length 2, tos 3, table 4, protocol 5, scope 6, type 7, flags 8.
 * Null for what is no route through an interface.
 */
export function decodeRoute(payload: Bytes): HostRoute | null {
  const { AF_INET, AF_INET6, RTA, RTM_F_CLONED, RTN_UNICAST, RT_TABLE_LOCAL } = RTNETLINK;
  const [number, length = 0, , , low = 0, protocol = 0, , type] = payload;
  const family = number === AF_INET ? 4 : number === AF_INET6 ? 6 : null;
  if (family === null || type !== RTN_UNICAST || (u32(payload, 8) & RTM_F_CLONED) !== 0) {
    return null;
  }
  let table = low;
  let nextHopId: number | null = null;
  const destination = new Uint8Array(family === 4 ? 4 : 16);
  const indices: number[] = [];
  for (const { type: attribute, value } of attributesIn(payload.subarray(HEADER_BYTES.route))) {
    if (attribute === RTA.DST) {
      destination.set(value.subarray(0, destination.byteLength));
    } else if (attribute === RTA.OIF) {
      indices.push(u32(value, 0));
    } else if (attribute === RTA.TABLE) {
      table = u32(value, 0);
    } else if (attribute === RTA.NH_ID) {
      nextHopId = u32(value, 0);
    } else if (attribute === RTA.MULTIPATH) {
      indices.push(...multipath(value));
    }
  }
  return table === RT_TABLE_LOCAL || (indices.length === 0 && nextHopId === null)
    ? null
    : { family, destination, length, table, protocol, indices, nextHopId };
}

/** struct rtnexthop: length 0 (of two bytes), flags 2, hops 3, interface 4; then its attributes. */
function* multipath(value: Bytes): Iterable<number> {
  for (let at = 0; at + 8 <= value.byteLength; ) {
    const length = u16(value, at);
    if (length < 8) {
      return;
    }
    yield u32(value, at + 4);
    at += (length + 3) & ~3;
  }
}

/** Through which interface this host answers an address; null where it has no way to it. */
export function wayTo(rtnetlink: Rtnetlink, address: Uint8Array): number | null {
  const payload = new Uint8Array(HEADER_BYTES.route + RTNETLINK.NLA_HDRLEN + address.byteLength);
  payload[0] = address.byteLength === 4 ? RTNETLINK.AF_INET : RTNETLINK.AF_INET6;
  payload[1] = address.byteLength * 8;
  new DataView(payload.buffer).setUint16(HEADER_BYTES.route, RTNETLINK.NLA_HDRLEN + address.byteLength, true);
  new DataView(payload.buffer).setUint16(HEADER_BYTES.route + 2, RTNETLINK.RTA.DST, true);
  payload.set(address, HEADER_BYTES.route + RTNETLINK.NLA_HDRLEN);
  let index: number | null = null;
  try {
    rtnetlink.list(
      { type: RTNETLINK.RTM_GETROUTE, name: 'RTM_GETROUTE', payload, all: false },
      (answer) => {
        const oif = attributeOf(answer.subarray(HEADER_BYTES.route), RTNETLINK.RTA.OIF);
        index = oif === null ? null : u32(oif, 0);
      },
      () => undefined,
    );
  } catch {
    return null;
  }
  return index;
}
