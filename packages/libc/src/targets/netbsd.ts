import type { Target } from '../target.ts';
import {
  bsdErrno,
  bsdErrnoOf,
  canceled,
  notSupported,
  operationNotSupported,
  overflow,
} from './bsd-errno.ts';
import { bsdFcntl, bsdLayout, bsdPlaces, bsdSocket, bsdSyslog, bsdUnixAddress } from './bsd-numbers.ts';

/**
 * NetBSD 9 and 10, amd64 and arm64 (the same numbers).
 *
 * Numbers: headers of 8.99.43, 10.99.2 and 10.99.12, compiled on both architectures and compared with golang/sys and
 * rust-lang/libc.
 */
export const netbsd = {
  platform: 'netbsd',
  layout: bsdLayout,
  library: 'libc.so.12',
  // sys/socket.h renames it. The symbol `socket` is for old programs, and has other errnos for unknown families.
  socketSymbol: '__socket30',
  errno: { ...bsdErrno, 45: operationNotSupported, 84: overflow, 86: notSupported, 87: canceled },
  errnoOf: bsdErrnoOf,
  socket: { ...bsdSocket, AF_INET6: 24, SOCK_CLOEXEC: 0x10000000, SOCK_NONBLOCK: 0x20000000 },
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
  // sys/sysctl.h: CTL_KERN, KERN_BOOTTIME. Old programs use 21.
  bootId: { mib: [1, 83] },
} as const satisfies Target;
