import { type Libc, must, openSocket } from '../../src/index.ts';

const AF_UNIX = 1;

/** RTM_GETLINK of everything: struct nlmsghdr and struct ifinfomsg. */
export const listOfLinks: Uint8Array = Uint8Array.of(
  ...[32, 0, 0, 0, 18, 0, 0x01, 0x03, 1, 0, 0, 0, 0, 0, 0, 0],
  ...new Uint8Array(16),
);

/** A datagram socket that a call can wait for. */
export interface WaitingSocket extends Disposable {
  readonly fd: number;
  send(text: string): void;
}

/** One in Linux's abstract namespace: no file, and no packet on any interface. */
export function waitingSocket(libc: Libc): WaitingSocket {
  const { SOCK_DGRAM } = libc.target.socket;
  const owned = openSocket(libc, AF_UNIX, SOCK_DGRAM, 0, 'socket');
  const name = new TextEncoder().encode(`\0ifdepd-ring-${process.pid}-${owned.fd}`);
  const address = new Uint8Array(2 + name.byteLength);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, 2);
  must(libc, libc.bind(owned.fd, address), 'bind', 'socket');
  return {
    fd: owned.fd,
    send(text) {
      must(libc, libc.sendto(owned.fd, new TextEncoder().encode(text), 0, address), 'sendto', 'socket');
    },
    [Symbol.dispose]: () => owned.close(),
  };
}
