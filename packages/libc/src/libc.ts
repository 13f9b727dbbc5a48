import type { Target } from './target.ts';

/**
 * The result of a call: zero or more on success, the negated errno of the *target* on failure (−19 is ENODEV on Linux). The
 * kernel itself uses this convention. Nothing is thrown, so the fast path, on which EAGAIN ends every drain, stays cheap.
 * {@link must} turns a failure into a {@link SystemError}.
 */
export type Result = number;

/** Bytes whose address stays the same while the object is held: for structures that contain pointers. */
export interface PinnedBytes {
  readonly bytes: Uint8Array;
  readonly address: bigint;
}

/** Memory shared with the kernel until it is disposed. A later access ends the process. */
export interface MappedBytes extends Disposable {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A watch of {@link Libc.readable} or {@link Libc.writable}, until it is disposed. */
export interface ReadableWatch extends Disposable {
  /** Lets the process end although the watch is open. An implementation without an event loop has neither. */
  unref?(): void;
  /** Undoes `unref`. */
  ref?(): void;
}

/** An interface in the kernel's list. */
export interface InterfaceName {
  readonly index: number;
  readonly name: string;
}

/**
 * The libc calls that interface control and link events need, and nothing else.
 *
 * It is an interface, so that another implementation can serve the same code: a scripted one in tests
 * (`@ifdepd/libc/testing`), or the network stack of another kernel. No method uses `this`: `{ ...libc, readable }` is a valid
 * `Libc` with another `readable`.
 *
 * The caller lays addresses and option values out for the target, and passes the bytes that the kernel reads.
 */
export interface Libc {
  /** The system that the calls reach. */
  readonly target: Target;

  /** socket(2). Returns a descriptor. */
  socket(domain: number, type: number, protocol: number): Result;
  /** bind(2) to a `struct sockaddr` of any family. */
  bind(fd: number, address: Uint8Array): Result;
  /** connect(2): sets the peer of the socket. */
  connect(fd: number, address: Uint8Array): Result;
  /** listen(2). `backlog` is the number of connections that may wait to be accepted. */
  listen(fd: number, backlog: number): Result;
  /**
   * accept(2) without the address of the peer. Returns a descriptor, which is not close-on-exec: set that with `fcntl`. A failure,
   * such as −EMFILE, leaves the connection in the queue, and `fd` readable.
   */
  accept(fd: number): Result;
  /** setsockopt(2). */
  setsockopt(fd: number, level: number, option: number, value: Uint8Array): Result;
  /** getsockopt(2). Returns the number of bytes written to `value`. */
  getsockopt(fd: number, level: number, option: number, value: Uint8Array): Result;
  /** sendto(2). Returns the number of bytes sent. `to` is null for a connected socket and for a kernel socket. */
  sendto(fd: number, bytes: Uint8Array, flags: number, to: Uint8Array | null): Result;
  /**
   * recvfrom(2). Returns the number of bytes received; with MSG_TRUNC in `flags` on Linux, the length of the datagram even when
   * `into` is shorter. The address of the sender is written to `from`, as much of it as fits.
   */
  recvfrom(fd: number, into: Uint8Array, flags: number, from: Uint8Array | null): Result;
  /** ioctl(2) with a pointer argument. `request` is an unsigned number of 32 bits. */
  ioctl(fd: number, request: number, argument: Uint8Array): Result;
  /** open(2) of a file that exists. Returns a descriptor. */
  open(path: string, flags: number): Result;
  /** pread(2) from an offset. Returns the number of bytes read, which is less than `into` holds at the end of the file. */
  pread(fd: number, into: Uint8Array, offset: number): Result;
  /** close(2). `OwnedFd` makes sure that a descriptor is closed once. */
  close(fd: number): Result;
  /** dup2(2). */
  dup2(from: number, to: number): Result;
  /** pipe(2). Writes the descriptor to read from, and the one to write to, into `ends`. */
  pipe(ends: Int32Array): Result;
  /** flock(2). The kernel releases the lock when the last descriptor of the open file is closed. */
  flock(fd: number, operation: number): Result;
  /** fcntl(2) with a number as argument. */
  fcntl(fd: number, command: number, argument: number): Result;

  /**
   * sysctl(3), BSD and macOS: −ENOSYS elsewhere. Returns the number of bytes written to `into`, or the number that is needed when
   * `into` is null; −ENOMEM when `into` is too short. `from` is the new value, or null.
   */
  sysctl(mib: readonly number[], into: Uint8Array | null, from: Uint8Array | null): Result;
  /** sysctlbyname(3), FreeBSD, NetBSD, DragonFly and macOS: {@link Libc.sysctl} by name. −ENOSYS elsewhere. */
  sysctlbyname(name: string, into: Uint8Array | null, from: Uint8Array | null): Result;

  /** if_nameindex(3): every interface, or a negated errno. */
  if_nameindex(): readonly InterfaceName[] | Result;

  /** unshare(2), Linux: −ENOSYS elsewhere. Changes the namespaces of this thread and of the processes that it starts. */
  unshare(flags: number): Result;
  /** setns(2), Linux: −ENOSYS elsewhere. */
  setns(fd: number, nstype: number): Result;

  /** prctl(2) with one number as argument, Linux: −ENOSYS elsewhere. */
  prctl(option: number, argument: number): Result;
  /** waitpid(2) without the status. Returns the id of the process that ended; 0 with WNOHANG when none has. */
  waitpid(pid: number, options: number): Result;

  /** timerfd_create(2), Linux: −ENOSYS elsewhere. Returns a descriptor. */
  timerfd_create(clock: number, flags: number): Result;
  /** timerfd_settime(2), Linux: `value` is a struct itimerspec. −ENOSYS elsewhere. */
  timerfd_settime(fd: number, flags: number, value: Uint8Array): Result;

  /**
   * sched_getattr(2), Linux: −ENOSYS elsewhere. Writes a `struct sched_attr` into `attributes`.
   *
   * @param pid a thread; 0 for the calling one
   */
  sched_getattr(pid: number, attributes: Uint8Array): Result;
  /** sched_setattr(2) without flags, Linux: −ENOSYS elsewhere. `attributes` is a `struct sched_attr`. */
  sched_setattr(pid: number, attributes: Uint8Array): Result;

  /**
   * io_uring_setup(2), Linux: −ENOSYS elsewhere, −EPERM when the host disables it. Returns a descriptor that is closed at exec.
   * `params` is a `struct io_uring_params`, which the kernel reads and fills in.
   */
  io_uring_setup(entries: number, params: Uint8Array): Result;
  /** io_uring_enter(2) without a signal mask, Linux: −ENOSYS elsewhere. Returns the number of entries that the kernel took. */
  io_uring_enter(fd: number, submit: number, complete: number, flags: number): Result;
  /** mmap(2) of a descriptor: shared memory to read and write. */
  mmap(fd: number, length: number, offset: number): MappedBytes | Result;
  /**
   * malloc_trim(3) of glibc: gives all memory that was freed back to the system. −ENOSYS with another C library.
   *
   * @returns 1 where it gave memory back, else 0
   */
  malloc_trim(): Result;

  /**
   * _exit(2): ends the process at once. exit(3), and so `process.exit()`, waits for every thread of the pool: for ever, if one
   * hangs in a write.
   */
  _exit(status: number): void;

  /** openlog(3). The C library keeps only the address of the identity, so its bytes stay until the process ends. */
  openlog(ident: string, options: number, facility: number): void;
  /** syslog(3) with the format "%s", so that no message is taken for a format. The message ends at its first NUL. */
  syslog(priority: number, message: string): void;
  /** closelog(3). */
  closelog(): void;

  /** Zeroed bytes whose address may be written into another structure. Hold the result while it is in use. */
  pin(size: number): PinnedBytes;

  /**
   * Calls back from the event loop, synchronously, when `fd` has something to read *or an error to report*. The callback drains
   * it with {@link Libc.recvfrom} until −EAGAIN. The watch keeps the process alive until it is disposed; dispose it before
   * closing `fd`. Promise jobs that the callback queues run before the loop sleeps again. An exception of the callback reaches
   * `uncaughtException` in the same iteration of the loop, and the watch continues.
   */
  readable(fd: number, callback: () => void): ReadableWatch;
  /**
   * {@link Libc.readable} for the other direction: calls back when `fd` takes bytes, or has an error to report. A socket does so
   * when its connect(2) has ended, whichever way. It calls back again and again until it is disposed.
   */
  writable(fd: number, callback: () => void): ReadableWatch;
}
