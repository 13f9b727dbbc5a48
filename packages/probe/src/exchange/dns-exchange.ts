import { randomBytes } from 'node:crypto';
import { must } from '@ifdepd/libc';
import type { HostSystem } from '../sockets/host-system.ts';
import { openProbeSocket, scopeOf } from '../sockets/probe-socket.ts';
import { socketAddress } from '../sockets/socket-address.ts';
import type { IpAddress } from '../target/ip-address.ts';
import type { ProbePath } from '../target/path.ts';
import { dnsResponseCode, encodeDnsQuery } from '../wire/dns.ts';
import { DatagramExchange, type OpenDatagram } from './datagram-exchange.ts';
import { ANSWERED, type Exchange, type Outcome, type Settle } from './exchange.ts';
import type { HostName } from './host-name.ts';

/** What is asked, and where. */
export interface DnsQuestion {
  /** The name whose addresses (A) are asked for. */
  readonly name: string;
  readonly port: number;
}

/** Probes a server of the DNS by a question over UDP. Any answer without an error will do. */
export function dnsExchange(
  host: HostSystem,
  server: HostName,
  question: DnsQuestion,
  path: ProbePath,
  settle: Settle,
): Exchange {
  return new DatagramExchange(host.libc, server, settle, (address) => openDns(host, address, question, path));
}

function openDns(
  host: HostSystem,
  server: IpAddress,
  { name, port }: DnsQuestion,
  path: ProbePath,
): OpenDatagram {
  const { libc, abi } = host;
  const socket = openProbeSocket(host, server.family, libc.target.socket.SOCK_DGRAM, 0, path);
  try {
    const peer = socketAddress(libc.target, abi, server, port, scopeOf(host, server, path.interface));
    must(libc, libc.connect(socket.fd, peer), 'connect', server.text);
  } catch (error) {
    socket.close();
    throw error;
  }
  let query: Uint8Array = new Uint8Array();
  return {
    socket,
    to: null,
    request() {
      query = encodeDnsQuery(randomBytes(2).readUInt16BE(), name);
      return query;
    },
    isAnswer: (bytes) => dnsResponseCode(bytes, query) !== null,
    verdictOf: (bytes) => outcomeOf(dnsResponseCode(bytes, query), name),
    subject: server.text,
  };
}

function outcomeOf(code: string | null, name: string): Outcome {
  return code === 'NOERROR' ? ANSWERED : { type: 'refused', why: `the server answers ${code} for ${name}` };
}
