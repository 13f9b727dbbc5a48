import type { AddressRecord, NextHop, RouteRecord } from '@ifdepd/routewatch';
import type { IpFamily, ListTarget } from '../config/local-target.ts';
import type { SourceHealth } from '../engine/sources/index.ts';

/** What a system says about its routes and addresses. */
export interface LocalState {
  readonly routes: readonly RouteRecord[];
  readonly addresses: readonly AddressRecord[];
  /** The number of the interface that has a name; null for none. */
  indexOf(name: string): number | null;
}

type Of<K extends ListTarget['kind']> = Extract<ListTarget, { kind: K }>;

/** Whether what a probe asks for is there, and why. */
export function localVerdict(target: ListTarget, state: LocalState): SourceHealth {
  return target.kind === 'route' ? routeVerdict(target, state) : addressVerdict(target, state);
}

/**
 * A route is active while the one that packets take has a next hop with a carrier. Of several that is the one with the lowest
 * metric whose next hops are not all dead: Linux sends into a link without a carrier, unless `ignore_routes_with_linkdown` makes
 * its next hops dead.
 */
function routeVerdict({ destination, interface: through, ...target }: Of<'route'>, state: LocalState) {
  const index = through === undefined ? null : state.indexOf(through);
  const subject = isDefault(destination)
    ? `default route (${NAMES[target.family]})`
    : `route to ${destination}`;
  const where = through === undefined ? '' : ` on ${through}`;
  if (through !== undefined && index === null) {
    return failed(`no ${subject}: there is no interface ${through}`);
  }
  const found = state.routes
    .filter((route) => isRouteTo(route, destination))
    .sort((one, other) => one.metric - other.metric)
    .map((route) => ({ route, hops: route.nextHops.filter((hop) => index === null || hop.index === index) }));
  const ways = found.filter(({ route, hops }) => route.type === 'unicast' && hops.length > 0);
  const taken = ways.find(({ hops }) => hops.some(({ dead }) => !dead));
  const hop = taken?.hops.find(({ dead, linkDown }) => !dead && !linkDown);
  if (hop !== undefined) {
    return { health: 'active', reason: `${subject} ${wayOf(hop)}` } as const;
  }
  const [dark] = (taken ?? ways[0])?.hops ?? [];
  if (dark !== undefined) {
    return failed(`${subject} ${wayOf(dark)}, which ${dark.dead ? 'is down' : 'has no carrier'}`);
  }
  const other = found.find(({ route }) => route.nextHops.length === 0)?.route.type;
  return failed(`no ${subject}${where}${other === undefined ? '' : ` but one of type ${other}`}`);
}

const NAMES: Readonly<Record<IpFamily, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

function isDefault(destination: string): boolean {
  return destination.endsWith('/0');
}

/** Whether a route is the one to this net: for every source and type of service. */
function isRouteTo(route: RouteRecord, destination: string): boolean {
  return route.destination === destination && route.source === null && route.tos === 0;
}

function wayOf({ gateway, interface: name, index }: NextHop): string {
  return `${gateway === null ? '' : `via ${gateway} `}on ${name ?? `interface ${index}`}`;
}

function failed(reason: string): SourceHealth {
  return { health: 'failed', reason };
}

/** An address is active while it may be used for new connections beyond its link. */
function addressVerdict({ family, interface: name }: Of<'address'>, state: LocalState): SourceHealth {
  const index = state.indexOf(name);
  if (index === null) {
    return failed(`no ${NAMES[family]} address: there is no interface ${name}`);
  }
  const all = state.addresses.filter((one) => one.family === family && one.index === index);
  const good = all.find((one) => faultOf(one) === null);
  if (good !== undefined) {
    return { health: 'active', reason: `${good.address}/${good.prefixLength} on ${name}` };
  }
  const [first] = all;
  const fault = first === undefined ? '' : `: ${first.address} ${faultOf(first)}`;
  return failed(`no ${first === undefined ? '' : 'usable '}${NAMES[family]} address on ${name}${fault}`);
}

/** Why an address does not count; null where it does. */
function faultOf({ address, tentative, duplicate, deprecated }: AddressRecord): string | null {
  if (/^(?:fe[89ab][\da-f]:|169\.254\.)/.test(address)) {
    return 'is for its link alone';
  }
  if (duplicate) {
    return 'belongs to another host, too';
  }
  if (tentative) {
    return 'is still checked for duplicates';
  }
  return deprecated ? 'is deprecated' : null;
}
