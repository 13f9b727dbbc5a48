import type { Target } from '../target.ts';
import { bsdErrno, bsdErrnoOf, canceled, operationNotSupported, overflow } from './bsd-errno.ts';
import { bsdFcntl, bsdLayout, bsdPlaces, bsdSocket, bsdSyslog, bsdUnixAddress } from './bsd-numbers.ts';

/**
 * FreeBSD 13 and 14, amd64 and arm64 (the same numbers); 15 by the tables of golang/sys and rust-lang/libc.
 *
 * Numbers: headers of 13.0 and 14, compiled on both architectures and compared with golang/sys and rust-lang/libc.
 */
export const freebsd = {
  platform: 'freebsd',
  layout: bsdLayout,
  library: 'libc.so.7',
  socketSymbol: 'socket',
  // sys/errno.h: ENOTSUP is EOPNOTSUPP.
  errno: { ...bsdErrno, 45: operationNotSupported, 84: overflow, 85: canceled },
  errnoOf: bsdErrnoOf,
  socket: { ...bsdSocket, AF_INET6: 28, SOCK_CLOEXEC: 0x10000000, SOCK_NONBLOCK: 0x20000000 },
  socketFlags: 'at-socket',
  unixAddress: bsdUnixAddress,
  fcntl: bsdFcntl,
  syslog: bsdSyslog,
  syslogSocket: null,
  timerfd: null,
  subreaper: null,
  scheduling: null,
  ioUring: null,
  ...bsdPlaces,
} as const satisfies Target;
