import { INT, objectWith, wholeNumber } from './arguments.ts';
import type { Libc } from './libc.ts';
import { must } from './must.ts';

/** A descriptor with one owner. However often `close` is called, it is closed once; afterwards its number is not available. */
export class OwnedFd implements Disposable {
  readonly #libc: Libc;
  #fd: number;

  /** @param fd an open descriptor: 0 or more */
  constructor(libc: Libc, fd: number) {
    objectWith('OwnedFd: libc', libc, 'close');
    this.#libc = libc;
    this.#fd = wholeNumber('OwnedFd: fd', fd, { least: 0, most: INT.most });
  }

  /**
   * The number of the descriptor.
   *
   * @throws {Error} after `close`: the number may belong to another descriptor by then
   */
  get fd(): number {
    if (this.#fd < 0) {
      throw new Error('this descriptor has been closed');
    }
    return this.#fd;
  }

  get closed(): boolean {
    return this.#fd < 0;
  }

  /** Hands the descriptor over: the caller closes it from now on. @throws {Error} after `close` */
  release(): number {
    const { fd } = this;
    this.#fd = -1;
    return fd;
  }

  /** Closes the descriptor once. An error of close(2) is not reported: the descriptor is released all the same. */
  close(): void {
    if (this.#fd >= 0) {
      const fd = this.#fd;
      this.#fd = -1;
      this.#libc.close(fd);
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens a socket that is close-on-exec, and non-blocking on request. Works on every target, with and without flags in socket(2).
 *
 * @param type add the target's SOCK_NONBLOCK for a socket that does not block
 * @param subject the purpose of the socket, for the error message
 * @throws {SystemError} as socket(2)
 *
 * @example
 * ```ts
 * import { openSocket } from '@ifdepd/libc';
 * import { scriptedLibc } from '@ifdepd/libc/testing';
 *
 * const libc = scriptedLibc();
 * const { SOCK_RAW, SOCK_NONBLOCK } = libc.target.socket;
 * const socket = openSocket(libc, 16, SOCK_RAW | SOCK_NONBLOCK, 0, 'rtnetlink socket');
 * socket.close();
 * socket.close();
 * console.log(libc.calls.map(({ name }) => name).join()); // socket,close
 * ```
 */
export function openSocket(
  libc: Libc,
  domain: number,
  type: number,
  protocol: number,
  subject: string,
): OwnedFd {
  objectWith('openSocket: libc', libc, 'target', 'socket');
  for (const [name, value] of Object.entries({ domain, type, protocol })) {
    wholeNumber(`openSocket: ${name}`, value, INT);
  }
  const { SOCK_CLOEXEC, SOCK_NONBLOCK } = libc.target.socket;
  if (libc.target.socketFlags === 'at-socket') {
    return new OwnedFd(
      libc,
      must(libc, libc.socket(domain, type | SOCK_CLOEXEC, protocol), 'socket', subject),
    );
  }
  const bare = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
  const owned = new OwnedFd(libc, must(libc, libc.socket(domain, bare, protocol), 'socket', subject));
  try {
    setFlags(libc, owned.fd, (type & SOCK_NONBLOCK) !== 0, subject);
    return owned;
  } catch (error) {
    owned.close();
    throw error;
  }
}

function setFlags(libc: Libc, fd: number, nonBlocking: boolean, subject: string): void {
  const { F_SETFD, FD_CLOEXEC, F_GETFL, F_SETFL, O_NONBLOCK } = libc.target.fcntl;
  must(libc, libc.fcntl(fd, F_SETFD, FD_CLOEXEC), 'fcntl F_SETFD', subject);
  if (nonBlocking) {
    const status = must(libc, libc.fcntl(fd, F_GETFL, 0), 'fcntl F_GETFL', subject);
    must(libc, libc.fcntl(fd, F_SETFL, status | O_NONBLOCK), 'fcntl F_SETFL', subject);
  }
}
