import { must, openSocket } from '@ifdepd/libc';
import { type BpfInstruction, linux, loadedBytes, SocketFilter } from '@ifdepd/netlink';
import type { PacketNumbers } from '../abi/probe-abi.ts';
import type { HostSystem } from '../sockets/host-system.ts';
import { interfaceFacts } from '../sockets/interface-facts.ts';
import type { IpAddress } from '../target/ip-address.ts';
import { arpOffsets, encodeArpRequest, isArpReply } from '../wire/arp.ts';
import { DatagramExchange, type OpenDatagram } from './datagram-exchange.ts';
import { ANSWERED, type Exchange, type Settle } from './exchange.ts';
import type { HostName } from './host-name.ts';

/** Probes an IPv4 address on a link by ARP requests. It needs CAP_NET_RAW. */
export function arpExchange(
  host: HostSystem,
  numbers: PacketNumbers,
  name: HostName,
  through: string,
  settle: Settle,
): Exchange {
  return new DatagramExchange(host.libc, name, settle, (address) => openArp(host, numbers, address, through));
}

export function openArp(
  host: HostSystem,
  numbers: PacketNumbers,
  address: IpAddress,
  through: string,
): OpenDatagram {
  const { libc } = host;
  const { SOCK_DGRAM, SOCK_NONBLOCK } = libc.target.socket;
  // Protocol 0 receives nothing: the bind names the protocol when the filter is there.
  const socket = openSocket(libc, numbers.AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, 0, 'ARP');
  try {
    must(
      libc,
      new SocketFilter(libc, socket.fd).attach(repliesOf(address)),
      'setsockopt SO_ATTACH_FILTER',
      through,
    );
    const facts = interfaceFacts(host, numbers, socket.fd, through);
    must(libc, libc.bind(socket.fd, linkAddress(numbers, facts.index)), 'bind', through);
    return {
      socket,
      to: linkAddress(numbers, facts.index),
      request: () => encodeArpRequest(facts, address.bytes),
      isAnswer: (bytes) => isArpReply(bytes, address.bytes),
      verdictOf: () => ANSWERED,
      subject: through,
    };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** `struct sockaddr_ll` of packet(7): the broadcast address of Ethernet on an interface. */
function linkAddress({ AF_PACKET, ETH_P_ARP }: PacketNumbers, index: number): Uint8Array {
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, ETH_P_ARP);
  view.setInt32(4, index, true);
  address[11] = 6;
  address.fill(0xff, 12, 18);
  return address;
}

/** Only the answers of this address reach the socket: the ARP of a busy link does not wake the process. */
function repliesOf({ bytes }: IpAddress): readonly BpfInstruction[] {
  const { BPF_LD, BPF_H, BPF_W, BPF_ABS, BPF_JMP, BPF_JEQ, BPF_RET, BPF_K } = linux.bpf;
  return [
    { code: BPF_LD | BPF_H | BPF_ABS, jt: 0, jf: 0, k: arpOffsets.operation },
    { code: BPF_JMP | BPF_JEQ | BPF_K, jt: 0, jf: 3, k: arpOffsets.REPLY },
    { code: BPF_LD | BPF_W | BPF_ABS, jt: 0, jf: 0, k: arpOffsets.senderAddress },
    { code: BPF_JMP | BPF_JEQ | BPF_K, jt: 0, jf: 1, k: loadedBytes(bytes) },
    { code: BPF_RET | BPF_K, jt: 0, jf: 0, k: 0xffff },
    { code: BPF_RET | BPF_K, jt: 0, jf: 0, k: 0 },
  ];
}
