import { must, type OwnedFd, openSocket } from '@ifdepd/libc';
import { type BpfInstruction, linux, SocketFilter } from '@ifdepd/netlink';
import type { PacketNumbers } from '../abi/probe-abi.ts';
import type { HostSystem } from '../sockets/host-system.ts';
import { interfaceIndexOf } from '../sockets/interface-facts.ts';
import { ADVERT_PROTOCOL } from '../wire/advert.ts';
import type { AdvertTarget } from './advert-target.ts';

/** The addresses of Ethernet of 224.0.0.18 and ff02::12. */
const GROUPS = [
  [0x01, 0x00, 0x5e, 0x00, 0x00, 0x12],
  [0x33, 0x33, 0x00, 0x00, 0x00, 0x12],
] as const;

/** A packet socket that hears the advertisements that cross an interface. */
export interface AdvertSocket {
  readonly socket: OwnedFd;
  /** The interface that the name meant when it was opened. */
  readonly index: number;
}

/**
 * Opens the socket of a target. It needs CAP_NET_RAW. Packets with a VLAN tag belong to another interface.
 *
 * @throws {SystemError} ENODEV where there is no such interface
 */
export function openAdvertSocket(
  { libc }: HostSystem,
  numbers: PacketNumbers,
  { kind, interface: name }: AdvertTarget,
): AdvertSocket {
  const { SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  // Protocol 0 receives nothing: the bind names the protocol when the filter is there.
  const socket = openSocket(libc, numbers.AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, 0, 'advertisements');
  try {
    const { fd } = socket;
    const index = interfaceIndexOf(libc, numbers, fd, name);
    const filter = new SocketFilter(libc, fd).attach(advertisements(numbers));
    must(libc, filter, 'setsockopt SO_ATTACH_FILTER', name);
    if (kind === 'peer') {
      // Without it the kernel copies each packet that this host sends. An older one says no, and the type of a packet tells.
      libc.setsockopt(fd, numbers.SOL_PACKET, numbers.PACKET_IGNORE_OUTGOING, Uint8Array.of(1, 0, 0, 0));
    }
    for (const group of GROUPS) {
      const joined = libc.setsockopt(
        fd,
        numbers.SOL_PACKET,
        numbers.PACKET_ADD_MEMBERSHIP,
        membership(numbers, index, group),
      );
      must(libc, joined, 'setsockopt PACKET_ADD_MEMBERSHIP', name);
    }
    must(libc, libc.bind(fd, everyPacket(numbers, index)), 'bind', name);
    return { socket, index };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Whether the address of a sender is that of a packet which this host has sent. @param from `struct sockaddr_ll` */
export function isOutgoing(from: Uint8Array, { PACKET_OUTGOING }: PacketNumbers): boolean {
  return from[10] === PACKET_OUTGOING;
}

/** `struct packet_mreq` of packet(7). */
function membership(
  { PACKET_MR_MULTICAST }: PacketNumbers,
  index: number,
  group: readonly number[],
): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, index, true);
  view.setUint16(4, PACKET_MR_MULTICAST, true);
  view.setUint16(6, group.length, true);
  bytes.set(group, 8);
  return bytes;
}

/** `struct sockaddr_ll`: only sockets for every protocol see what this host sends. */
function everyPacket({ AF_PACKET, ETH_P_ALL }: PacketNumbers, index: number): Uint8Array {
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, ETH_P_ALL);
  view.setInt32(4, index, true);
  return address;
}

/** Only packets of this protocol reach the socket. Offsets count from the header of IPv4 or IPv6 on. */
function advertisements(numbers: PacketNumbers): readonly BpfInstruction[] {
  const { BPF_LD, BPF_H, BPF_W, BPF_ABS, BPF_ALU, BPF_AND, BPF_JMP, BPF_JEQ, BPF_RET, BPF_K, SKF_AD_OFF } =
    linux.bpf;
  const load = (k: number, size: number) => ({ code: BPF_LD | size | BPF_ABS, jt: 0, jf: 0, k });
  const and = (k: number) => ({ code: BPF_ALU | BPF_AND | BPF_K, jt: 0, jf: 0, k });
  const ifEqual = (k: number, jt: number, jf: number) => ({ code: BPF_JMP | BPF_JEQ | BPF_K, jt, jf, k });
  const result = (k: number) => ({ code: BPF_RET | BPF_K, jt: 0, jf: 0, k });
  return [
    load(SKF_AD_OFF + numbers.SKF_AD_VLAN_TAG, BPF_W),
    and(0xfff),
    ifEqual(0, 0, 10),
    load(SKF_AD_OFF + numbers.SKF_AD_PROTOCOL, BPF_W),
    ifEqual(numbers.ETH_P_IP, 0, 3),
    // IPv4: the time to live and the protocol.
    load(8, BPF_H),
    and(0xff),
    ifEqual(ADVERT_PROTOCOL, 4, 5),
    ifEqual(numbers.ETH_P_IPV6, 0, 4),
    // IPv6: the next header and the hop limit.
    load(6, BPF_H),
    and(0xff00),
    ifEqual(ADVERT_PROTOCOL << 8, 0, 1),
    result(0xffff),
    result(0),
  ];
}
