import { objectWith } from '../arguments.ts';
import type { Libc, PinnedBytes } from '../libc.ts';
import { type Target, targetOf } from '../target.ts';

/** A call of a scripted libc, with copies of the bytes that it was given. */
export interface ScriptedCall {
  readonly name: keyof Libc;
  readonly values: readonly unknown[];
}

/** A `Libc` that answers from a script and records its calls. */
export interface ScriptedLibc extends Libc {
  /** Every call so far, in order, except `pin`, `readable` and `writable`. */
  readonly calls: readonly ScriptedCall[];
  /** Makes `fd` ready: calls its watch back at once, the last one of `readable` and `writable`. Returns false when nothing watches it. */
  wake(fd: number): boolean;
  /** The bytes at an address of {@link Libc.pin}, so that a script can follow a pointer. */
  at(address: bigint): Uint8Array;
}

/** The calls that a script may answer. The others return −ENOSYS, except socket (100, 101, …), close and fcntl (0). */
export type LibcScript = Partial<Omit<Libc, 'target' | 'pin' | 'readable' | 'writable'>>;

/**
 * A kernel made of closures, for events that the real one cannot produce on demand: an ioctl that fails with EBUSY, an overrun at
 * a given moment, another system. Prefer the real kernel where it can run.
 *
 * @param options.target default: Linux
 * @param options.keepCalls false records no calls, for a test with very many. Default: true
 */
export function scriptedLibc(
  script: LibcScript = {},
  options: { target?: Target; keepCalls?: boolean } = {},
): ScriptedLibc {
  objectWith('scriptedLibc: script', script);
  objectWith('scriptedLibc: options', options);
  const target = options.target ?? targetOf('linux');
  const calls: ScriptedCall[] = [];
  const watchers = new Map<number, () => void>();
  const pinned = new Map<bigint, Uint8Array>();
  const unanswered = -target.errnoOf.ENOSYS;
  let nextFd = 100;
  let nextAddress = 0x1000n;

  const answers: Required<LibcScript> = {
    socket: () => nextFd++,
    bind: () => unanswered,
    connect: () => unanswered,
    listen: () => unanswered,
    accept: () => unanswered,
    setsockopt: () => unanswered,
    getsockopt: () => unanswered,
    sendto: () => unanswered,
    recvfrom: () => unanswered,
    ioctl: () => unanswered,
    open: () => unanswered,
    pread: () => unanswered,
    close: () => 0,
    dup2: () => unanswered,
    pipe: () => unanswered,
    flock: () => unanswered,
    fcntl: () => 0,
    sysctl: () => unanswered,
    sysctlbyname: () => unanswered,
    if_nameindex: () => unanswered,
    unshare: () => unanswered,
    setns: () => unanswered,
    prctl: () => unanswered,
    waitpid: () => unanswered,
    timerfd_create: () => unanswered,
    timerfd_settime: () => unanswered,
    sched_getattr: () => unanswered,
    sched_setattr: () => unanswered,
    io_uring_setup: () => unanswered,
    io_uring_enter: () => unanswered,
    mmap: () => unanswered,
    malloc_trim: () => unanswered,
    _exit: () => undefined,
    openlog: () => undefined,
    syslog: () => undefined,
    closelog: () => undefined,
    ...script,
  };

  function record<Name extends keyof LibcScript>(name: Name): Libc[Name] {
    const answer = answers[name] as (...values: unknown[]) => unknown;
    return ((...values: unknown[]) => {
      if (options.keepCalls !== false) {
        calls.push({
          name,
          values: values.map((value) => (value instanceof Uint8Array ? value.slice() : value)),
        });
      }
      return answer(...values);
    }) as unknown as Libc[Name];
  }

  function watch(fd: number, callback: () => void): Disposable {
    watchers.set(fd, callback);
    return {
      [Symbol.dispose]() {
        watchers.delete(fd);
      },
    };
  }

  return {
    target,
    calls,
    socket: record('socket'),
    bind: record('bind'),
    connect: record('connect'),
    listen: record('listen'),
    accept: record('accept'),
    setsockopt: record('setsockopt'),
    getsockopt: record('getsockopt'),
    sendto: record('sendto'),
    recvfrom: record('recvfrom'),
    ioctl: record('ioctl'),
    open: record('open'),
    pread: record('pread'),
    close: record('close'),
    dup2: record('dup2'),
    pipe: record('pipe'),
    flock: record('flock'),
    fcntl: record('fcntl'),
    sysctl: record('sysctl'),
    sysctlbyname: record('sysctlbyname'),
    if_nameindex: record('if_nameindex'),
    unshare: record('unshare'),
    setns: record('setns'),
    prctl: record('prctl'),
    waitpid: record('waitpid'),
    timerfd_create: record('timerfd_create'),
    timerfd_settime: record('timerfd_settime'),
    sched_getattr: record('sched_getattr'),
    sched_setattr: record('sched_setattr'),
    io_uring_setup: record('io_uring_setup'),
    io_uring_enter: record('io_uring_enter'),
    mmap: record('mmap'),
    malloc_trim: record('malloc_trim'),
    _exit: record('_exit'),
    openlog: record('openlog'),
    syslog: record('syslog'),
    closelog: record('closelog'),
    pin(size: number): PinnedBytes {
      const bytes = new Uint8Array(size);
      const address = nextAddress;
      nextAddress += BigInt(size + 64);
      pinned.set(address, bytes);
      return { bytes, address };
    },
    readable: watch,
    writable: watch,
    wake(fd: number): boolean {
      const watcher = watchers.get(fd);
      watcher?.();
      return watcher !== undefined;
    },
    at(address: bigint): Uint8Array {
      const bytes = pinned.get(address);
      if (bytes === undefined) {
        throw new RangeError(`no bytes are pinned at address 0x${address.toString(16)}`);
      }
      return bytes;
    },
  };
}
