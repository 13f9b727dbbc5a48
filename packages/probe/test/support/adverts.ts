import { loadLibc, must, openSocket } from '@ifdepd/libc';
import { ip } from '@ifdepd/netlab';
import { linux } from '../../src/abi/linux.ts';
import { internetChecksum } from '../../src/wire/internet-checksum.ts';

/** What an advertisement says. The defaults are those of VRRP. */
export interface Said {
  readonly version?: 2 | 3;
  readonly vrid?: number;
  readonly priority?: number;
  readonly intervalMs?: number;
  /** The last byte of 192.0.2.N. */
  readonly from?: number;
  readonly hopLimit?: number;
}

/** An advertisement of VRRP over IPv4 for the address 192.0.2.9. */
export function encodeAdvert(said: Said = {}): Uint8Array {
  const { version = 3, vrid = 51, priority = 100, intervalMs = 1000, from = 2, hopLimit = 255 } = said;
  const interval =
    version === 2
      ? [0, intervalMs / 1000]
      : [Math.floor(intervalMs / 10 / 256), Math.floor(intervalMs / 10) % 256];
  const message = Uint8Array.from([
    (version << 4) | 1,
    vrid,
    priority,
    1,
    ...interval,
    ...[0, 0],
    ...[192, 0, 2, 9],
    ...(version === 2 ? new Array(8).fill(0) : []),
  ]);
  const source = [192, 0, 2, from];
  const group = [224, 0, 0, 18];
  const pseudo = version === 3 ? [...source, ...group, 0, 112, 0, message.length] : [];
  const sum = internetChecksum(Uint8Array.from([...pseudo, ...message]));
  message.set([sum >> 8, sum & 0xff], 6);
  const header = [0x45, 0xc0, 0, 20 + message.length, 0, 1, 0, 0, hopLimit, 112, 0, 0, ...source, ...group];
  return Uint8Array.from([...header, ...message]);
}

/** Sends a packet, of IPv4 unless the type of Ethernet says otherwise, out of an interface of this network namespace. */
export function transmit(name: string, packet: Uint8Array, protocol: number = linux.packet.ETH_P_IP): void {
  const libc = loadLibc();
  const { AF_PACKET } = linux.packet;
  using socket = openSocket(libc, AF_PACKET, libc.target.socket.SOCK_DGRAM, 0, 'sender');
  const to = new Uint8Array(20);
  const view = new DataView(to.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, protocol);
  view.setInt32(4, JSON.parse(ip('-j', 'link', 'show', name))[0].ifindex, true);
  to[11] = 6;
  to.set([0x01, 0x00, 0x5e, 0, 0, 0x12], 12);
  must(libc, libc.sendto(socket.fd, packet, 0, to), 'sendto', name);
}
