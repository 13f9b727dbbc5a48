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

/** What is used of an `AbortSignal`: the declarations of this package need those of no runtime. */
export interface AbortSignalLike {
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** How {@link watchLinks} works. */
export interface WatchLinksOptions {
  /** The calls it makes. Default: those of this system. */
  readonly libc?: Libc;
  /**
   * Routing sockets: the numbers of the system that `libc` reaches. Default: the table of the libc's target, for its
   * present versions ({@link routeAbis}).
   */
  readonly abi?: RouteAbi;
  /** Closes the watch when aborted; iterators reject with its reason. An `AbortSignal`. */
  readonly signal?: AbortSignalLike;
  /**
   * Where events come from. Default `auto`: messages of the system that `libc` reaches, rtnetlink on Linux and a routing
   * socket elsewhere. Where Linux does not let us have those, polling; {@link LinkWatch.backendReason} then says why.
   * A backend of one's own is used as it is, and disposed on close.
   */
  readonly backend?: 'auto' | 'rtnetlink' | 'route-socket' | 'polling' | LinkBackend;
  /**
   * The names, or alternative names, that are of interest: the table and the events are those of the links that answer
   * to them, as if there were no others. A link that is renamed to one of them arrives, one that loses its last one
   * departs. Linux drops news of all others in the kernel (a socket filter): they cost this process nothing. Default: all.
   * {@link LinkWatch.setInterest} changes it.
   */
  readonly interest?: Iterable<string>;
  /**
   * Bytes of messages that the kernel keeps while this process is busy. Default 8 MiB, some 6,000 messages on Linux;
   * without CAP_NET_ADMIN it is at most `net.core.rmem_max`. A routing socket gets as much of it as the kernel allows.
   */
  readonly receiveBufferBytes?: number;
  /** How many events an async iterator keeps waiting before a snapshot takes their place. Default 1,024. */
  readonly queueLimit?: number;
  /**
   * Polling: milliseconds between two reads. Default 250: a twentieth of a second to read a thousand links, a
   * fraction of a percent of a core for ten.
   */
  readonly pollIntervalMs?: number;
  /**
   * Routing sockets: milliseconds between two lists where the system drops messages without saying so (FreeBSD before
   * 14, macOS). Default 60,000. Only what differs is told.
   */
  readonly resyncIntervalMs?: number;
  /** Polling: where the links are shown. Default `/sys/class/net`. */
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
 * It listens before it asks what there is, so that nothing falls in between; on Linux it has the answer when it
 * returns ({@link LinkWatch.links}).
 *
 * @throws {SystemError} where the system does not let us
 * @throws {TypeError | RangeError} where an option is not understood, before anything is opened
 * @throws the reason of a signal that is already aborted
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
    // A sandbox: seccomp, a kernel without netlink. Being out of descriptors is not one.
    if (!(error instanceof SystemError && (error.kind === 'unsupported' || error.kind === 'not-permitted'))) {
      throw error;
    }
    try {
      return polling(options, `no link messages: ${error.message}`);
    } catch (cause) {
      // The first of the two is the one to repair.
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

/** @throws {RangeError} on a system that has none that we know */
function routeSocket(options: WatchLinksOptions): LinkWatcher {
  const { libc = loadLibc(), receiveBufferBytes = RECEIVE_BUFFER_BYTES } = options;
  const { resyncIntervalMs = RESYNC_INTERVAL_MS } = options;
  const { platform } = libc.target;
  const abi = options.abi ?? routeAbiOf(platform);
  if (abi === null) {
    throw new RangeError(`links are not told on a routing socket on ${platform}`);
  }
  const backend = openRouteSocket({ libc, abi, receiveBufferBytes, resyncIntervalMs });
  return start(backend, { ...options, libc }, null, 'routing socket');
}

function polling(options: WatchLinksOptions, reason: string | null): LinkWatcher {
  const { sysClassNet: directory = SYS_CLASS_NET, pollIntervalMs: intervalMs = POLL_INTERVAL_MS } = options;
  return start(openPolling({ directory, intervalMs }), options, reason, directory);
}

/** @throws {SystemError} where the first list is refused: whoever asked should know now, and not wait for ever */
function start(
  backend: LinkBackend,
  options: WatchLinksOptions,
  reason: string | null,
  subject: string,
): LinkWatcher {
  const names = options.interest === undefined ? null : checkNames('watchLinks: interest', options.interest);
  let watcher: LinkWatcher;
  try {
    watcher = new LinkWatcher(backend, options.queueLimit ?? QUEUE_LIMIT, reason, names);
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
