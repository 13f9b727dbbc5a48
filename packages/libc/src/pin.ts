import { koffi } from './koffi.ts';
import type { PinnedBytes } from './libc.ts';

/** Off the JavaScript heap: the collector never moves it. {@link Libc.pin} */
export function pin(size: number): PinnedBytes {
  const bytes = new Uint8Array(new ArrayBuffer(size));
  return { bytes, address: BigInt(koffi.address(bytes)) };
}
