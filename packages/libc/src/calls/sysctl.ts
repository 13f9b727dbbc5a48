import type { Libc, Result } from '../libc.ts';
import type { Native } from '../library.ts';
import type { CallContext } from './call-context.ts';

export function sysctlCalls({ bind, result }: CallContext): Pick<Libc, 'sysctl' | 'sysctlbyname'> {
  let sysctl: Native | undefined;
  let sysctlbyname: Native | undefined;

  /** A size_t that a call reads and writes: 64 bits wide on every machine that has tables. */
  const size = new BigUint64Array(1);

  /** The size that a call left, or the negated errno. */
  function sized(call: Native, status: number): Result {
    const outcome = result(call, status);
    return outcome < 0 ? outcome : Number(size[0]);
  }

  return {
    sysctl(mib, into, from) {
      sysctl ??= bind('sysctl', 'int', 'void *', 'unsigned int', 'void *', 'void *', 'void *', 'size_t');
      size[0] = BigInt(into?.byteLength ?? 0);
      const name = Int32Array.from(mib);
      return sized(sysctl, sysctl(name, name.length, into, size, from, from?.byteLength ?? 0));
    },
    sysctlbyname(name, into, from) {
      sysctlbyname ??= bind('sysctlbyname', 'int', 'str', 'void *', 'void *', 'void *', 'size_t');
      size[0] = BigInt(into?.byteLength ?? 0);
      return sized(sysctlbyname, sysctlbyname(name, into, size, from, from?.byteLength ?? 0));
    },
  };
}
