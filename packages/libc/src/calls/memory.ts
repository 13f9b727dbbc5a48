import { koffi } from '../koffi.ts';
import type { Libc, PinnedBytes } from '../libc.ts';
import type { Native } from '../library.ts';
import type { CallContext } from './call-context.ts';

/** {@link Libc.pin}: bytes outside the JavaScript heap, which the garbage collector never moves. */
export function pin(size: number): PinnedBytes {
  const bytes = new Uint8Array(new ArrayBuffer(size));
  return { bytes, address: BigInt(koffi.address(bytes)) };
}

/** {@link Libc.mmap} of a C library. */
export function mmapCall({ bind, target }: CallContext): Libc['mmap'] {
  let mmap: Native | undefined;
  let munmap: Native | undefined;
  return (fd, length, offset) => {
    const numbers = target.ioUring;
    if (numbers === null) {
      return -target.errnoOf.ENOSYS;
    }
    const { PROT_READ, PROT_WRITE, MAP_SHARED, MAP_POPULATE } = numbers;
    // An address of a process has 47 bits, 52 at most: a number holds it, and −1 is no address.
    mmap ??= bind('mmap', 'intptr_t', 'void *', 'size_t', 'int', 'int', 'int', 'int64_t');
    const address = mmap(null, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);
    if (address < 0) {
      return -koffi.errno();
    }
    return {
      bytes: new Uint8Array(koffi.view(BigInt(address), length)),
      [Symbol.dispose]() {
        munmap ??= bind('munmap', 'int', 'intptr_t', 'size_t');
        munmap(address, length);
      },
    };
  };
}

/** {@link Libc.malloc_trim} of a C library. */
export function mallocTrimCall({ bind, result }: CallContext): Libc['malloc_trim'] {
  let malloc_trim: Native | undefined;
  return () => {
    malloc_trim ??= bind('malloc_trim', 'int', 'size_t');
    return result(malloc_trim, malloc_trim(0));
  };
}
