import { linux } from '@ifdepd/netlink';
import { decodeAddress, decodeNeighbour, decodeRoute } from '@ifdepd/netlink/rtnetlink';
import { addressKey, neighbourKey, routeKey } from '../keys.ts';
import type { AddressRecord, IpFamily, NeighbourRecord, RouteRecord } from '../records.ts';
import { type Scope, wantsFamily, wantsLength, wantsTable } from '../scope.ts';
import type { Keyed } from './kept-list.ts';
import { addressRecord, type NameOf, neighbourRecord, routeRecord } from './records-of.ts';

const [DESTINATION_LENGTH] = linux.struct.rtmsg.fields.rtm_dst_len;

/** Reads a route of one family, where the scope wants it. A kernel without IPv6 lists those of IPv4 for it. */
export function readRoute(
  payload: Uint8Array,
  family: IpFamily,
  scope: Scope,
  nameOf: NameOf,
): Keyed<RouteRecord> | null {
  // Before everything else: a router of the Internet has a million routes.
  if (!wantsLength(scope, payload[DESTINATION_LENGTH] ?? 0)) {
    return null;
  }
  const route = decodeRoute(payload);
  if (route === null || route.cloned || !wantsTable(scope, route.table)) {
    return null;
  }
  const entry = routeRecord(route, nameOf);
  return entry.family === family ? { key: routeKey(entry), entry } : null;
}

/** Reads an address, where the scope wants it. */
export function readAddress(payload: Uint8Array, scope: Scope, nameOf: NameOf): Keyed<AddressRecord> | null {
  const address = decodeAddress(payload);
  if (address === null || !scope.addresses || !wantsFamily(scope, address.family)) {
    return null;
  }
  const entry = addressRecord(address, nameOf);
  return { key: addressKey(entry), entry };
}

/** Reads a neighbour, where the scope wants it. An address that this host answers for (proxy) is none. */
export function readNeighbour(
  payload: Uint8Array,
  scope: Scope,
  nameOf: NameOf,
): Keyed<NeighbourRecord> | null {
  const neighbour = decodeNeighbour(payload);
  if (neighbour === null || neighbour.proxy || !wantsFamily(scope, neighbour.family)) {
    return null;
  }
  const entry = neighbourRecord(neighbour, nameOf);
  return { key: neighbourKey(entry), entry };
}
