import { type Libc, loadLibc, must, type OwnedFd, objectWith, SystemError } from '@ifdepd/libc';
import { type HostSystem, hostSystem } from '../sockets/host-system.ts';
import { openProbeSocket, scopeOf } from '../sockets/probe-socket.ts';
import { socketAddress } from '../sockets/socket-address.ts';
import { type IpAddress, parseIpAddress } from '../target/ip-address.ts';
import type { ProbeTarget } from '../target/target.ts';
import { hostOf } from '../target/url-host.ts';
import { openArp } from './arp-exchange.ts';
import { openEcho } from './echo-exchange.ts';
import { openNeighbour } from './neighbour-exchange.ts';

/** Any port: nothing is sent there. */
const PORT = 9;

/**
 * Why a target cannot be probed from this machine at present: no route, no interface, a missing right. It opens the socket of
 * the target, and sends nothing.
 *
 * @param libc Default: that of this system
 * @returns null where it can be probed, and for the name of a host, which would have to be asked about
 */
export function probeObstacle(target: ProbeTarget, libc: Libc = loadLibc()): string | null {
  objectWith('probeObstacle: target', target, 'kind');
  const address = parseIpAddress(hostNamed(target));
  if (address === null) {
    return null;
  }
  try {
    socketFor(hostSystem(libc), target, address).close();
    return null;
  } catch (error) {
    const { code, message } = error as Error & { readonly code?: string };
    return error instanceof SystemError && code === 'ENETUNREACH'
      ? `there is no route to ${address.text}`
      : message;
  }
}

function hostNamed(target: ProbeTarget): string {
  switch (target.kind) {
    case 'ping':
    case 'tcp':
      return target.host;
    case 'arp':
      return target.address;
    case 'http':
      return hostOf(new URL(target.url));
    case 'dns':
      return target.server;
  }
}

function socketFor(host: HostSystem, target: ProbeTarget, address: IpAddress): OwnedFd {
  const { packet } = host.abi;
  if (target.kind === 'ping') {
    return openEcho(host, address, target, new Uint8Array(8), () => 0).socket;
  }
  if (target.kind === 'arp') {
    return address.family === 'ipv4' && packet !== null
      ? openArp(host, packet, address, target.interface).socket
      : openNeighbour(host, address, target.interface).socket;
  }
  const { libc, abi } = host;
  const socket = openProbeSocket(host, address.family, libc.target.socket.SOCK_DGRAM, 0, target);
  try {
    const peer = socketAddress(libc.target, abi, address, PORT, scopeOf(host, address, target.interface));
    must(libc, libc.connect(socket.fd, peer), 'connect', address.text);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
