import type { Libc } from '../libc.ts';
import type { Native } from '../library.ts';
import type { CallContext } from './call-context.ts';

/** io_uring(7) has no functions in any C library: syscall(2) makes its calls. */
export function ioUringCalls({
  bind,
  target,
  result,
}: CallContext): Pick<Libc, 'io_uring_setup' | 'io_uring_enter'> {
  const numbers = target.ioUring;
  let syscall: Native | undefined;

  return {
    io_uring_setup(entries, params) {
      if (numbers === null) {
        return -target.errnoOf.ENOSYS;
      }
      syscall ??= bind('syscall', 'long', 'long', '...');
      return result(syscall, syscall(numbers.SYS_io_uring_setup, 'uint32_t', entries, 'void *', params));
    },
    io_uring_enter(fd, submit, complete, flags) {
      if (numbers === null) {
        return -target.errnoOf.ENOSYS;
      }
      syscall ??= bind('syscall', 'long', 'long', '...');
      const entered = syscall(
        numbers.SYS_io_uring_enter,
        'int',
        fd,
        'uint32_t',
        submit,
        'uint32_t',
        complete,
        'uint32_t',
        flags,
        'void *',
        null,
        'size_t',
        0,
      );
      return result(syscall, entered);
    },
  };
}
