import { type Libc, loadLibc, SystemError } from '@ifdepd/libc';
import { routeAbiOf } from './abi/index.ts';
import type { RouteAbi } from './abi/route-abi.ts';
import type { LinkBackend } from './backends/backend.ts';
import { openPolling } from './backends/polling.ts';
import { openRouteSocket } from './backends/route-socket.ts';
import { openRtnetlink } from './backends/rtnetlink.ts';
import type { LinkWatch } from './link-watch.ts';
import { LinkWatcher } from './link-watcher.ts';
import { checkNames, checkOptions } from './options.ts';
import type { ReadingLoop } from './reading-loop.ts';
import { showsOtherNamespace } from './sysfs/other-namespace.ts';

/** The part of `AbortSignal` that is used, so that the declarations of this package need no types of a runtime. */
export interface AbortSignalLike {
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Options of {@link watchLinks}. */
export interface WatchLinksOptions {
  /** The libc to use. Default: that of this system. */
  readonly libc?: Libc;
  /**
   * Routing sockets: the numbers of the system that `libc` reaches. Default: the table of the target of `libc`, for its current
   * versions ({@link routeAbis}).
   */
  readonly abi?: RouteAbi;
  /** An `AbortSignal` that closes the watch. Iterators reject with its reason. */
  readonly signal?: AbortSignalLike;
  /**
   * The source of the events. Default `auto`: the messages of the system that `libc` reaches, which are rtnetlink on Linux and a
   * routing socket elsewhere. When Linux refuses those, polling; {@link LinkWatch.backendReason} then gives the reason. A
   * `LinkBackend` of the caller is used unchanged, and disposed on close.
   */
  readonly backend?: 'auto' | 'rtnetlink' | 'route-socket' | 'polling' | LinkBackend;
  /**
   * The names, or alternative names, of interest. The table and the events are those of the links with these names, as if there were
   * no others. A link that is renamed to one of them arrives, and a link that loses its last one departs. On Linux a socket filter
   * drops the events of all other links in the kernel, so that they cost this process nothing. Default: all. See also
   * {@link LinkWatch.setInterest}.
   */
  readonly interest?: Iterable<string>;
  /**
   * Whether the first list is complete when `watchLinks` returns. A list of 3,000 links takes some 50 ms. With false the event loop
   * continues between its parts, and a listener gets the snapshot when it is complete. Default: true.
   */
  readonly waitForList?: boolean;
  /**
   * The bytes of messages that the kernel keeps while this process is busy. Default: 8 MiB, some 6,000 messages on Linux. Without
   * CAP_NET_ADMIN it is at most `net.core.rmem_max`. A routing socket gets as much as the kernel allows.
   */
  readonly receiveBufferBytes?: number;
  /** The most events that wait in an async iterator before a snapshot replaces them. Default: 1,024. */
  readonly queueLimit?: number;
  /**
   * Polling: milliseconds between two reads. Default: 250. A read of 1,000 links takes 50 ms; polling ten links takes a fraction of a
   * percent of a core.
   */
  readonly pollIntervalMs?: number;
  /**
   * Routing sockets: milliseconds between two lists on a system that drops messages silently (FreeBSD before 14, macOS). Only
   * differences are reported. Default: 60,000.
   */
  readonly resyncIntervalMs?: number;
  /**
   * The time and the scheduling that the watch reads with, for a simulation. The periods of polling and of a routing socket pass in
   * real time all the same. Default: the event loop of this process.
   */
  readonly loop?: ReadingLoop;
  /** Polling: the directory of the links. Default: `/sys/class/net`. */
  readonly sysClassNet?: string;
}

const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;
const QUEUE_LIMIT = 1024;
const POLL_INTERVAL_MS = 250;
const RESYNC_INTERVAL_MS = 60_000;
const SYS_CLASS_NET = '/sys/class/net';

/**
 * Watches the network interfaces of the network namespace that this thread is in.
 *
 * It listens before it requests the list of links, so that no event is missed. On Linux the list is complete when this returns
 * ({@link LinkWatch.links}), unless {@link WatchLinksOptions.waitForList} is false.
 *
 * @throws {SystemError} when the system refuses; on Linux, where polling could help, also when sysfs shows another namespace
 * @throws {TypeError | RangeError} when an option is wrong, before anything is opened
 * @throws the reason of a signal that is already aborted
 *
 * @example
 * ```ts
 * import { health, watchLinks } from '@ifdepd/linkwatch';
 * import { scriptedBackend } from '@ifdepd/linkwatch/testing';
 *
 * // Without `backend`, it watches this system.
 * const system = scriptedBackend([{ index: 2, name: 'eth0' }]);
 * const watch = watchLinks({ backend: system, interest: ['eth0'] });
 * watch.subscribe((event) => {
 *   if (event.type === 'changed') console.log(event.link.name, health(event.link).reason); // eth0 no carrier
 * });
 * system.set({ index: 2, name: 'eth0', carrier: false });
 * watch.close();
 * ```
 */
export function watchLinks(options: WatchLinksOptions = {}): LinkWatch {
  checkOptions(options);
  const { signal, backend = 'auto' } = options;
  signal?.throwIfAborted();
  const watcher = open(backend, options);
  if (signal !== undefined) {
    const abort = () => watcher.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    watcher.onClose(() => signal.removeEventListener('abort', abort));
  }
  return watcher;
}

function open(backend: NonNullable<WatchLinksOptions['backend']>, options: WatchLinksOptions): LinkWatcher {
  switch (backend) {
    case 'rtnetlink':
      return rtnetlink(options);
    case 'route-socket':
      return routeSocket(options);
    case 'polling':
      return polling(options, null);
    case 'auto':
      return automatic(options);
    default:
      return start(backend, options, null, 'links');
  }
}

function automatic(given: WatchLinksOptions): LinkWatcher {
  const options = { ...given, libc: given.libc ?? loadLibc() };
  if ((given.abi ?? routeAbiOf(options.libc.target.platform)) !== null) {
    return routeSocket(options);
  }
  try {
    return rtnetlink(options);
  } catch (error) {
    // Polling helps in a sandbox (seccomp) and on a kernel without netlink, but not when descriptors have run out.
    if (!(error instanceof SystemError && (error.kind === 'unsupported' || error.kind === 'not-permitted'))) {
      throw error;
    }
    if (options.sysClassNet === undefined && showsOtherNamespace(SYS_CLASS_NET)) {
      error.cause = new Error(`${SYS_CLASS_NET} cannot be read instead: it shows another network namespace`);
      throw error;
    }
    try {
      return polling(options, `no link messages: ${error.message}`);
    } catch (cause) {
      // The first error is the one to repair.
      error.cause = cause;
      throw error;
    }
  }
}

function rtnetlink(options: WatchLinksOptions): LinkWatcher {
  const libc = options.libc ?? loadLibc();
  const { receiveBufferBytes = RECEIVE_BUFFER_BYTES } = options;
  return start(openRtnetlink({ libc, receiveBufferBytes }), { ...options, libc }, null, 'rtnetlink socket');
}

/** @throws {RangeError} on a system without a table for routing sockets */
function routeSocket(options: WatchLinksOptions): LinkWatcher {
  const { libc = loadLibc(), receiveBufferBytes = RECEIVE_BUFFER_BYTES } = options;
  const { resyncIntervalMs = RESYNC_INTERVAL_MS } = options;
  const { platform } = libc.target;
  const abi = options.abi ?? routeAbiOf(platform);
  if (abi === null) {
    throw new RangeError(`there is no routing socket for links on ${platform}`);
  }
  const backend = openRouteSocket({ libc, abi, receiveBufferBytes, resyncIntervalMs });
  return start(backend, { ...options, libc }, null, 'routing socket');
}

function polling(options: WatchLinksOptions, reason: string | null): LinkWatcher {
  const { sysClassNet: directory = SYS_CLASS_NET, pollIntervalMs: intervalMs = POLL_INTERVAL_MS } = options;
  return start(openPolling({ directory, intervalMs }), options, reason, directory);
}

/** @throws {SystemError} when the system refuses the first list: the caller must not wait for ever */
function start(
  backend: LinkBackend,
  options: WatchLinksOptions,
  reason: string | null,
  subject: string,
): LinkWatcher {
  const names = options.interest === undefined ? null : checkNames('watchLinks: interest', options.interest);
  let watcher: LinkWatcher;
  try {
    watcher = new LinkWatcher(
      backend,
      options.queueLimit ?? QUEUE_LIMIT,
      reason,
      names,
      options.waitForList,
      options.loop,
    );
  } catch (error) {
    backend[Symbol.dispose]();
    throw error;
  }
  if (watcher.refusal !== null) {
    watcher.close();
    const { target } = options.libc ?? loadLibc();
    throw new SystemError(target, watcher.refusal, 'list of links', subject);
  }
  return watcher;
}
