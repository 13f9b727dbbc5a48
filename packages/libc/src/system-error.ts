import { INT, objectWith, wholeNumber } from './arguments.ts';
import type { ErrnoEntry, Target } from './target.ts';

/** The meaning of a failure to a caller: the same on every system. */
export type SystemErrorKind =
  | 'not-found'
  | 'not-permitted'
  | 'busy'
  | 'unsupported'
  | 'interrupted'
  | 'overrun'
  | 'other';

const kinds: Readonly<Record<string, SystemErrorKind>> = {
  ENODEV: 'not-found',
  ENXIO: 'not-found',
  ENOENT: 'not-found',
  EPERM: 'not-permitted',
  EACCES: 'not-permitted',
  EBUSY: 'busy',
  EOPNOTSUPP: 'unsupported',
  ENOTSUP: 'unsupported',
  ENOTTY: 'unsupported',
  ENOSYS: 'unsupported',
  EAFNOSUPPORT: 'unsupported',
  EPROTONOSUPPORT: 'unsupported',
  EINTR: 'interrupted',
  ENOBUFS: 'overrun',
};

/**
 * A failed system call. It has `code`, `errno` and `syscall` as Node's own errors have, the object of the call (`subject`: an
 * interface, a socket) and the meaning of the failure (`kind`).
 */
export class SystemError extends Error {
  /** The symbolic name, such as `ENODEV`; `E` and the number when the table of the target does not have it. */
  readonly code: string;
  /** The number of the target, positive. */
  readonly errno: number;
  /** The call, with the request of an ioctl, such as `ioctl SIOCSIFFLAGS`. */
  readonly syscall: string;
  /** The object of the call: the name of an interface, or `rtnetlink socket`. */
  readonly subject: string;
  readonly kind: SystemErrorKind;

  constructor(target: Target, errno: number, syscall: string, subject: string) {
    objectWith('SystemError: target', target, 'errno');
    wholeNumber('SystemError: errno', errno, { least: 1, most: INT.most });
    const entry: ErrnoEntry | undefined = target.errno[errno];
    const [code, text] = entry ?? [`E${errno}`, 'unknown error'];
    super(`${subject}: ${text} (${syscall}: ${code})`);
    this.name = 'SystemError';
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
    this.subject = subject;
    this.kind = kinds[code] ?? 'other';
  }
}
