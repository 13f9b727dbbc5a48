import { linux } from '@ifdepd/netlink';
import {
  addressText,
  type KernelNeighbour,
  type KernelNextHopObject,
  type KernelRoute,
} from '@ifdepd/netlink/rtnetlink';
import { grouped } from './grouped.ts';

/** The protocols of routes that nothing restores. Routing daemons have other numbers, and restore their own. */
const { RTN_LOCAL, RTN_MULTICAST, RTPROT_BOOT, RTPROT_STATIC, RT_TABLE_MAIN } = linux.route;

/** What a host loses of its routes when interfaces are set down. */
export interface LostRoutes {
  /** The default route of the main table: all of it, one of its next hops, or nothing. */
  readonly default: 'whole' | 'for good' | 'one next hop' | null;
  /** The nets of other routes that nothing restores: `10.0.0.0/8`, `default (table 100)`. */
  readonly nets: readonly string[];
  /** The ids of nexthop objects: Linux deletes them for good, with the routes that use them. */
  readonly nextHops: readonly number[];
}

/** Interfaces that are lost at the same time, by index. */
export interface LostInterfaces {
  /** Those that are set down. */
  readonly closed: ReadonlySet<number>;
  /** Those that lose their carrier alone. */
  readonly dark: ReadonlySet<number>;
}

/** The routes and nexthop objects of a host by the index of the interfaces of their next hops. */
export interface RouteTable {
  readonly all: readonly ResolvedRoute[];
  readonly routes: ReadonlyMap<number, readonly ResolvedRoute[]>;
  readonly nextHops: ReadonlyMap<number, readonly KernelNextHopObject[]>;
}

/** A route with the interfaces of its next hops, named directly or by nexthop objects. */
export interface ResolvedRoute extends KernelRoute {
  /** The kernel's numbers; null for a next hop that is on none. */
  readonly through: readonly (number | null)[];
}

/** Looks nexthop objects up, and groups. */
export function routeTable(
  routes: readonly KernelRoute[],
  nextHops: readonly KernelNextHopObject[],
): RouteTable {
  const byId = new Map(nextHops.map((one) => [one.id, one]));
  const resolved = routes.map((route): ResolvedRoute => {
    const object = route.nextHopId === null ? undefined : byId.get(route.nextHopId);
    const single = object === undefined ? [] : object.members.length > 0 ? object.members : [object.id];
    const through =
      object === undefined
        ? route.hops.map(({ index }) => index)
        : single.map((id) => byId.get(id)?.index ?? null);
    return { ...route, through };
  });
  return {
    all: resolved,
    routes: grouped(resolved, ({ through }) => new Set(through)),
    nextHops: grouped(nextHops, ({ index }) => [index]),
  };
}

/** Which routes {@link lostRoutes} needs: the default route, and those of a person or a boot script. */
export function isOfInterest(length: number, protocol: number): boolean {
  return length === 0 || protocol === RTPROT_BOOT || protocol === RTPROT_STATIC;
}

/**
 * Whether setting an interface down can delete it: a route through interfaces, in any table. Those of IPv4 to addresses of
 * this host stay (their scope is RT_SCOPE_NOWHERE); blackholes and the like are through none.
 */
export function isThroughInterfaces({ family, type, hops, nextHopId }: KernelRoute): boolean {
  const through = type <= RTN_MULTICAST && (family === 6 || type !== RTN_LOCAL);
  return through && (hops.length > 0 || nextHopId !== null);
}

/**
 * Linux deletes a route when the last of its next hops is on an interface that is set down (fib_sync_down_dev(),
 * fib6_ifdown()); one of several is dead until the interface is up again. A nexthop object is deleted even when its
 * interface loses its carrier (nh_netdev_event()), in groups too.
 *
 * @param own the interfaces whose routes are looked at
 * @param lost all that are lost at the same time
 * @param restores whether a network manager restores routes of protocol static
 */
export function lostRoutes(
  { routes, nextHops }: RouteTable,
  own: ReadonlySet<number>,
  { closed, dark }: LostInterfaces,
  restores: boolean,
): LostRoutes {
  const nets: string[] = [];
  let ofDefault: LostRoutes['default'] = null;
  for (const route of new Set([...own].flatMap((index) => routes.get(index) ?? []))) {
    const { through, nextHopId } = route;
    const deleted = through.filter(
      (hop) => hop !== null && (closed.has(hop) || (nextHopId !== null && dark.has(hop))),
    ).length;
    const useless = through.filter((hop) => hop !== null && (closed.has(hop) || dark.has(hop))).length;
    const goes = deleted === through.length;
    const stays = nextHopId !== null || isForgotten(route, restores);
    if (route.length === 0 && route.table === RT_TABLE_MAIN) {
      const now = useless < through.length ? 'one next hop' : goes && stays ? 'for good' : 'whole';
      ofDefault = isWorse(now, ofDefault) ? now : ofDefault;
    } else if (goes && stays) {
      nets.push(netOf(route));
    }
  }
  const objects = [...own].flatMap((index) => nextHops.get(index) ?? []);
  return { default: ofDefault, nets, nextHops: objects.map(({ id }) => id) };
}

const WORST: readonly LostRoutes['default'][] = [null, 'one next hop', 'whole', 'for good'];

function isWorse(one: LostRoutes['default'], than: LostRoutes['default']): boolean {
  return WORST.indexOf(one) > WORST.indexOf(than);
}

/** What is lost beyond other losses. */
export function beyond(all: LostRoutes, others: LostRoutes): LostRoutes {
  return {
    default: isWorse(all.default, others.default) ? all.default : null,
    nets: all.nets.filter((net) => !others.nets.includes(net)),
    nextHops: all.nextHops.filter((id) => !others.nextHops.includes(id)),
  };
}

/** Whether nothing restores a route that the kernel has deleted. */
function isForgotten({ protocol }: KernelRoute, restores: boolean): boolean {
  return protocol === RTPROT_BOOT || (protocol === RTPROT_STATIC && !restores);
}

function netOf({ destination, length, table }: KernelRoute): string {
  const net = length === 0 ? 'default' : `${addressText(destination)}/${length}`;
  return table === RT_TABLE_MAIN ? net : `${net} (table ${table})`;
}

/** The neighbours that Linux forgets for good with their interface (neigh_ifdown()): `192.0.2.7`, `192.0.2.8 (proxy)`. */
export function lostNeighbours(
  neighbours: ReadonlyMap<number, readonly KernelNeighbour[]>,
  closed: ReadonlySet<number>,
): readonly string[] {
  return [...closed]
    .flatMap((index) => neighbours.get(index) ?? [])
    .map(({ address, proxy }) => `${addressText(address)}${proxy ? ' (proxy)' : ''}`);
}
