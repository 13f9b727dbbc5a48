import { INT, objectWith, wholeNumber } from './arguments.ts';
import type { Libc } from './libc.ts';
import { must } from './must.ts';

/** A descriptor with one owner: closed once, however often it is asked, and unusable afterwards. */
export class OwnedFd implements Disposable {
  readonly #libc: Libc;
  #fd: number;

  /** @param fd one that is open: 0 or more */
  constructor(libc: Libc, fd: number) {
    objectWith('OwnedFd: libc', libc, 'close');
    this.#libc = libc;
    this.#fd = wholeNumber('OwnedFd: fd', fd, { least: 0, most: INT.most });
  }

  /**
   * The number.
   *
   * @throws {Error} after it was closed: the number may belong to something else by then
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

  /** Closes it; does nothing the second time. An error of close(2) is not reported: the descriptor is gone anyway. */
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
 * A new socket, close-on-exec, and non-blocking where asked: on every target, whichever way it has.
 *
 * @param type with the target's SOCK_NONBLOCK in it where the socket shall not block
 * @param subject what it is for, named in the error
 * @throws {SystemError} as socket(2)
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
