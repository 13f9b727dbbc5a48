import { must } from '@ifdepd/libc';
import { protocols } from '../abi/probe-abi.ts';
import { type HostSystem, interfaceIndex } from '../sockets/host-system.ts';
import { interfaceFacts } from '../sockets/interface-facts.ts';
import { openProbeSocket, uint32 } from '../sockets/probe-socket.ts';
import { socketAddress } from '../sockets/socket-address.ts';
import type { IpAddress } from '../target/ip-address.ts';
import { icmp6FilterFor } from '../wire/icmp6-filter.ts';
import { encodeSolicitation, isAdvertisement, neighbourTypes, solicitedNode } from '../wire/neighbour.ts';
import { DatagramExchange, type OpenDatagram } from './datagram-exchange.ts';
import { ANSWERED, type Exchange, type Settle } from './exchange.ts';
import type { HostName } from './host-name.ts';

/** Neighbours ignore what may have come through a router: RFC 4861, 7.1.1. */
const HOP_LIMIT = 255;

/** Probes an IPv6 address on a link by neighbour solicitations. It needs a raw socket. */
export function neighbourExchange(
  host: HostSystem,
  name: HostName,
  through: string,
  settle: Settle,
): Exchange {
  return new DatagramExchange(host.libc, name, settle, (address) => openNeighbour(host, address, through));
}

export function openNeighbour(host: HostSystem, address: IpAddress, through: string): OpenDatagram {
  const { libc, abi } = host;
  const { SOCK_RAW } = libc.target.socket;
  const path = abi.device === null ? {} : { interface: through };
  const socket = openProbeSocket(host, 'ipv6', SOCK_RAW, protocols.ICMPV6, path);
  try {
    const { level, option, bit } = abi.icmp6Filter;
    libc.setsockopt(socket.fd, level, option, icmp6FilterFor(bit, neighbourTypes.advertisement));
    const hops = abi.multicastHops;
    const limited = libc.setsockopt(socket.fd, hops.level, hops.option, uint32(HOP_LIMIT));
    must(libc, limited, 'setsockopt IPV6_MULTICAST_HOPS', through);
    const scope = interfaceIndex(host, through);
    const group = { family: 'ipv6', bytes: solicitedNode(address.bytes) } as const;
    const hardware = abi.packet && interfaceFacts(host, abi.packet, socket.fd, through).hardware;
    return {
      socket,
      to: socketAddress(libc.target, abi, group, 0, scope),
      request: () => encodeSolicitation(address.bytes, hardware),
      isAnswer: (bytes) => isAdvertisement(bytes, address.bytes),
      verdictOf: () => ANSWERED,
      subject: through,
    };
  } catch (error) {
    socket.close();
    throw error;
  }
}
