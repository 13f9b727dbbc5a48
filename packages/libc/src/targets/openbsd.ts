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
 * OpenBSD 7.x, amd64 and arm64 (the same numbers).
 *
 * Numbers: headers of 7.8, and of 6.5 compiled on amd64, compared with golang/sys and rust-lang/libc.
 */
export const openbsd = {
  platform: 'openbsd',
  layout: bsdLayout,
  // Without a version, which changes with releases: ld.so takes the highest one (libexec/ld.so/sod.c).
  library: 'libc.so',
  socketSymbol: 'socket',
  errno: { ...bsdErrno, 45: operationNotSupported, 87: overflow, 88: canceled, 91: notSupported },
  errnoOf: bsdErrnoOf,
  socket: { ...bsdSocket, AF_INET6: 24, SOCK_CLOEXEC: 0x8000, SOCK_NONBLOCK: 0x4000 },
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
