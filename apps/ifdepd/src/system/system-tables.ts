import type { RouteAbi } from '@ifdepd/linkwatch';
import type { NetIfAbi } from '@ifdepd/netif';

/** Numbers of the system that a libc reaches. Default: those of its target, for the present versions of that system. */
export interface SystemTables {
  /** Structures and requests of ioctl(2): `abis` and `netbsd8` of @ifdepd/netif. */
  readonly netif?: NetIfAbi;
  /** Messages of routing sockets: `routeAbis` and `netbsd7` of @ifdepd/linkwatch. */
  readonly links?: RouteAbi;
}
