import { text } from './arguments.ts';
import { darwin } from './targets/darwin.ts';
import { dragonfly } from './targets/dragonfly.ts';
import { freebsd } from './targets/freebsd.ts';
import { linux } from './targets/linux.ts';
import { netbsd } from './targets/netbsd.ts';
import { openbsd } from './targets/openbsd.ts';

/** The system, or the machine, that a program runs on is none that there are tables for. */
export class UnsupportedSystemError extends RangeError {
  override readonly name = 'UnsupportedSystemError';
}

/** The systems that have tables, under the names of `process.platform`. */
export type Platform = 'linux' | 'freebsd' | 'openbsd' | 'netbsd' | 'dragonfly' | 'darwin';

/** An errno: its symbolic name, and what it says in words. */
export type ErrnoEntry = readonly [name: string, text: string];

/** The errnos that code compares with: every system has them. */
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
 * Facts about a system that the layers above may ask for. A value: several can exist side by side, and which one is
 * *this* system is asked in one place only ({@link hostTarget}).
 */
export interface Target {
  readonly platform: Platform;
  /** The machines that the tables hold on: {@link loadLibc} refuses others. */
  readonly layout: {
    readonly pointerBytes: 8;
    readonly littleEndian: true;
    /** Processors, under the names of `process.arch`, where the system has numbers of its own. */
    readonly otherNumbersOn: readonly string[];
  };
  /** What to hand to dlopen(3) for the C library; null is the running program itself. */
  readonly library: string | null;
  /** The library's name for the present socket(2). */
  readonly socketSymbol: string;
  /** Name and words by number. */
  readonly errno: Readonly<Record<number, ErrnoEntry>>;
  /** The numbers of the errnos that code has to compare with. */
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
   * How a socket becomes SOCK_CLOEXEC and SOCK_NONBLOCK: by these flags in the type that socket(2) takes, or with
   * fcntl(2) after it where socket(2) knows no such flags. {@link openSocket} does either.
   */
  readonly socketFlags: 'at-socket' | 'after-socket';
  /** struct sockaddr_un of sys/un.h: its fields and its size, in bytes. */
  readonly unixAddress: {
    /** A byte with the length of the whole address; null where addresses have none. */
    readonly sun_len: number | null;
    /** One byte, or two of which the second is 0. */
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
  /** Whether links are told and set through rtnetlink(7); a routing socket (route(4)) tells them elsewhere. */
  readonly rtnetlink: boolean;
  /**
   * The datagram socket of the system logger, for who must not wait: syslog(3) waits where the logger is stuck. Null
   * where only syslog(3) knows the way.
   */
  readonly syslogSocket: string | null;
  /** timerfd_create(2), which can tell that the clock was set or the machine has slept; null where there is none. */
  readonly timerfd: {
    readonly CLOCK_REALTIME: number;
    readonly TFD_NONBLOCK: number;
    readonly TFD_CLOEXEC: number;
    readonly TFD_TIMER_ABSTIME: number;
    readonly TFD_TIMER_CANCEL_ON_SET: number;
    readonly ECANCELED: number;
  } | null;
  /**
   * prctl(2) with which a process becomes the parent of all orphans among its descendants, wherever they move their session
   * to; null where there is none.
   */
  readonly subreaper: {
    readonly PR_SET_CHILD_SUBREAPER: number;
    /** The signal that a process gets when its parent ends. */
    readonly PR_SET_PDEATHSIG: number;
    readonly WNOHANG: number;
  } | null;
  /** sched_setattr(2), which takes the time slice that a thread asks for; null where there is none. */
  readonly scheduling: SchedulingNumbers | null;
  /** io_uring(7): what `openRing` of `@ifdepd/libc/linux` needs; null where the system has none. */
  readonly ioUring: IoUringNumbers | null;
  /** Where the system keeps pid files and sockets of daemons. */
  readonly runDirectory: string;
  /** Where daemons keep what outlives them. */
  readonly stateDirectory: string;
  /**
   * What differs each time the system starts: the text of a file, or what a sysctl(3) gives (the time of the start,
   * which also differs when somebody sets the clock).
   */
  readonly bootId: { readonly file: string } | { readonly mib: readonly number[] };
  /**
   * The directory that lists the open descriptors of the process that reads it: procfs(5), /dev/fd of macOS. Null where it
   * may be missing, or names descriptors that are not open.
   */
  readonly descriptorDirectory: string | null;
  /** Where each process has a directory with its oom_score_adj, how soon it is killed for memory; null where none has. */
  readonly processDirectory: string | null;
  /** The file whose inode tells one network namespace of this thread from another; null where there are none. */
  readonly networkNamespace: string | null;
}

/** sched_setattr(2), for which older C libraries have no function. */
export interface SchedulingNumbers {
  /** By the processor, under the names of `process.arch`: the numbers of sched_setattr and sched_getattr. */
  readonly calls: Readonly<Record<string, readonly [set: number, get: number]>>;
  readonly SCHED_OTHER: number;
}

/** What io_uring(7) takes, and mmap(2) of its rings. */
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
  readonly IORING_OP_ASYNC_CANCEL: number;
  readonly IORING_OP_SEND: number;
  readonly IORING_OP_RECV: number;
  readonly IOSQE_IO_LINK: number;
}

const targets: Readonly<Record<Platform, Target>> = { linux, freebsd, openbsd, netbsd, dragonfly, darwin };

/** Other names that Node gives to one of them: gyp's for DragonFly, after which Node's build may call it. */
const aliases: Readonly<Record<string, Platform>> = { dragonflybsd: 'dragonfly' };

/**
 * The facts of a system by its name in `process.platform`.
 *
 * @throws {UnsupportedSystemError} where no table exists for it
 */
export function targetOf(platform: string): Target {
  text('targetOf: platform', platform);
  const name = Object.hasOwn(aliases, platform) ? aliases[platform] : platform;
  const target = Object.hasOwn(targets, name ?? '') ? targets[name as Platform] : undefined;
  if (target === undefined) {
    throw new UnsupportedSystemError(
      `no tables for the system '${platform}'; there are: ${Object.keys(targets).join(', ')}`,
    );
  }
  return target;
}

/**
 * The facts of the system we run on. The only place that asks.
 *
 * @throws {UnsupportedSystemError} where no table exists for it
 */
export function hostTarget(): Target {
  return targetOf(process.platform);
}

/** The processor, as Node names it. */
export function hostProcessor(): string {
  return process.arch;
}

/**
 * Whether libuv may call machine code of ours back. Not on Bun and Deno, whose event loop is another one: Bun ends the process.
 * Not in a worker thread of Node: when that is ended from outside, libuv goes on to call code that may not run JavaScript any
 * more, or is no longer in memory, and the process ends with SIGABRT or SIGSEGV.
 */
export function hostLetsLibuvCall(): boolean {
  const { bun, deno } = process.versions as { readonly bun?: string; readonly deno?: string };
  return bun === undefined && deno === undefined && !isWorkerThread();
}

/** As `isMainThread` of `node:worker_threads` says, which takes a millisecond to load: there chdir(2) is marked as disabled. */
function isWorkerThread(): boolean {
  return 'disabled' in process.chdir;
}

/** This system and its processor, as packages of machine code are named after them: `linux-x64`. */
export function hostMachine(): string {
  return `${process.platform}-${hostProcessor()}`;
}
