import { type Libc, openSocket, SystemError } from '@ifdepd/libc';
import { unixAddress } from '../system/unix-address.ts';

/**
 * Why no system logger listens now; null where one does, or where only libc knows its address.
 */
export function syslogFault(libc: Libc): string | null {
  const path = libc.target.syslogSocket;
  if (path === null) {
    return null;
  }
  const { AF_UNIX, SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  using socket = openSocket(libc, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, path);
  const result = libc.connect(socket.fd, unixAddress(libc.target, path) ?? new Uint8Array());
  if (result >= 0) {
    return null;
  }
  const { code } = new SystemError(libc.target, -result, 'connect', path);
  return `no system logger listens at ${path} (${code})`;
}
