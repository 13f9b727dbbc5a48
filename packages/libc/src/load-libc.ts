import { objectWith, text } from './arguments.ts';
import { guarded } from './guarded.ts';
import { interfaceNames } from './interface-names.ts';
import { koffi } from './koffi.ts';
import type { Libc, PinnedBytes, Result } from './libc.ts';
import { missing, type Native, openLibrary } from './library.ts';
import { refuseOtherMachine } from './machine.ts';
import { mapper } from './mapper.ts';
import { pin } from './pin.ts';
import { readable } from './readable.ts';
import { hostProcessor, hostTarget, type Target } from './target.ts';

/** Where the calls come from. */
export interface LoadLibcOptions {
  /** The shared library to load the calls from, as dlopen(3) takes it. Default: the target's own. */
  readonly library?: string;
  /** The system that the library's calls reach. Default: the one we run on. */
  readonly target?: Target;
}

/**
 * The identities that openlog(3) was given. libc keeps the address alone and reads it at every message, whoever
 * called and whatever has become of the {@link Libc} it was called through: they stay.
 */
const identities = new Map<string, PinnedBytes>();

/**
 * The calls of a C library.
 *
 * A symbol is looked up at its first use and its function kept in a variable of its own: starting costs nothing for
 * calls that are never made, the path from a link event to an ioctl allocates nothing that koffi does not, and a
 * library without a call (there is no unshare(2) on a BSD) loads all the same; that call answers −ENOSYS.
 *
 * @throws {Error} where the library cannot be loaded
 * @throws {UnsupportedSystemError} where no target is given and this system has no tables, or this machine lays structures out
 *   otherwise than the tables say
 */
export function loadLibc(options: LoadLibcOptions = {}): Libc {
  objectWith('loadLibc: options', options);
  if (options.target !== undefined) {
    objectWith('loadLibc: target', options.target, 'platform', 'layout', 'socket');
  }
  const target = options.target ?? hostTarget();
  refuseOtherMachine(target);
  const library = openLibrary(
    options.library === undefined ? target.library : text('loadLibc: library', options.library),
  );
  const { bind } = library;

  let socket: Native | undefined;
  let bindAddress: Native | undefined;
  let connect: Native | undefined;
  let listen: Native | undefined;
  let setsockopt: Native | undefined;
  let getsockopt: Native | undefined;
  let sendto: Native | undefined;
  let recvfrom: Native | undefined;
  let ioctl: Native | undefined;
  let open: Native | undefined;
  let pread: Native | undefined;
  let close: Native | undefined;
  let dup2: Native | undefined;
  let pipe: Native | undefined;
  let flock: Native | undefined;
  let fcntl: Native | undefined;
  let sysctl: Native | undefined;
  let sysctlbyname: Native | undefined;
  let unshare: Native | undefined;
  let setns: Native | undefined;
  let prctl: Native | undefined;
  let waitpid: Native | undefined;
  let timerfd_create: Native | undefined;
  let timerfd_settime: Native | undefined;
  let syscall: Native | undefined;
  let _exit: Native | undefined;
  let openlog: Native | undefined;
  let syslog: Native | undefined;
  let closelog: Native | undefined;

  /** A call's value, or the negated errno that it left: read at once, before anything else can call into libc. */
  function result(call: Native, value: number): Result {
    return value >= 0 ? value : call === missing ? -target.errnoOf.ENOSYS : -koffi.errno();
  }

  /** A socklen_t that a call reads and writes. */
  const length = new Uint32Array(1);
  /** A size_t that a call reads and writes, 64 bits wide as on every machine that has tables. */
  const size = new BigUint64Array(1);

  /** The size that a call left, or the negated errno. */
  function sized(call: Native, status: number): Result {
    const outcome = result(call, status);
    return outcome < 0 ? outcome : Number(size[0]);
  }

  return guarded({
    target,

    socket(domain, type, protocol) {
      socket ??= bind(target.socketSymbol, 'int', 'int', 'int', 'int');
      return result(socket, socket(domain, type, protocol));
    },
    bind(fd, address) {
      bindAddress ??= bind('bind', 'int', 'int', 'void *', 'uint32_t');
      return result(bindAddress, bindAddress(fd, address, address.byteLength));
    },
    connect(fd, address) {
      connect ??= bind('connect', 'int', 'int', 'void *', 'uint32_t');
      return result(connect, connect(fd, address, address.byteLength));
    },
    listen(fd, backlog) {
      listen ??= bind('listen', 'int', 'int', 'int');
      return result(listen, listen(fd, backlog));
    },
    setsockopt(fd, level, option, value) {
      setsockopt ??= bind('setsockopt', 'int', 'int', 'int', 'int', 'void *', 'uint32_t');
      return result(setsockopt, setsockopt(fd, level, option, value, value.byteLength));
    },
    getsockopt(fd, level, option, value) {
      getsockopt ??= bind('getsockopt', 'int', 'int', 'int', 'int', 'void *', 'void *');
      length[0] = value.byteLength;
      const status = result(getsockopt, getsockopt(fd, level, option, value, length));
      return status < 0 ? status : (length[0] ?? 0);
    },
    sendto(fd, bytes, flags, to) {
      // koffi does not know ssize_t; intptr_t is as wide everywhere.
      sendto ??= bind('sendto', 'intptr_t', 'int', 'void *', 'size_t', 'int', 'void *', 'uint32_t');
      return result(sendto, sendto(fd, bytes, bytes.byteLength, flags, to, to === null ? 0 : to.byteLength));
    },
    recvfrom(fd, into, flags, from) {
      recvfrom ??= bind('recvfrom', 'intptr_t', 'int', 'void *', 'size_t', 'int', 'void *', 'void *');
      if (from === null) {
        return result(recvfrom, recvfrom(fd, into, into.byteLength, flags, null, null));
      }
      length[0] = from.byteLength;
      return result(recvfrom, recvfrom(fd, into, into.byteLength, flags, from, length));
    },
    ioctl(fd, request, argument) {
      // `unsigned long` is wider than musl's `int`, which takes the low half of the same register: right for both, as
      // a request above 0x7fffffff is passed with zeros above it, never as a negative number.
      ioctl ??= bind('ioctl', 'int', 'int', 'unsigned long', '...');
      return result(ioctl, ioctl(fd, request, 'void *', argument));
    },
    open(path, flags) {
      open ??= bind('open', 'int', 'str', 'int', '...');
      return result(open, open(path, flags));
    },
    pread(fd, into, offset) {
      // off_t has 64 bits on every machine that has tables, in musl's and the BSDs' C libraries as in glibc.
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

    sysctl(mib, into, from) {
      sysctl ??= bind('sysctl', 'int', 'void *', 'unsigned int', 'void *', 'void *', 'void *', 'size_t');
      size[0] = BigInt(into?.byteLength ?? 0);
      const name = Int32Array.from(mib);
      const call = sysctl;
      return sized(call, call(name, name.length, into, size, from, from?.byteLength ?? 0));
    },
    sysctlbyname(name, into, from) {
      sysctlbyname ??= bind('sysctlbyname', 'int', 'str', 'void *', 'void *', 'void *', 'size_t');
      size[0] = BigInt(into?.byteLength ?? 0);
      const call = sysctlbyname;
      return sized(call, call(name, into, size, from, from?.byteLength ?? 0));
    },

    if_nameindex: interfaceNames(library, target),

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

    timerfd_create(clock, flags) {
      timerfd_create ??= bind('timerfd_create', 'int', 'int', 'int');
      return result(timerfd_create, timerfd_create(clock, flags));
    },
    timerfd_settime(fd, flags, value) {
      timerfd_settime ??= bind('timerfd_settime', 'int', 'int', 'int', 'void *', 'void *');
      return result(timerfd_settime, timerfd_settime(fd, flags, value, null));
    },

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

    io_uring_setup(entries, params) {
      const numbers = target.ioUring;
      if (numbers === null) {
        return -target.errnoOf.ENOSYS;
      }
      syscall ??= bind('syscall', 'long', 'long', '...');
      const number = numbers.SYS_io_uring_setup;
      return result(syscall, syscall(number, 'uint32_t', entries, 'void *', params));
    },
    io_uring_enter(fd, submit, complete, flags) {
      const numbers = target.ioUring;
      if (numbers === null) {
        return -target.errnoOf.ENOSYS;
      }
      syscall ??= bind('syscall', 'long', 'long', '...');
      const number = numbers.SYS_io_uring_enter;
      const entered = syscall(
        number,
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
    mmap: mapper(library, target),

    _exit(status) {
      _exit ??= bind('_exit', 'void', 'int');
      _exit(status);
    },

    openlog(ident, options, facility) {
      openlog ??= bind('openlog', 'void', 'void *', 'int', 'int');
      openlog(identity(ident), options, facility);
    },
    syslog(priority, message) {
      syslog ??= bind('syslog', 'void', 'int', 'str', '...');
      syslog(priority, '%s', 'str', message);
    },
    closelog() {
      closelog ??= bind('closelog', 'void');
      closelog();
    },

    pin,
    readable,
  });
}

/** The bytes of an identity, the same ones each time. */
function identity(ident: string): Uint8Array {
  let pinned = identities.get(ident);
  if (pinned === undefined) {
    const bytes = new TextEncoder().encode(`${ident}\0`);
    pinned = pin(bytes.byteLength);
    pinned.bytes.set(bytes);
    identities.set(ident, pinned);
  }
  return pinned.bytes;
}
