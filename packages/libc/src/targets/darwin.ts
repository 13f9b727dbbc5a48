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
 * macOS 11 and later, x64 and arm64 (the same numbers).
 *
 * Numbers: headers of the SDKs of macOS 11 and 13, compiled on both architectures and compared with golang/sys and
 * rust-lang/libc.
 */
export const darwin = {
  platform: 'darwin',
  layout: bsdLayout,
  library: '/usr/lib/libSystem.B.dylib',
  socketSymbol: 'socket',
  errno: { ...bsdErrno, 45: notSupported, 84: overflow, 89: canceled, 102: operationNotSupported },
  errnoOf: bsdErrnoOf,
  // xnu has neither flag. These are FreeBSD's numbers, and openSocket keeps them from the kernel: see socketFlags.
  socket: { ...bsdSocket, AF_INET6: 30, SOCK_CLOEXEC: 0x10000000, SOCK_NONBLOCK: 0x20000000 },
  socketFlags: 'after-socket',
  unixAddress: bsdUnixAddress,
  fcntl: bsdFcntl,
  syslog: bsdSyslog,
  syslogSocket: null,
  timerfd: null,
  subreaper: null,
  scheduling: null,
  ioUring: null,
  ...bsdPlaces,
  descriptorDirectory: '/dev/fd',
} as const satisfies Target;
