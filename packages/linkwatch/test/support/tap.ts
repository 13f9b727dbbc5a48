import { closeSync, existsSync, openSync } from 'node:fs';
import { loadLibc, must } from '@ifdepd/libc';

/** linux/if_tun.h */
const TUNSETIFF = 0x400454ca;
const TUNSETCARRIER = 0x400454e2;
const IFF_TAP = 0x0002;
const IFF_NO_PI = 0x1000;

export interface Tap extends Disposable {
  /** Whether there is a signal on the line, as a driver would say. */
  carrier(on: boolean): void;
}

/** A tap: to the kernel's link watch it is an ordinary device, as a veth is not. Null where there is no /dev/net/tun. */
export function tap(name: string): Tap | null {
  if (!existsSync('/dev/net/tun')) {
    return null;
  }
  const libc = loadLibc();
  const fd = openSync('/dev/net/tun', 'r+');
  const ifreq = new Uint8Array(40);
  ifreq.set(new TextEncoder().encode(name));
  new DataView(ifreq.buffer).setUint16(16, IFF_TAP | IFF_NO_PI, true);
  must(libc, libc.ioctl(fd, TUNSETIFF, ifreq), 'ioctl TUNSETIFF', name);
  return {
    carrier(on) {
      const value = Uint8Array.of(on ? 1 : 0, 0, 0, 0);
      must(libc, libc.ioctl(fd, TUNSETCARRIER, value), 'ioctl TUNSETCARRIER', name);
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}
