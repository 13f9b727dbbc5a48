import { type Libc, loadLibc, objectWith, oneOf } from '@ifdepd/libc';
import { linux } from '@ifdepd/netlink';
import { routeAbiOf } from './bsd/route-abi.ts';
import { readSysctlLists } from './bsd/sysctl-lists.ts';
import { defaultRoutesOf, firstUsable } from './default-routes.ts';
import { listNow } from './linux/list-now.ts';
import { readAddress, readNeighbour, readRoute } from './linux/read-entries.ts';
import { checkedScope, FAMILIES, refuseNeighbours } from './options.ts';
import type { AddressRecord, IpFamily, NeighbourRecord, RouteRecord } from './records.ts';
import { type Scope, wantsLength } from './scope.ts';
import type { WatchRoutesOptions } from './watch-routes.ts';

/** Options of {@link listRoutes} and its like: those of a watch that name what is listed. */
export type ListOptions = Pick<WatchRoutesOptions, 'libc' | 'families' | 'tables'>;

const [DESTINATION_LENGTH] = linux.struct.rtmsg.fields.rtm_dst_len;

/**
 * The routes that the kernel has now. Starts no process.
 *
 * @throws {SystemError} where the system refuses
 * @throws {DecodeError} where its lists have another format, on an old version of a BSD
 * @throws {TypeError | RangeError} where an option is wrong
 */
export function listRoutes(options: ListOptions = {}): readonly RouteRecord[] {
  objectWith('listRoutes: options', options);
  return routesNow(options.libc ?? loadLibc(), checkedScope('listRoutes', options));
}

/** The addresses of this host now. Throws as {@link listRoutes}. */
export function listAddresses(options: Omit<ListOptions, 'tables'> = {}): readonly AddressRecord[] {
  const scope = { ...checkedScope('listAddresses', options), routes: 'none' } as const;
  const libc = options.libc ?? loadLibc();
  const abi = routeAbiOf(libc.target.platform);
  if (abi !== null) {
    return [...readSysctlLists(libc, abi, scope).addresses.values()];
  }
  return listNow(
    libc,
    ['addresses'],
    () => true,
    (payload, nameOf) => readAddress(payload, scope, nameOf),
  );
}

/**
 * Linux: the neighbours that the kernel knows now. Throws as {@link listRoutes}.
 *
 * @throws {RangeError} on another system
 */
export function listNeighbours(options: Omit<ListOptions, 'tables'> = {}): readonly NeighbourRecord[] {
  const scope = checkedScope('listNeighbours', options);
  const libc = options.libc ?? loadLibc();
  refuseNeighbours('listNeighbours', libc);
  return listNow(
    libc,
    ['neighbours'],
    () => true,
    (payload, nameOf) => readNeighbour(payload, scope, nameOf),
  );
}

/**
 * The default route that packets take now; null where there is none. Its next hops have the gateways and the interfaces.
 * {@link RouteWatch.defaultRoute} answers without asking the kernel. Throws as {@link listRoutes}.
 *
 * @example
 * ```ts
 * import { defaultRoute } from '@ifdepd/routewatch';
 *
 * const hops = defaultRoute('ipv4')?.nextHops ?? [];
 * console.log(hops.every((hop) => hop.interface !== '')); // true
 * ```
 */
export function defaultRoute(family: IpFamily, options: Pick<ListOptions, 'libc'> = {}): RouteRecord | null {
  const families = [oneOf('defaultRoute: family', family, FAMILIES)];
  const scope = checkedScope('defaultRoute', { ...options, families, routes: 'default' });
  const libc = options.libc ?? loadLibc();
  return firstUsable(defaultRoutesOf(routesNow(libc, scope), libc.target.rtnetlink), family);
}

function routesNow(libc: Libc, wanted: Scope): readonly RouteRecord[] {
  const scope = { ...wanted, addresses: false };
  const abi = routeAbiOf(libc.target.platform);
  if (abi !== null) {
    const { ipv4, ipv6 } = readSysctlLists(libc, abi, scope);
    return [...ipv4.values(), ...ipv6.values()];
  }
  return listNow(
    libc,
    scope.families,
    (payload) => wantsLength(scope, payload[DESTINATION_LENGTH] ?? 0),
    (payload, nameOf, family) => readRoute(payload, family, scope, nameOf),
  );
}
