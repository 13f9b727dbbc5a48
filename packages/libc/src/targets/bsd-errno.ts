import type { ErrnoEntry } from '../target.ts';

/**
 * The errnos with one number on FreeBSD, OpenBSD, NetBSD, DragonFly and macOS. The messages are those of 4.4BSD's sys_errlist in
 * lower case, from which each system differs by a few words.
 */
export const bsdErrno = {
  1: ['EPERM', 'operation not permitted'],
  2: ['ENOENT', 'no such file or directory'],
  3: ['ESRCH', 'no such process'],
  4: ['EINTR', 'interrupted system call'],
  5: ['EIO', 'input/output error'],
  6: ['ENXIO', 'device not configured'],
  9: ['EBADF', 'bad file descriptor'],
  12: ['ENOMEM', 'cannot allocate memory'],
  13: ['EACCES', 'permission denied'],
  14: ['EFAULT', 'bad address'],
  16: ['EBUSY', 'device busy'],
  17: ['EEXIST', 'file exists'],
  19: ['ENODEV', 'operation not supported by device'],
  22: ['EINVAL', 'invalid argument'],
  23: ['ENFILE', 'too many open files in system'],
  24: ['EMFILE', 'too many open files'],
  25: ['ENOTTY', 'inappropriate ioctl for device'],
  32: ['EPIPE', 'broken pipe'],
  35: ['EAGAIN', 'resource temporarily unavailable'],
  36: ['EINPROGRESS', 'operation now in progress'],
  37: ['EALREADY', 'operation already in progress'],
  40: ['EMSGSIZE', 'message too long'],
  43: ['EPROTONOSUPPORT', 'protocol not supported'],
  47: ['EAFNOSUPPORT', 'address family not supported by protocol family'],
  48: ['EADDRINUSE', 'address already in use'],
  49: ['EADDRNOTAVAIL', "can't assign requested address"],
  50: ['ENETDOWN', 'network is down'],
  51: ['ENETUNREACH', 'network is unreachable'],
  52: ['ENETRESET', 'network dropped connection on reset'],
  53: ['ECONNABORTED', 'software caused connection abort'],
  54: ['ECONNRESET', 'connection reset by peer'],
  55: ['ENOBUFS', 'no buffer space available'],
  56: ['EISCONN', 'socket is already connected'],
  57: ['ENOTCONN', 'socket is not connected'],
  60: ['ETIMEDOUT', 'operation timed out'],
  61: ['ECONNREFUSED', 'connection refused'],
  64: ['EHOSTDOWN', 'host is down'],
  65: ['EHOSTUNREACH', 'no route to host'],
  78: ['ENOSYS', 'function not implemented'],
} as const satisfies Readonly<Record<number, ErrnoEntry>>;

/** The errnos among them that our code compares with. */
export const bsdErrnoOf = {
  EAGAIN: 35,
  ECONNREFUSED: 61,
  EINTR: 4,
  EINVAL: 22,
  ENOBUFS: 55,
  ENODEV: 19,
  ENOMEM: 12,
  ENOSYS: 78,
  ENXIO: 6,
} as const;

/** The errnos whose numbers differ. */
export const canceled = ['ECANCELED', 'operation canceled'] as const;
export const notSupported = ['ENOTSUP', 'not supported'] as const;
export const operationNotSupported = ['EOPNOTSUPP', 'operation not supported'] as const;
export const overflow = ['EOVERFLOW', 'value too large to be stored in data type'] as const;
