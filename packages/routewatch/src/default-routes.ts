import { linux } from '@ifdepd/netlink';
import { type IpFamily, isDefaultRoute, type NextHop, type RouteRecord } from './records.ts';

const { RT_TABLE_MAIN } = linux.route;

/**
 * The default routes among some, the one that counts first: by metric, and in the order of the kernel where they are equal.
 *
 * @param hasTables whether the routes are of several tables, as on Linux: the main one counts
 */
export function defaultRoutesOf(routes: Iterable<RouteRecord>, hasTables: boolean): readonly RouteRecord[] {
  return [...routes]
    .filter((route) => isDefaultRoute(route) && route.type === 'unicast')
    .filter(({ table }) => !hasTables || table === RT_TABLE_MAIN)
    .sort((one, other) => one.metric - other.metric);
}

/**
 * The default route that packets take: the first with a next hop that is not dead. Linux takes one without a carrier too, unless
 * `ignore_routes_with_linkdown` is set for the interface. So `linkDown` does not count here.
 */
export function firstUsable(routes: readonly RouteRecord[], family: IpFamily): RouteRecord | null {
  const usable = ({ dead }: NextHop) => !dead;
  return routes.find((route) => route.family === family && route.nextHops.some(usable)) ?? null;
}
