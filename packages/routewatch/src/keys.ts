import type { AddressRecord, NeighbourRecord, RouteRecord } from './records.ts';

/** What tells a route from others. A kernel may have several routes with one key, to be told apart by their order. */
export function routeKey(route: RouteRecord): string {
  const { family, destination, source, table, metric, tos, nextHops } = route;
  // Each link with IPv6 has a route to fe80::/64 of its own. Through routers, several links are the next hops of one route.
  const [hop] = nextHops;
  const link = family === 'ipv6' && nextHops.length === 1 && hop?.gateway === null ? hop.index : '';
  return `${destination} ${source ?? ''} ${table} ${metric} ${tos} ${link}`;
}

export function addressKey({ address, prefixLength, peer, index }: AddressRecord): string {
  return `${address}/${prefixLength} ${peer ?? ''} ${index}`;
}

export function neighbourKey({ address, index }: NeighbourRecord): string {
  return `${address} ${index}`;
}

/** The key of the `count`th entry with one key, from 0. */
export function nthKey(key: string, count: number): string {
  return count === 0 ? key : `${key} #${count}`;
}

/** Gives each entry of a list a key: those with the same one are numbered in their order. */
export function addNumbered<Entry>(list: Map<string, Entry>, key: string, entry: Entry): void {
  let count = 0;
  while (list.has(nthKey(key, count))) {
    count += 1;
  }
  list.set(nthKey(key, count), entry);
}
