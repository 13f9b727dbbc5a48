import { type Libc, loadLibc, type OwnedFd, openSocket } from '@ifdepd/libc';

/** linux/sockios.h, linux/ethtool.h */
const SIOCETHTOOL = 0x8946;
const ETHTOOL_GLINK = 0x0a;

let libc: Libc | undefined;

/**
 * Makes the kernel update the operational state of an interface at once. By itself it does so some time after a change of
 * the carrier, on a busy machine perhaps after the test has looked. Reading the link with ethtool updates it
 * (linkwatch_sync_dev() in net/core/link_watch.c).
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
