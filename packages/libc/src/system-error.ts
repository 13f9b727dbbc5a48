import { INT, objectWith, wholeNumber } from './arguments.ts';
import type { ErrnoEntry, Target } from './target.ts';

/** What a failure means to a caller, whatever the system calls it. */
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
 * A system call that failed: like Node's own (`code`, `errno`, `syscall`), with the thing it was about (`subject`:
 * an interface, a socket) and what the failure means (`kind`).
 */
export class SystemError extends Error {
  /** The symbolic name, `ENODEV`; `E` and the number where the target's table does not have it. */
  readonly code: string;
  /** The target's number, positive. */
  readonly errno: number;
  /** The call, with the request of an ioctl: `ioctl SIOCSIFFLAGS`. */
  readonly syscall: string;
  /** What it was done to: the name of an interface, 'rtnetlink socket'. */
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
