import type { Libc } from '../libc.ts';
import type { Native } from '../library.ts';
import type { CallContext } from './call-context.ts';

type SocketCalls = Pick<
  Libc,
  'socket' | 'bind' | 'connect' | 'listen' | 'accept' | 'setsockopt' | 'getsockopt' | 'sendto' | 'recvfrom'
>;

export function socketCalls({ bind, target, result }: CallContext): SocketCalls {
  let socket: Native | undefined;
  let bindAddress: Native | undefined;
  let connect: Native | undefined;
  let listen: Native | undefined;
  let accept: Native | undefined;
  let setsockopt: Native | undefined;
  let getsockopt: Native | undefined;
  let sendto: Native | undefined;
  let recvfrom: Native | undefined;

  /** A socklen_t that a call reads and writes. */
  const length = new Uint32Array(1);

  return {
    socket(domain, type, protocol) {
      socket ??= bind(target.socketSymbol, 'int', 'int', 'int', 'int');
      return result(socket, socket(domain, type, protocol));
    },
    bind(fd, address) {
      bindAddress ??= bind('bind', 'int', 'int', 'void *', 'uint32_t');
      return result(bindAddress, bindAddress(fd, address, address.byteLength));
    },
    connect(fd, address) {
      connect ??= bind('connect', 'int', 'int', 'void *', 'uint32_t');
      return result(connect, connect(fd, address, address.byteLength));
    },
    listen(fd, backlog) {
      listen ??= bind('listen', 'int', 'int', 'int');
      return result(listen, listen(fd, backlog));
    },
    accept(fd) {
      accept ??= bind('accept', 'int', 'int', 'void *', 'void *');
      return result(accept, accept(fd, null, null));
    },
    setsockopt(fd, level, option, value) {
      setsockopt ??= bind('setsockopt', 'int', 'int', 'int', 'int', 'void *', 'uint32_t');
      return result(setsockopt, setsockopt(fd, level, option, value, value.byteLength));
    },
    getsockopt(fd, level, option, value) {
      getsockopt ??= bind('getsockopt', 'int', 'int', 'int', 'int', 'void *', 'void *');
      length[0] = value.byteLength;
      const status = result(getsockopt, getsockopt(fd, level, option, value, length));
      return status < 0 ? status : (length[0] ?? 0);
    },
    sendto(fd, bytes, flags, to) {
      // koffi does not know ssize_t. intptr_t has the same width on every system here.
      sendto ??= bind('sendto', 'intptr_t', 'int', 'void *', 'size_t', 'int', 'void *', 'uint32_t');
      return result(sendto, sendto(fd, bytes, bytes.byteLength, flags, to, to === null ? 0 : to.byteLength));
    },
    recvfrom(fd, into, flags, from) {
      recvfrom ??= bind('recvfrom', 'intptr_t', 'int', 'void *', 'size_t', 'int', 'void *', 'void *');
      if (from === null) {
        return result(recvfrom, recvfrom(fd, into, into.byteLength, flags, null, null));
      }
      length[0] = from.byteLength;
      return result(recvfrom, recvfrom(fd, into, into.byteLength, flags, from, length));
    },
  };
}
