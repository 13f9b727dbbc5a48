import { randomBytes } from 'node:crypto';
import { must, type OwnedFd, SystemError } from '@ifdepd/libc';
import { protocols } from '../abi/probe-abi.ts';
import type { HostSystem } from '../sockets/host-system.ts';
import { openProbeSocket, scopeOf, uint32 } from '../sockets/probe-socket.ts';
import { isFrom, socketAddress } from '../sockets/socket-address.ts';
import type { IpAddress } from '../target/ip-address.ts';
import type { ProbePath } from '../target/path.ts';
import { encodeEchoRequest, icmpTypes, isEchoReply } from '../wire/echo.ts';
import { icmp6FilterFor } from '../wire/icmp6-filter.ts';
import { DatagramExchange, type OpenDatagram } from './datagram-exchange.ts';
import { ANSWERED, type Exchange, type Settle } from './exchange.ts';
import type { HostName } from './host-name.ts';

/** Probes a host by ICMP or ICMPv6 echo requests. */
export function echoExchange(host: HostSystem, name: HostName, path: ProbePath, settle: Settle): Exchange {
  const token = randomBytes(8);
  let sequence = 0;
  return new DatagramExchange(host.libc, name, settle, (address) =>
    openEcho(host, address, path, token, () => {
      sequence = (sequence + 1) & 0xffff;
      return sequence;
    }),
  );
}

/** @param next the sequence number of the next request */
export function openEcho(
  host: HostSystem,
  address: IpAddress,
  path: ProbePath,
  token: Uint8Array,
  next: () => number,
): OpenDatagram {
  const { libc, abi } = host;
  const { socket, raw } = openIcmp(host, address.family, path);
  const identifier = randomBytes(2).readUInt16BE();
  let sequence = 0;
  try {
    const peer = socketAddress(libc.target, abi, address, 0, scopeOf(host, address, path.interface));
    // The kernel then chooses the source, and hands a raw socket what comes from this address alone.
    must(libc, libc.connect(socket.fd, peer), 'connect', address.text);
  } catch (error) {
    socket.close();
    throw error;
  }
  return {
    socket,
    to: null,
    request() {
      sequence = next();
      return encodeEchoRequest(address.family, { identifier, sequence, token });
    },
    // The kernel gives a datagram socket an identifier of its own, and only answers that carry it.
    isAnswer: (bytes, from) =>
      isFrom(from, address) &&
      isEchoReply(address.family, bytes, raw ? identifier : null, { sequence, token }),
    verdictOf: () => ANSWERED,
    subject: address.text,
  };
}

/**
 * A datagram socket where the system allows it, and a raw one otherwise.
 *
 * @throws {Error} that says which right is missing where both are refused
 */
function openIcmp(
  host: HostSystem,
  family: IpAddress['family'],
  path: ProbePath,
): { readonly socket: OwnedFd; readonly raw: boolean } {
  const { SOCK_DGRAM, SOCK_RAW } = host.libc.target.socket;
  const protocol = family === 'ipv4' ? protocols.ICMP : protocols.ICMPV6;
  try {
    return { socket: openProbeSocket(host, family, SOCK_DGRAM, protocol, path), raw: false };
  } catch (error) {
    if (!isRefusal(error)) {
      throw error;
    }
  }
  try {
    const socket = openProbeSocket(host, family, SOCK_RAW, protocol, path);
    filter(host, socket, family);
    return { socket, raw: true };
  } catch (error) {
    throw isRefusal(error) ? missingRight(error) : error;
  }
}

/** socket(2) refuses the type: no right, or no such protocol for it. */
function isRefusal(error: unknown): error is SystemError {
  return (
    error instanceof SystemError &&
    error.syscall === 'socket' &&
    (error.kind === 'not-permitted' || error.kind === 'unsupported')
  );
}

function missingRight(cause: SystemError): Error {
  const text = `ICMP needs CAP_NET_RAW, or a group of this process in net.ipv4.ping_group_range (${cause.code})`;
  return Object.assign(new Error(text, { cause }), { code: cause.code });
}

/** Only echo replies reach a raw socket, so that other ICMP does not wake the process. */
function filter({ libc, abi }: HostSystem, socket: OwnedFd, family: IpAddress['family']): void {
  if (family === 'ipv6') {
    const { level, option } = abi.icmp6Filter;
    libc.setsockopt(socket.fd, level, option, icmp6FilterFor(abi.icmp6Filter.bit, icmpTypes.ipv6.reply));
  } else if (abi.icmpFilter !== null) {
    const { level, option } = abi.icmpFilter;
    libc.setsockopt(socket.fd, level, option, uint32(~(1 << icmpTypes.ipv4.reply) >>> 0));
  }
}
