import koffi, { type LibraryHandle } from 'koffi';
import type { InterfaceName, Libc, PinnedBytes, Result } from './libc.ts';
import { readable } from './readable.ts';
import { hostTarget, type Target } from './target.ts';

/** Where the calls come from. */
export interface LoadLibcOptions {
  /** The shared library to load the calls from. Default: the target's own. */
  readonly library?: string;
  /** The system that the library's calls reach. Default: the one we run on. */
  readonly target?: Target;
}

/** A function of the library: numbers and memory in, a number out. */
type Native = (...values: readonly (number | string | Uint8Array | Uint32Array | bigint | null)[]) => number;

/**
 * The calls of a C library.
 *
 * Symbols are looked up at first use: a library without a call (there is no unshare(2) on a BSD) loads all the same,
 * and the call answers −ENOSYS.
 *
 * @throws {Error} where the library cannot be loaded
 * @throws {RangeError} where no target is given and this system has no tables
 */
export function loadLibc(options: LoadLibcOptions = {}): Libc {
  const target = options.target ?? hostTarget();
  const library = open(options.library ?? target.library);
  const missing: Native = () => -1;
  const found = new Map<string, Native>();

  function native(name: string, result: string, parameters: string[]): Native {
    let call = found.get(name);
    if (call === undefined) {
      call = lookUp(library, name, result, parameters) ?? missing;
      found.set(name, call);
    }
    return call;
  }

  /** A call's value, or the negated errno that it left: read at once, before anything else can call into libc. */
  function result(call: Native, value: number): Result {
    return value >= 0 ? value : call === missing ? -target.errnoOf.ENOSYS : -koffi.errno();
  }

  const length = new Uint32Array(1);
  let identity: PinnedBytes | undefined;

  return Object.freeze<Libc>({
    target,

    socket(domain, type, protocol) {
      const call = native('socket', 'int', ['int', 'int', 'int']);
      return result(call, call(domain, type, protocol));
    },
    bind(fd, address) {
      const call = native('bind', 'int', ['int', 'void *', 'uint32_t']);
      return result(call, call(fd, address, address.byteLength));
    },
    setsockopt(fd, level, option, value) {
      const call = native('setsockopt', 'int', ['int', 'int', 'int', 'void *', 'uint32_t']);
      return result(call, call(fd, level, option, value, value.byteLength));
    },
    getsockopt(fd, level, option, value) {
      const call = native('getsockopt', 'int', ['int', 'int', 'int', 'void *', 'void *']);
      length[0] = value.byteLength;
      const status = result(call, call(fd, level, option, value, length));
      return status < 0 ? status : (length[0] ?? 0);
    },
    sendto(fd, bytes, flags, to) {
      const call = native('sendto', 'intptr_t', ['int', 'void *', 'size_t', 'int', 'void *', 'uint32_t']);
      return result(call, call(fd, bytes, bytes.byteLength, flags, to, to === null ? 0 : to.byteLength));
    },
    recvfrom(fd, into, flags, from) {
      const call = native('recvfrom', 'intptr_t', ['int', 'void *', 'size_t', 'int', 'void *', 'void *']);
      length[0] = from === null ? 0 : from.byteLength;
      return result(call, call(fd, into, into.byteLength, flags, from, from === null ? null : length));
    },
    ioctl(fd, request, argument) {
      // Declared variadic, as it is: macOS on arm64 passes variadic arguments on the stack.
      const call = native('ioctl', 'int', ['int', 'unsigned long', '...']);
      return result(call, call(fd, request, 'void *', argument));
    },
    close(fd) {
      const call = native('close', 'int', ['int']);
      return result(call, call(fd));
    },
    dup2(from, to) {
      const call = native('dup2', 'int', ['int', 'int']);
      return result(call, call(from, to));
    },

    if_nameindex() {
      return interfaceNames(library, target);
    },

    unshare(flags) {
      const call = native('unshare', 'int', ['int']);
      return result(call, call(flags));
    },
    setns(fd, nstype) {
      const call = native('setns', 'int', ['int', 'int']);
      return result(call, call(fd, nstype));
    },

    openlog(ident, options, facility) {
      const bytes = new TextEncoder().encode(`${ident}\0`);
      identity = pin(bytes.byteLength);
      identity.bytes.set(bytes);
      native('openlog', 'void', ['void *', 'int', 'int'])(identity.bytes, options, facility);
    },
    syslog(priority, message) {
      native('syslog', 'void', ['int', 'str', '...'])(priority, '%s', 'str', message);
    },
    closelog() {
      native('closelog', 'void', [])();
      identity = undefined;
    },

    pin,
    readable,
  });
}

/** Off the JavaScript heap: the collector never moves it. */
function pin(size: number): PinnedBytes {
  const bytes = new Uint8Array(new ArrayBuffer(size));
  return { bytes, address: BigInt(koffi.address(bytes)) };
}

function open(library: string | null): LibraryHandle {
  try {
    return koffi.load(library);
  } catch (error) {
    throw new Error(`cannot load the C library ${library ?? '(this program)'}: ${String(error)}`, {
      cause: error,
    });
  }
}

function lookUp(
  library: LibraryHandle,
  name: string,
  result: string,
  parameters: string[],
): Native | undefined {
  try {
    return library.func(name, result, parameters) as unknown as Native;
  } catch {
    return undefined;
  }
}

/** Decodes the array of `struct if_nameindex { unsigned if_index; char *if_name; }`, ended by a zero index. */
function interfaceNames(library: LibraryHandle, target: Target): readonly InterfaceName[] | Result {
  const entry = koffi.struct({ if_index: 'unsigned int', if_name: 'str' });
  const list = lookUp(library, 'if_nameindex', 'void *', []) as unknown as (() => bigint | null) | undefined;
  const free = lookUp(library, 'if_freenameindex', 'void', ['void *']);
  if (list === undefined || free === undefined) {
    return -target.errnoOf.ENOSYS;
  }
  const first = list();
  if (first === null) {
    return -koffi.errno();
  }
  const names: InterfaceName[] = [];
  const size = koffi.sizeof(entry);
  for (;;) {
    const { if_index: index, if_name: name } = koffi.decode(first, names.length * size, entry) as {
      if_index: number;
      if_name: string | null;
    };
    if (index === 0 || name === null) {
      break;
    }
    names.push({ index, name });
  }
  free(first);
  return names;
}
