import { must, type OwnedFd, openSocket } from '@ifdepd/libc';
import { type IpAddress, isLinkLocal, parseIpAddress } from '../target/ip-address.ts';
import type { ProbePath } from '../target/path.ts';
import { type HostSystem, interfaceIndex } from './host-system.ts';
import { socketAddress } from './socket-address.ts';

/** A socket of an internet protocol, bound to the interface, source and mark of a path. */
export function openProbeSocket(
  host: HostSystem,
  family: IpAddress['family'],
  type: number,
  protocol: number,
  path: ProbePath,
): OwnedFd {
  const { libc, abi } = host;
  const { AF_INET, AF_INET6, SOCK_NONBLOCK } = libc.target.socket;
  const domain = family === 'ipv4' ? AF_INET : AF_INET6;
  const socket = openSocket(libc, domain, type | SOCK_NONBLOCK, protocol, 'probe socket');
  try {
    if (path.interface !== undefined) {
      bindToDevice(host, socket.fd, family, path.interface);
    }
    if (path.mark !== undefined && abi.mark !== null) {
      const { level, option } = abi.mark;
      must(
        libc,
        libc.setsockopt(socket.fd, level, option, uint32(path.mark)),
        'setsockopt SO_MARK',
        `mark ${path.mark}`,
      );
    }
    const source = path.source === undefined ? null : parseIpAddress(path.source);
    if (source !== null) {
      const address = socketAddress(libc.target, abi, source, 0, scopeOf(host, source, path.interface));
      must(libc, libc.bind(socket.fd, address), 'bind', `source ${source.text}`);
    }
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** The index of the interface that an address belongs to, by its zone or by the interface of the path; 0 for other addresses. */
export function scopeOf(host: HostSystem, address: IpAddress, through: string | undefined): number {
  const zone = address.zone ?? (isLinkLocal(address) ? through : undefined);
  return zone === undefined ? 0 : interfaceIndex(host, zone);
}

function bindToDevice(host: HostSystem, fd: number, family: IpAddress['family'], name: string): void {
  const { libc, abi } = host;
  if (abi.device === null) {
    return;
  }
  const { level, option } = abi.device.by === 'name' ? abi.device.option : abi.device[family];
  const value =
    abi.device.by === 'name' ? new TextEncoder().encode(`${name}\0`) : uint32(interfaceIndex(host, name));
  must(libc, libc.setsockopt(fd, level, option, value), 'setsockopt SO_BINDTODEVICE', name);
}

export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
