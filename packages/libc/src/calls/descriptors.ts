import type { Libc } from '../libc.ts';
import type { Native } from '../library.ts';
import type { CallContext } from './call-context.ts';

type DescriptorCalls = Pick<
  Libc,
  | 'ioctl'
  | 'open'
  | 'pread'
  | 'close'
  | 'dup2'
  | 'pipe'
  | 'flock'
  | 'fcntl'
  | 'timerfd_create'
  | 'timerfd_settime'
>;

export function descriptorCalls({ bind, result }: CallContext): DescriptorCalls {
  let ioctl: Native | undefined;
  let open: Native | undefined;
  let pread: Native | undefined;
  let close: Native | undefined;
  let dup2: Native | undefined;
  let pipe: Native | undefined;
  let flock: Native | undefined;
  let fcntl: Native | undefined;
  let timerfd_create: Native | undefined;
  let timerfd_settime: Native | undefined;

  return {
    ioctl(fd, request, argument) {
      // musl declares the request as `int`, and takes the low half of the register in which an `unsigned long` is passed.
      // So this is right for both, as long as a request above 0x7fffffff has zeros above it and is no negative number.
      ioctl ??= bind('ioctl', 'int', 'int', 'unsigned long', '...');
      return result(ioctl, ioctl(fd, request, 'void *', argument));
    },
    open(path, flags) {
      open ??= bind('open', 'int', 'str', 'int', '...');
      return result(open, open(path, flags));
    },
    pread(fd, into, offset) {
      // off_t has 64 bits on every machine that has tables, with glibc, with musl and on the BSDs.
      pread ??= bind('pread', 'intptr_t', 'int', 'void *', 'size_t', 'int64_t');
      return result(pread, pread(fd, into, into.byteLength, offset));
    },
    close(fd) {
      close ??= bind('close', 'int', 'int');
      return result(close, close(fd));
    },
    dup2(from, to) {
      dup2 ??= bind('dup2', 'int', 'int', 'int');
      return result(dup2, dup2(from, to));
    },
    pipe(ends) {
      pipe ??= bind('pipe', 'int', 'void *');
      return result(pipe, pipe(ends));
    },
    flock(fd, operation) {
      flock ??= bind('flock', 'int', 'int', 'int');
      return result(flock, flock(fd, operation));
    },
    fcntl(fd, command, argument) {
      fcntl ??= bind('fcntl', 'int', 'int', 'int', '...');
      return result(fcntl, fcntl(fd, command, 'int', argument));
    },
    timerfd_create(clock, flags) {
      timerfd_create ??= bind('timerfd_create', 'int', 'int', 'int');
      return result(timerfd_create, timerfd_create(clock, flags));
    },
    timerfd_settime(fd, flags, value) {
      timerfd_settime ??= bind('timerfd_settime', 'int', 'int', 'int', 'void *', 'void *');
      return result(timerfd_settime, timerfd_settime(fd, flags, value, null));
    },
  };
}
