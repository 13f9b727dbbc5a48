/** syslog.h: one set of numbers on every system, 4.3BSD's. */
export const bsdSyslog = { LOG_PID: 0x01, LOG_NDELAY: 0x08, LOG_DAEMON: 3 << 3 } as const;

/** sys/socket.h: the numbers that FreeBSD, OpenBSD, NetBSD, DragonFly and macOS share. */
export const bsdSocket = {
  AF_UNIX: 1,
  AF_INET: 2,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  SOCK_RAW: 3,
  SOL_SOCKET: 0xffff,
  SO_RCVBUF: 0x1002,
  MSG_DONTWAIT: 0x80,
  MSG_TRUNC: 0x10,
} as const;

/** sys/un.h, of the same systems. */
export const bsdUnixAddress = { sun_len: 0, sun_family: 1, sun_path: 2, size: 106 } as const;

/** sys/fcntl.h, of the same systems. */
export const bsdFcntl = { F_SETFD: 2, F_GETFL: 3, F_SETFL: 4, FD_CLOEXEC: 1, O_NONBLOCK: 0x4 } as const;

/** The tables were made on amd64 and arm64. */
export const bsdLayout = { pointerBytes: 8, littleEndian: true, otherNumbersOn: [] } as const;

/** hier(7), and features that no BSD has. sys/sysctl.h: CTL_KERN, KERN_BOOTTIME. */
export const bsdPlaces = {
  rtnetlink: false,
  runDirectory: '/var/run',
  stateDirectory: '/var/db',
  bootId: { mib: [1, 21] },
  // fdescfs(5) is optional. Without it, /dev/fd lists descriptors that are not open.
  descriptorDirectory: null,
  processDirectory: null,
  networkNamespace: null,
} as const;
