import type { Target } from '../target.ts';
import { bsdErrno, bsdErrnoOf, canceled, operationNotSupported, overflow } from './bsd-errno.ts';
import { bsdFcntl, bsdLayout, bsdPlaces, bsdSocket, bsdSyslog, bsdUnixAddress } from './bsd-numbers.ts';

/**
 * DragonFly 5.8 to 6.x, amd64 (there is no other).
 *
 * Numbers: headers of 5.9-DEVELOPMENT, compiled and compared with golang/sys and rust-lang/libc, which are newer.
 */
export const dragonfly = {
  platform: 'dragonfly',
  layout: bsdLayout,
  library: 'libc.so.8',
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
