import { type Libc, loadLibc, SystemError } from '@ifdepd/libc';
import { routeAbiOf } from './bsd/route-abi.ts';
import { openRouteSocket } from './bsd/route-socket.ts';
import { zeroCounters } from './counters.ts';
import { openRtnetlink } from './linux/rtnetlink.ts';
import { checkedScope, refuseNeighbours } from './options.ts';
import type { IpFamily } from './records.ts';
import type { RouteWatch } from './route-watch.ts';
import { RouteWatcher } from './route-watcher.ts';

/** The part of `AbortSignal` that is used, so that the declarations of this package need no types of a runtime. */
export interface AbortSignalLike {
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Options of {@link watchRoutes}. */
export interface WatchRoutesOptions {
  /** The libc to use. Default: that of this system. */
  readonly libc?: Libc;
  /** An `AbortSignal` that closes the watch. Iterators reject with its reason. */
  readonly signal?: AbortSignalLike;
  /** Default: both. */
  readonly families?: readonly IpFamily[];
  /** `default`: default routes alone, on a router with very many routes. Default: `all`. */
  readonly routes?: 'all' | 'default' | 'none';
  /** Linux: the tables of routes, by number. Default: `all`, which is all but 255, the table of local addresses. */
  readonly tables?: 'all' | readonly number[];
  /** Default: true. */
  readonly addresses?: boolean;
  /** Linux: neighbours change state all the time. Default: false. */
  readonly neighbours?: boolean;
  /**
   * The bytes of messages that the kernel keeps while this process is busy. Default: 4 MiB. Without CAP_NET_ADMIN it is at most
   * `net.core.rmem_max`. A routing socket gets as much as the kernel allows.
   */
  readonly receiveBufferBytes?: number;
  /** The most events that wait in an async iterator before a snapshot replaces them. Default: 1,024. */
  readonly queueLimit?: number;
  /**
   * Routing sockets: milliseconds between two lists on a system that drops messages silently (FreeBSD before 14, macOS). Default:
   * 60,000.
   */
  readonly resyncIntervalMs?: number;
}

const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
const QUEUE_LIMIT = 1024;
const RESYNC_INTERVAL_MS = 60_000;

/**
 * Watches the routes, the addresses and, if wanted, the neighbours of the network namespace that this thread is in. It listens
 * before it requests the lists, so that no change is missed.
 *
 * @throws {SystemError} where the system refuses
 * @throws {DecodeError} where its lists have another format, on an old version of a BSD
 * @throws {TypeError | RangeError} where an option is wrong, or names what this system has not, before anything is opened
 * @throws the reason of a signal that is already aborted
 *
 * @example
 * ```ts
 * import { watchRoutes } from '@ifdepd/routewatch';
 *
 * const watch = watchRoutes();
 * watch.subscribe((event) => console.log(event.type)); // snapshot
 * watch.close();
 * ```
 */
export function watchRoutes(options: WatchRoutesOptions = {}): RouteWatch {
  const scope = checkedScope('watchRoutes', options);
  const { signal, libc = loadLibc(), queueLimit = QUEUE_LIMIT } = options;
  signal?.throwIfAborted();
  const { receiveBufferBytes = RECEIVE_BUFFER_BYTES, resyncIntervalMs = RESYNC_INTERVAL_MS } = options;
  if (scope.neighbours) {
    refuseNeighbours('watchRoutes', libc);
  }
  const abi = routeAbiOf(libc.target.platform);
  const counters = zeroCounters();
  const watcher = new RouteWatcher({
    counters,
    queueLimit,
    hasTables: abi === null,
    open: (tables) => {
      const parts = { libc, receiveBufferBytes, scope, tables, counters };
      return abi === null ? openRtnetlink(parts) : openRouteSocket({ ...parts, abi, resyncIntervalMs });
    },
  });
  const { refusal } = watcher;
  if (refusal !== null) {
    watcher.close();
    throw new SystemError(libc.target, refusal, 'list of routes', watcher.backend);
  }
  if (signal !== undefined) {
    const abort = () => watcher.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    watcher.onClose(() => signal.removeEventListener('abort', abort));
  }
  return watcher;
}
