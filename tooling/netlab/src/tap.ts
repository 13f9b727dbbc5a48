import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { loadLibc, must } from '@ifdepd/libc';
import { ip } from './ip.ts';

/** linux/if_tun.h */
const TUNSETIFF = 0x400454ca;
const TUNSETCARRIER = 0x400454e2;
const IFF_TAP_NO_PI = 0x1002;

const DEVICE = '/dev/net/tun';

/** Why there can be no {@link tap} here; null where there can. */
export function tapFault(): string | null {
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
    return null;
  } catch {
    return `a tap interface needs ${DEVICE}, which is not there or not for this user`;
  }
}

/** An interface whose carrier this process holds: unlike a veth's, an ordinary one to the kernel. */
export interface Tap extends Disposable {
  readonly name: string;
  /** Takes the carrier away. */
  cut(): void;
  /** Gives it back. */
  repair(): void;
}

/**
 * A new tap interface, up, with a carrier, for as long as it is not disposed.
 *
 * @param name 1–15 bytes
 * @throws {Error} where /dev/net/tun is not there or may not be opened
 */
export function tap(name: string): Tap {
  const libc = loadLibc();
  const fd = openSync(DEVICE, 'r+');
  const request = new Uint8Array(40);
  new TextEncoder().encodeInto(name, request.subarray(0, 15));
  new DataView(request.buffer).setUint16(16, IFF_TAP_NO_PI, true);
  must(libc, libc.ioctl(fd, TUNSETIFF, request), 'ioctl TUNSETIFF', name);
  ip('link', 'set', name, 'up');

  function carrier(on: number): void {
    must(libc, libc.ioctl(fd, TUNSETCARRIER, Uint8Array.of(on, 0, 0, 0)), 'ioctl TUNSETCARRIER', name);
  }

  return {
    name,
    cut: () => carrier(0),
    repair: () => carrier(1),
    [Symbol.dispose]: () => closeSync(fd),
  };
}
