import type { Target } from './target.ts';

/**
 * What a call returned: zero or more on success, the negated errno of the *target* on failure (−19 is ENODEV on
 * Linux). The convention is the kernel's own; it costs nothing on the fast path, where EAGAIN ends every drain.
 * {@link must} turns a failure into a {@link SystemError}.
 */
export type Result = number;

/** Bytes at an address that stays the same while the object is held: for structures that contain pointers. */
export interface PinnedBytes {
  readonly bytes: Uint8Array;
  readonly address: bigint;
}

/** Memory that is shared with the kernel, until it is disposed: to touch it afterwards ends the process. */
export interface MappedBytes extends Disposable {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An interface as the kernel lists it. */
export interface InterfaceName {
  readonly index: number;
  readonly name: string;
}

/**
 * The libc calls that interface control and link events need, and nothing else.
 *
 * An interface, so that another implementation can stand behind the same code: a scripted one in tests
 * (`@ifdepd/libc/testing`), or another kernel's network stack. No method uses `this`: `{ ...libc, readable }` is a
 * valid `Libc` with a readiness of its own.
 *
 * Addresses and option values are passed as the bytes the kernel reads, laid out by the caller for the target.
 */
export interface Libc {
  /** The system these calls reach. */
  readonly target: Target;

  /** socket(2): a descriptor. */
  socket(domain: number, type: number, protocol: number): Result;
  /** bind(2) to a `struct sockaddr` of any family. */
  bind(fd: number, address: Uint8Array): Result;
  /** connect(2): whom the socket speaks with from then on. */
  connect(fd: number, address: Uint8Array): Result;
  /** listen(2): how many connections may wait to be accepted. */
  listen(fd: number, backlog: number): Result;
  /** setsockopt(2). */
  setsockopt(fd: number, level: number, option: number, value: Uint8Array): Result;
  /** getsockopt(2): the number of bytes written to `value`. */
  getsockopt(fd: number, level: number, option: number, value: Uint8Array): Result;
  /** sendto(2): the number of bytes sent; `to` null for a connected or kernel socket. */
  sendto(fd: number, bytes: Uint8Array, flags: number, to: Uint8Array | null): Result;
  /**
   * recvfrom(2): the number of bytes received (with Linux's MSG_TRUNC in `flags`, the datagram's true length even
   * where `into` was shorter). `from`, when given, is filled with as much of the sender's address as it holds.
   */
  recvfrom(fd: number, into: Uint8Array, flags: number, from: Uint8Array | null): Result;
  /** ioctl(2) with a pointer argument. `request` is unsigned 32-bit. */
  ioctl(fd: number, request: number, argument: Uint8Array): Result;
  /** open(2) of a file that exists: a descriptor. */
  open(path: string, flags: number): Result;
  /** pread(2): the number of bytes read from this offset on; less than `into` holds where the file ends. */
  pread(fd: number, into: Uint8Array, offset: number): Result;
  /** close(2). Use `OwnedFd`: it closes once. */
  close(fd: number): Result;
  /** dup2(2). */
  dup2(from: number, to: number): Result;
  /** pipe(2): `ends` is filled with the descriptor to read from, and the one to write to. */
  pipe(ends: Int32Array): Result;
  /** flock(2): never waits with LOCK_NB. The kernel lets go when the last descriptor of the open file is closed. */
  flock(fd: number, operation: number): Result;
  /** fcntl(2) with a number as its argument. */
  fcntl(fd: number, command: number, argument: number): Result;

  /**
   * sysctl(3), BSD and macOS: −ENOSYS elsewhere. The number of bytes written to `into`; with `into` null, how many
   * there would be. −ENOMEM where `into` is too short. `from`, when given, is the new value.
   */
  sysctl(mib: readonly number[], into: Uint8Array | null, from: Uint8Array | null): Result;
  /** sysctlbyname(3), FreeBSD, NetBSD, DragonFly and macOS: as {@link Libc.sysctl}, by name. −ENOSYS elsewhere. */
  sysctlbyname(name: string, into: Uint8Array | null, from: Uint8Array | null): Result;

  /** if_nameindex(3): every interface, or a negated errno. */
  if_nameindex(): readonly InterfaceName[] | Result;

  /** unshare(2), Linux: −ENOSYS elsewhere. Namespaces change for the calling thread and what it starts. */
  unshare(flags: number): Result;
  /** setns(2), Linux: −ENOSYS elsewhere. */
  setns(fd: number, nstype: number): Result;

  /** prctl(2) with one number as its argument, Linux: −ENOSYS elsewhere. */
  prctl(option: number, argument: number): Result;
  /** waitpid(2), without the status: the process that was collected; 0 with WNOHANG where it has not ended. */
  waitpid(pid: number, options: number): Result;

  /** timerfd_create(2), Linux: a descriptor. −ENOSYS elsewhere. */
  timerfd_create(clock: number, flags: number): Result;
  /** timerfd_settime(2), Linux: `value` is a struct itimerspec. −ENOSYS elsewhere. */
  timerfd_settime(fd: number, flags: number, value: Uint8Array): Result;

  /**
   * sched_getattr(2), Linux: `attributes` is a `struct sched_attr` that is filled in. −ENOSYS elsewhere.
   *
   * @param pid a thread; 0 for the one that calls
   */
  sched_getattr(pid: number, attributes: Uint8Array): Result;
  /** sched_setattr(2), Linux, without flags: `attributes` as {@link Libc.sched_getattr} leaves them. −ENOSYS elsewhere. */
  sched_setattr(pid: number, attributes: Uint8Array): Result;

  /**
   * io_uring_setup(2), Linux: a descriptor, closed at exec. `params` is a `struct io_uring_params`, read and filled in.
   * −ENOSYS elsewhere; −EPERM where the host has it switched off.
   */
  io_uring_setup(entries: number, params: Uint8Array): Result;
  /** io_uring_enter(2), Linux, without a signal mask: how many entries were taken. −ENOSYS elsewhere. */
  io_uring_enter(fd: number, submit: number, complete: number, flags: number): Result;
  /** mmap(2) of what a descriptor stands for, shared, to be read and written. */
  mmap(fd: number, length: number, offset: number): MappedBytes | Result;

  /**
   * _exit(2): ends the process at once, whatever its threads are at. exit(3), and so `process.exit()`, waits for each
   * thread of the pool, for ever where one is stuck in a write.
   */
  _exit(status: number): void;

  /** openlog(3). The identity is kept in memory for as long as the process lives, as libc only keeps its address. */
  openlog(ident: string, options: number, facility: number): void;
  /** syslog(3) with the format "%s": the message is never a format. Cut at the first NUL. */
  syslog(priority: number, message: string): void;
  /** closelog(3). */
  closelog(): void;

  /** New zeroed bytes whose address can be written into another structure. Hold the result while it is in use. */
  pin(size: number): PinnedBytes;

  /**
   * Calls back on the event loop, synchronously inside it, whenever `fd` has something to read *or an error to
   * report*: drain it with {@link Libc.recvfrom} until −EAGAIN. Keeps the process alive until disposed; dispose
   * before closing `fd`. Promise jobs queued by the callback run before the loop sleeps again. An exception thrown
   * by the callback reaches `uncaughtException` in the same turn of the loop, and watching goes on.
   */
  readable(fd: number, callback: () => void): Disposable;
}
