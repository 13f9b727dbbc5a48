import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { loadLibc, must } from '@ifdepd/libc';
import { ip } from './ip.ts';

/** linux/if_tun.h */
const TUNSETIFF = 0x400454ca;
const TUNSETCARRIER = 0x400454e2;
const IFF_NO_PI = 0x1000;
const kinds = { tun: 0x1, tap: 0x2 } as const;

const DEVICE = '/dev/net/tun';

/** The reason why {@link tap} is not possible here; null if it is. */
export function tapFault(): string | null {
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
    return null;
  } catch {
    return `a tap interface needs ${DEVICE}, which does not exist or is not accessible to this user`;
  }
}

/** An interface whose carrier this process controls. To the kernel it is an ordinary one, unlike that of a veth. */
export interface Tap extends Disposable {
  readonly name: string;
  /** Removes the carrier. */
  cut(): void;
  /** Restores it. */
  repair(): void;
}

/**
 * Makes a tap interface, up, with a carrier, until it is disposed.
 *
 * @param name 1–15 bytes
 * @param kind `tun` has no Ethernet header. Default: `tap`
 * @throws {Error} if /dev/net/tun does not exist or cannot be opened
 */
export function tap(name: string, kind: keyof typeof kinds = 'tap'): Tap {
  const libc = loadLibc();
  const fd = openSync(DEVICE, 'r+');
  const request = new Uint8Array(40);
  new TextEncoder().encodeInto(name, request.subarray(0, 15));
  new DataView(request.buffer).setUint16(16, IFF_NO_PI | kinds[kind], true);
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
