import type { Libc } from '../libc.ts';
import type { Native } from '../library.ts';
import { hostProcessor } from '../target.ts';
import type { CallContext } from './call-context.ts';

type ProcessCalls = Pick<
  Libc,
  'unshare' | 'setns' | 'prctl' | 'waitpid' | 'sched_getattr' | 'sched_setattr' | '_exit'
>;

export function processCalls({ bind, target, result }: CallContext): ProcessCalls {
  let unshare: Native | undefined;
  let setns: Native | undefined;
  let prctl: Native | undefined;
  let waitpid: Native | undefined;
  let syscall: Native | undefined;
  let _exit: Native | undefined;

  return {
    unshare(flags) {
      unshare ??= bind('unshare', 'int', 'int');
      return result(unshare, unshare(flags));
    },
    setns(fd, nstype) {
      setns ??= bind('setns', 'int', 'int', 'int');
      return result(setns, setns(fd, nstype));
    },
    prctl(option, argument) {
      prctl ??= bind('prctl', 'int', 'int', '...');
      const rest = ['unsigned long', 0, 'unsigned long', 0, 'unsigned long', 0] as const;
      return result(prctl, prctl(option, 'unsigned long', argument, ...rest));
    },
    waitpid(pid, options) {
      waitpid ??= bind('waitpid', 'int', 'int', 'void *', 'int');
      return result(waitpid, waitpid(pid, null, options));
    },

    // glibc has functions for these two since 2.41 only.
    sched_getattr(pid, attributes) {
      const numbers = target.scheduling?.calls[hostProcessor()];
      if (numbers === undefined) {
        return -target.errnoOf.ENOSYS;
      }
      syscall ??= bind('syscall', 'long', 'long', '...');
      const size = attributes.byteLength;
      const got = syscall(numbers[1], 'int', pid, 'void *', attributes, 'uint32_t', size, 'uint32_t', 0);
      return result(syscall, got);
    },
    sched_setattr(pid, attributes) {
      const numbers = target.scheduling?.calls[hostProcessor()];
      if (numbers === undefined) {
        return -target.errnoOf.ENOSYS;
      }
      syscall ??= bind('syscall', 'long', 'long', '...');
      return result(syscall, syscall(numbers[0], 'int', pid, 'void *', attributes, 'uint32_t', 0));
    },

    _exit(status) {
      _exit ??= bind('_exit', 'void', 'int');
      _exit(status);
    },
  };
}
