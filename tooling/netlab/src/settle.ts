import { type Libc, loadLibc, type OwnedFd, openSocket } from '@ifdepd/libc';

/** linux/sockios.h, linux/ethtool.h */
const SIOCETHTOOL = 0x8946;
const ETHTOOL_GLINK = 0x0a;

let libc: Libc | undefined;

/**
 * Makes the kernel bring the operational state of an interface up to date. It does that by itself some time after a
 * carrier has come or gone, which on a busy machine may be after the test has looked; reading the link of an interface
 * does it at once (linkwatch_sync_dev() in net/core/link_watch.c).
 */
export function settle(...names: readonly string[]): void {
  libc ??= loadLibc();
  const { AF_INET, SOCK_DGRAM } = libc.target.socket;
  using control: OwnedFd = openSocket(libc, AF_INET, SOCK_DGRAM, 0, 'control socket');
  const value = libc.pin(8);
  for (const name of names) {
    const request = new Uint8Array(40);
    new TextEncoder().encodeInto(name, request.subarray(0, 15));
    new DataView(request.buffer).setBigUint64(16, value.address, true);
    new DataView(value.bytes.buffer).setUint32(0, ETHTOOL_GLINK, true);
    libc.ioctl(control.fd, SIOCETHTOOL, request);
  }
}
