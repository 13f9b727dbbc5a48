import { type Libc, SystemError } from '@ifdepd/libc';
import { type LinkRecord, type RouteAbi, watchLinks } from '@ifdepd/linkwatch';
import { openGuardSocket, openLinkSensor, openLossSocket, openRepairSocket } from '@ifdepd/linkwatch/linux';
import { type NetIfAbi, openNetIf } from '@ifdepd/netif';
import { type DownRequest, downRequests, openCarrierCounter, upRequests } from '@ifdepd/netif/linux';
import { type Loop, realLoop } from './loop.ts';

/** The kernel that a daemon works on: the one it runs under, or any other that a libc reaches. */
export type Kernel = ReturnType<typeof openKernel>;

/**
 * Opens a kernel. Every question about interfaces goes through it.
 *
 * @throws {SystemError} where not even a datagram socket can be opened
 */
export function openKernel(libc: Libc, { netif, links }: SystemTables = {}, loop: Loop = realLoop) {
  const options = netif === undefined ? { libc } : { libc, abi: netif };
  return {
    libc,
    /** To be closed by the caller of {@link openKernel}. */
    netif: openNetIf(options),
    /** Opens a watch over its links, or those of some names. @param waitForList as for `watchLinks` of @ifdepd/linkwatch */
    watchLinks: (interest?: readonly string[], waitForList = true) =>
      watchLinks({
        libc,
        loop,
        waitForList,
        ...(links === undefined ? {} : { abi: links }),
        ...(interest === undefined ? {} : { interest }),
      }),
    /** Opens the socket that signals activity on any link; null on a system without one. */
    openSensor: () => openLinkSensor({ libc }),
    /** Opens the socket that receives only carrier losses; null on a system without one. */
    openLossSocket: () => openLossSocket({ libc }),
    /** Opens the socket that receives only messages of active links; null on a system without one. */
    openRepairSocket: () => openRepairSocket({ libc }),
    /** Opens the socket that receives what makes a repair doubtful; null on a system without one. */
    openGuardSocket: () => openGuardSocket({ libc }),
    /** Opens the counter of an interface's carrier changes; null where there is no reliable one, or no descriptor for it. */
    openCarrierCounter: (name: string) => orNull(() => openCarrierCounter(name, options)),
    /** The rtnetlink(7) requests that set these interfaces down; null on a system without rtnetlink. */
    downRequests: (of: readonly DownRequest[]) => downRequests(libc.target, of),
    /** The requests that set these interfaces up; null as {@link downRequests}. */
    upRequests: (names: readonly string[]) => upRequests(libc.target, names),
  };
}

/**
 * Lists all links of a system without holding the event loop.
 *
 * @param signal rejects with its reason
 */
export async function listLinks(
  libc: Libc,
  { links }: SystemTables,
  signal: AbortSignal,
): Promise<readonly LinkRecord[]> {
  const abi = links === undefined ? {} : { abi: links };
  using watch = watchLinks({ libc, ...abi, signal, waitForList: false });
  const first = await watch[Symbol.asyncIterator]().next();
  return first.value?.type === 'snapshot' ? first.value.links : [];
}

/** Numbers of the system that a libc reaches. Default: those of its target, for the present versions of that system. */
export interface SystemTables {
  /** Structures and requests of ioctl(2): `abis` and `netbsd8` of @ifdepd/netif. */
  readonly netif?: NetIfAbi;
  /** Messages of routing sockets: `routeAbis` and `netbsd7` of @ifdepd/linkwatch. */
  readonly links?: RouteAbi;
}

/** The answer of the system; null where it refuses to answer. */
export function orNull<Answer>(ask: () => Answer): Answer | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof SystemError) {
      return null;
    }
    throw error;
  }
}
