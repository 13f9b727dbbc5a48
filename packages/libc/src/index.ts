export type { InterfaceName, Libc, PinnedBytes, Result } from './libc.ts';
export { type LoadLibcOptions, loadLibc } from './load-libc.ts';
export { must } from './must.ts';
export { OwnedFd, openSocket } from './owned-fd.ts';
export { SystemError, type SystemErrorKind } from './system-error.ts';
export {
  type ComparedErrno,
  type ErrnoEntry,
  hostTarget,
  type Platform,
  type Target,
  targetOf,
} from './target.ts';
