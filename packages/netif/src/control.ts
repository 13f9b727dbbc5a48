import { type Libc, type OwnedFd, openSocket, type Result, SystemError } from '@ifdepd/libc';
import type { NetIfAbi, Request } from './abi/netif-abi.ts';
import { Ifreq } from './ifreq.ts';

/** The control socket of a {@link NetIf}, with the one request block that every call uses. */
export class Control {
  readonly libc: Libc;
  readonly abi: NetIfAbi;
  readonly ifreq: Ifreq;
  readonly #socket: OwnedFd;
  readonly #shortNameOf: (name: string) => string | null;

  /**
   * @param shortNameOf the name of an interface for one that does not fit into a request; null where there is none
   * @throws {SystemError} where not even a datagram socket can be had
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
   * Clears the request block and writes the name into it; for a longer one, the name of the interface that answers to
   * it. One that there is no interface for names nothing: the kernel's own answer, without asking it.
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

  /** As {@link Control.ioctl}. @throws {SystemError} where it fails */
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
