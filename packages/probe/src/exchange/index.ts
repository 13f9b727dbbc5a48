import type { HostSystem } from '../sockets/host-system.ts';
import { parseIpAddress } from '../target/ip-address.ts';
import type { ProbeTarget } from '../target/target.ts';
import { arpExchange } from './arp-exchange.ts';
import { dnsExchange } from './dns-exchange.ts';
import { echoExchange } from './echo-exchange.ts';
import type { Exchange, Settle } from './exchange.ts';
import { HostName } from './host-name.ts';
import { httpExchange } from './http-exchange.ts';
import { neighbourExchange } from './neighbour-exchange.ts';
import { tcpExchange } from './tcp-exchange.ts';

/** The exchange for a target that has been checked. */
export function exchangeOf(host: HostSystem, target: ProbeTarget, settle: Settle): Exchange {
  switch (target.kind) {
    case 'ping':
      return echoExchange(host, new HostName(target.host), target, settle);
    case 'arp': {
      const { packet } = host.abi;
      const name = new HostName(target.address);
      return packet !== null && parseIpAddress(target.address)?.family === 'ipv4'
        ? arpExchange(host, packet, name, target.interface, settle)
        : neighbourExchange(host, name, target.interface, settle);
    }
    case 'tcp':
      return tcpExchange(host, new HostName(target.host), target.port, target, settle);
    case 'http': {
      const { url, expect = null } = target;
      return httpExchange(host, { url: new URL(url), expect }, target, settle);
    }
    case 'dns': {
      const { name, server, port = 53 } = target;
      return dnsExchange(host, new HostName(server), { name, port }, target, settle);
    }
  }
}
