export { type Libc, SystemError, type SystemErrorKind } from '@ifdepd/libc';
export { DecodeError } from '@ifdepd/netlink';
export type { RouteCounters } from './counters.ts';
export type { EntryEvent, RouteEvent, RouteSnapshot } from './events.ts';
export type { RouteListener } from './listeners.ts';
export { defaultRoute, type ListOptions, listAddresses, listNeighbours, listRoutes } from './lists.ts';
export {
  type AddressRecord,
  type IpFamily,
  isDefaultRoute,
  type NeighbourRecord,
  type NeighbourState,
  type NextHop,
  type RouteRecord,
  type RouteType,
} from './records.ts';
export type { RouteWatch } from './route-watch.ts';
export { type AbortSignalLike, type WatchRoutesOptions, watchRoutes } from './watch-routes.ts';
