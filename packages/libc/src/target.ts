import { text } from './arguments.ts';
import { darwin } from './targets/darwin.ts';
import { dragonfly } from './targets/dragonfly.ts';
import { freebsd } from './targets/freebsd.ts';
import { linux } from './targets/linux.ts';
import { netbsd } from './targets/netbsd.ts';
import { openbsd } from './targets/openbsd.ts';

/** There are no tables for the system or the machine that the program runs on. */
export class UnsupportedSystemError extends RangeError {
  override readonly name = 'UnsupportedSystemError';
}

/** The systems that have tables, under the names of `process.platform`. */
export type Platform = 'linux' | 'freebsd' | 'openbsd' | 'netbsd' | 'dragonfly' | 'darwin';

/** An errno: its symbolic name and its message. */
export type ErrnoEntry = readonly [name: string, text: string];

/** The errnos that our code compares with. Every system has them. */
export type ComparedErrno =
  | 'EAGAIN'
  | 'ECONNREFUSED'
  | 'EINTR'
  | 'EINVAL'
  | 'ENOBUFS'
  | 'ENODEV'
  | 'ENOMEM'
  | 'ENOSYS'
  | 'ENXIO';

/**
 * Facts about a system, for the layers above. A target is a value, and several can exist side by side. Only {@link hostTarget}
 * asks which one is *this* system.
 */
export interface Target {
  readonly platform: Platform;
  /** The machines that the tables are for. {@link loadLibc} refuses others. */
  readonly layout: {
    readonly pointerBytes: 8;
    readonly littleEndian: true;
    /** Processors on which the system uses other numbers, under the names of `process.arch`. */
    readonly otherNumbersOn: readonly string[];
  };
  /** The name of the C library for dlopen(3); null is the running program itself. */
  readonly library: string | null;
  /** The symbol of the current socket(2) in the library. */
  readonly socketSymbol: string;
  /** Symbolic name and message by number. */
  readonly errno: Readonly<Record<number, ErrnoEntry>>;
  /** The numbers of the errnos that our code compares with. */
  readonly errnoOf: Readonly<Record<ComparedErrno, number>>;
  readonly socket: {
    readonly AF_UNIX: number;
    readonly AF_INET: number;
    readonly AF_INET6: number;
    readonly SOCK_STREAM: number;
    readonly SOCK_DGRAM: number;
    readonly SOCK_RAW: number;
    readonly SOCK_NONBLOCK: number;
    readonly SOCK_CLOEXEC: number;
    readonly SOL_SOCKET: number;
    readonly SO_RCVBUF: number;
    readonly MSG_DONTWAIT: number;
    readonly MSG_TRUNC: number;
  };
  /**
   * How a socket becomes close-on-exec and non-blocking: by flags in the type for socket(2), or by fcntl(2) afterwards, where
   * socket(2) has no such flags. {@link openSocket} does both.
   */
  readonly socketFlags: 'at-socket' | 'after-socket';
  /** struct sockaddr_un of sys/un.h: the offsets of its fields and its size, in bytes. */
  readonly unixAddress: {
    /** A byte with the length of the whole address; null on a system without it. */
    readonly sun_len: number | null;
    /** One byte, or two bytes of which the second is 0. */
    readonly sun_family: number;
    readonly sun_path: number;
    readonly size: number;
  };
  readonly fcntl: {
    readonly F_SETFD: number;
    readonly F_GETFL: number;
    readonly F_SETFL: number;
    readonly FD_CLOEXEC: number;
    readonly O_NONBLOCK: number;
  };
  readonly syslog: {
    readonly LOG_PID: number;
    readonly LOG_NDELAY: number;
    readonly LOG_DAEMON: number;
  };
  /** Whether rtnetlink(7) reports and sets links. Elsewhere a routing socket (route(4)) reports them. */
  readonly rtnetlink: boolean;
  /**
   * The datagram socket of the system logger, for a program that must not wait: syslog(3) blocks when the logger hangs. Null
   * where only syslog(3) reaches the logger.
   */
  readonly syslogSocket: string | null;
  /** timerfd_create(2), which reports that the clock was set or the machine was suspended; null on a system without it. */
  readonly timerfd: {
    readonly CLOCK_REALTIME: number;
    readonly TFD_NONBLOCK: number;
    readonly TFD_CLOEXEC: number;
    readonly TFD_TIMER_ABSTIME: number;
    readonly TFD_TIMER_CANCEL_ON_SET: number;
    readonly ECANCELED: number;
  } | null;
  /**
   * The prctl(2) by which a process becomes the parent of all orphans among its descendants, in any session; null on a system
   * without it.
   */
  readonly subreaper: {
    readonly PR_SET_CHILD_SUBREAPER: number;
    /** Sets the signal that a process gets when its parent ends. */
    readonly PR_SET_PDEATHSIG: number;
    readonly WNOHANG: number;
  } | null;
  /** sched_setattr(2), which sets the time slice of a thread; null on a system without it. */
  readonly scheduling: SchedulingNumbers | null;
  /** io_uring(7), for `openRing` of `@ifdepd/libc/linux`; null on a system without it. */
  readonly ioUring: IoUringNumbers | null;
  /** The directory for pid files and sockets of daemons. */
  readonly runDirectory: string;
  /** The directory for files that outlive a daemon. */
  readonly stateDirectory: string;
  /**
   * A value that differs between two starts of the system: the text of a file, or a sysctl(3) (the time of the start, which
   * also changes when the clock is set).
   */
  readonly bootId: { readonly file: string } | { readonly mib: readonly number[] };
  /**
   * The directory that lists the open descriptors of the process that reads it: procfs(5), or /dev/fd of macOS. Null where it may
   * be missing, or may list descriptors that are not open.
   */
  readonly descriptorDirectory: string | null;
  /** The directory of procfs(5), with an oom_score_adj for each process; null on a system without it. */
  readonly processDirectory: string | null;
  /** The file whose inode identifies the network namespace of this thread; null on a system without namespaces. */
  readonly networkNamespace: string | null;
}

/** sched_setattr(2) and sched_getattr(2), for which older C libraries have no function. */
export interface SchedulingNumbers {
  /** The numbers of sched_setattr and sched_getattr by processor, under the names of `process.arch`. */
  readonly calls: Readonly<Record<string, readonly [set: number, get: number]>>;
  readonly SCHED_OTHER: number;
}

/** The numbers of io_uring(7), and of mmap(2) for its rings. */
export interface IoUringNumbers {
  readonly SYS_io_uring_setup: number;
  readonly SYS_io_uring_enter: number;
  readonly PROT_READ: number;
  readonly PROT_WRITE: number;
  readonly MAP_SHARED: number;
  readonly MAP_POPULATE: number;
  readonly IORING_OFF_SQ_RING: number;
  readonly IORING_OFF_SQES: number;
  readonly IORING_FEAT_SINGLE_MMAP: number;
  readonly IORING_FEAT_FAST_POLL: number;
  readonly IORING_FEAT_NATIVE_WORKERS: number;
  readonly IORING_ENTER_GETEVENTS: number;
  readonly IORING_OP_POLL_ADD: number;
  readonly IORING_OP_POLL_REMOVE: number;
  readonly IORING_OP_ASYNC_CANCEL: number;
  readonly IORING_OP_WRITE: number;
  readonly IORING_OP_SEND: number;
  readonly IORING_OP_RECV: number;
  readonly IOSQE_IO_LINK: number;
  readonly POLLIN: number;
}

/** Functions: a program may keep the tables of other systems in a file that it does not load. */
const targets: Readonly<Record<Platform, () => Target>> = {
  linux: () => linux,
  freebsd: () => freebsd,
  openbsd: () => openbsd,
  netbsd: () => netbsd,
  dragonfly: () => dragonfly,
  darwin: () => darwin,
};

/** Other names of a system in `process.platform`: Node's build may call DragonFly as gyp does. */
const aliases: Readonly<Record<string, Platform>> = { dragonflybsd: 'dragonfly' };

/**
 * Returns the facts of a system by its name in `process.platform`.
 *
 * @throws {UnsupportedSystemError} when there are no tables for it
 */
export function targetOf(platform: string): Target {
  text('targetOf: platform', platform);
  const name = Object.hasOwn(aliases, platform) ? aliases[platform] : platform;
  const target = Object.hasOwn(targets, name ?? '') ? targets[name as Platform]() : undefined;
  if (target === undefined) {
    throw new UnsupportedSystemError(
      `no tables for the system '${platform}'; there are: ${Object.keys(targets).join(', ')}`,
    );
  }
  return target;
}

/**
 * Returns the facts of the system that this process runs on. No other code asks.
 *
 * @throws {UnsupportedSystemError} when there are no tables for it
 */
export function hostTarget(): Target {
  return targetOf(process.platform);
}

/** The processor, under its name in `process.arch`. */
export function hostProcessor(): string {
  return process.arch;
}

/**
 * Whether libuv may call koffi back. Not on Bun and Deno, which have other event loops: Bun ends the process. Not in a worker
 * thread of Node either: after the thread was terminated, libuv still calls code that may not run JavaScript any more, or is no
 * longer in memory, and the process ends with SIGABRT or SIGSEGV.
 */
export function hostLetsLibuvCall(): boolean {
  const { bun, deno } = process.versions as { readonly bun?: string; readonly deno?: string };
  return bun === undefined && deno === undefined && !isWorkerThread();
}

/** Avoids `node:worker_threads`, which takes 1 ms to load: Node marks chdir as disabled in a worker thread. */
function isWorkerThread(): boolean {
  return 'disabled' in process.chdir;
}

/** This system and its processor, such as `linux-x64`. */
export function hostMachine(): string {
  return `${process.platform}-${hostProcessor()}`;
}
