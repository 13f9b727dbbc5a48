export { callable, list, objectWith, oneOf, shown, text, wholeNumber } from './arguments.ts';
export { decodeText, encodeText } from './byte-text.ts';
export type { InterfaceName, Libc, MappedBytes, PinnedBytes, ReadableWatch, Result } from './libc.ts';
export { type LoadLibcOptions, loadLibc } from './load-libc.ts';
export { must } from './must.ts';
export { OwnedFd, openSocket } from './owned-fd.ts';
export { SystemError, type SystemErrorKind } from './system-error.ts';
export {
  type ComparedErrno,
  type ErrnoEntry,
  hostTarget,
  type IoUringNumbers,
  type Platform,
  type SchedulingNumbers,
  type Target,
  targetOf,
  UnsupportedSystemError,
} from './target.ts';
