import { type Libc, type OwnedFd, openSocket, type Result, SystemError } from '@ifdepd/libc';
import type { NetIfAbi, Request } from './abi/netif-abi.ts';
import { Ifreq } from './ifreq.ts';

/** The control socket of a {@link NetIf}, with one request block for all calls. */
export class Control {
  readonly libc: Libc;
  readonly abi: NetIfAbi;
  readonly ifreq: Ifreq;
  readonly #socket: OwnedFd;
  readonly #shortNameOf: (name: string) => string | null;

  /**
   * @param shortNameOf finds the name of an interface by a name that is too long for a request; null when there is none
   * @throws {SystemError} when no datagram socket can be opened
   */
  constructor(libc: Libc, abi: NetIfAbi, shortNameOf: (name: string) => string | null = () => null) {
    const { AF_INET, SOCK_DGRAM } = libc.target.socket;
    this.libc = libc;
    this.abi = abi;
    this.#shortNameOf = shortNameOf;
    this.ifreq = new Ifreq(abi.ifreq);
    this.#socket = openSocket(libc, AF_INET, SOCK_DGRAM, 0, 'interface control socket');
  }

  /**
   * Clears the request block and writes a name into it. For a name that is too long, it writes the name of the interface that has
   * it as an alternative name.
   *
   * @throws {SystemError} kind `not-found`, as from the kernel, when no interface has a name that is too long
   */
  address(name: string, request: string): void {
    if (!this.ifreq.address(name) && !this.ifreq.address(this.#shortNameOf(name) ?? '')) {
      throw this.error(-this.libc.target.errnoOf[this.abi.noSuchInterface], request, name);
    }
  }

  /** ioctl(2) with the request block, or with a block of another shape. */
  ioctl(request: number, argument: Uint8Array = this.ifreq.bytes): Result {
    return this.libc.ioctl(this.#socket.fd, request, argument);
  }

  /** {@link Control.ioctl}. @throws {SystemError} when it fails */
  must({ name, request }: Request, subject: string, argument: Uint8Array = this.ifreq.bytes): void {
    const result = this.ioctl(request, argument);
    if (result < 0) {
      throw this.error(result, name, subject);
    }
  }

  /** @param result a negated errno @param request the name of the ioctl */
  error(result: Result, request: string, subject: string): SystemError {
    return new SystemError(this.libc.target, -result, `ioctl ${request}`, subject);
  }

  close(): void {
    this.#socket.close();
  }
}
