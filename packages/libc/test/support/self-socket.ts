import { type Libc, must, type OwnedFd, openSocket } from '../../src/index.ts';

const AF_UNIX = 1;

/** A datagram socket that is bound to an address of its own, so that it can be sent to by itself. */
export interface SelfSocket extends Disposable {
  readonly fd: number;
  /** Sends one datagram to itself. */
  send(text: string): void;
  /** Reads until there is nothing left. */
  drain(): string[];
}

/** Opens one in Linux's abstract namespace: no file, and no packet on any interface. */
export function selfSocket(libc: Libc): SelfSocket {
  const { SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  const owned: OwnedFd = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, 'self socket');
  const name = new TextEncoder().encode(`\0ifdepd-test-${process.pid}-${owned.fd}`);
  const address = new Uint8Array(2 + name.byteLength);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, 2);
  must(libc, libc.bind(owned.fd, address), 'bind', 'self socket');
  const into = new Uint8Array(256);
  return {
    fd: owned.fd,
    send(text) {
      must(libc, libc.sendto(owned.fd, new TextEncoder().encode(text), 0, address), 'sendto', 'self socket');
    },
    drain() {
      const texts: string[] = [];
      for (;;) {
        const size = libc.recvfrom(owned.fd, into, 0, null);
        if (size === -libc.target.errnoOf.EAGAIN) {
          return texts;
        }
        texts.push(new TextDecoder().decode(into.subarray(0, must(libc, size, 'recvfrom', 'self socket'))));
      }
    },
    [Symbol.dispose]: () => owned.close(),
  };
}
