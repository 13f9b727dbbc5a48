import { linux } from './targets/linux.ts';

/** The systems that have tables, under the names of `process.platform`. */
export type Platform = 'linux';

/** An errno: its symbolic name, and what it says in words. */
export type ErrnoEntry = readonly [name: string, text: string];

/**
 * Facts about a system that the layers above may ask for. A value: several can exist side by side, and which one is
 * *this* system is asked in one place only ({@link hostTarget}).
 */
export interface Target {
  readonly platform: Platform;
  /** What to hand to dlopen(3) for the C library; null is the running program itself. */
  readonly library: string | null;
  /** Name and words by number. */
  readonly errno: Readonly<Record<number, ErrnoEntry>>;
  /** The numbers of the errnos that code has to compare with. */
  readonly errnoOf: Readonly<Record<'EAGAIN' | 'EINTR' | 'ENOBUFS' | 'ENODEV' | 'ENOSYS', number>>;
  readonly socket: {
    readonly AF_INET: number;
    readonly AF_INET6: number;
    readonly SOCK_DGRAM: number;
    readonly SOCK_RAW: number;
    readonly SOCK_NONBLOCK: number;
    readonly SOCK_CLOEXEC: number;
    readonly SOL_SOCKET: number;
    readonly SO_RCVBUF: number;
    readonly MSG_DONTWAIT: number;
    readonly MSG_TRUNC: number;
  };
  readonly syslog: {
    readonly LOG_PID: number;
    readonly LOG_NDELAY: number;
    readonly LOG_DAEMON: number;
  };
  /** Where the system keeps pid files and sockets of daemons. */
  readonly runDirectory: string;
}

const targets: Readonly<Record<Platform, Target>> = { linux };

/**
 * The facts of a system by name.
 *
 * @throws {RangeError} where no table exists for it
 */
export function targetOf(platform: string): Target {
  const target = Object.hasOwn(targets, platform) ? targets[platform as Platform] : undefined;
  if (target === undefined) {
    throw new RangeError(
      `no tables for the system '${platform}'; there are: ${Object.keys(targets).join(', ')}`,
    );
  }
  return target;
}

/**
 * The facts of the system we run on. The only place that asks.
 *
 * @throws {RangeError} where no table exists for it
 */
export function hostTarget(): Target {
  return targetOf(process.platform);
}
