import { ip } from '@ifdepd/netlab';
import type { AddressRecord, NextHop, RouteRecord } from '../../src/index.ts';

interface IpLink {
  readonly ifname: string;
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly address?: string;
    readonly tentative?: boolean;
  }[];
}

interface IpHop {
  readonly gateway?: string;
  readonly via?: { readonly host: string };
  readonly dev?: string;
  readonly weight?: number;
  readonly flags?: readonly string[];
}

interface IpRoute extends IpHop {
  readonly type?: string;
  readonly dst: string;
  readonly table?: string;
  readonly metric?: number;
  readonly prefsrc?: string;
  readonly nhid?: number;
  readonly nexthops?: readonly IpHop[];
}

/** Every route that `ip route` shows, but those of the local table, as sorted lines. */
export function ipRoutes(): readonly string[] {
  return (['-4', '-6'] as const)
    .flatMap((family) => {
      const routes = JSON.parse(ip(family, '-j', '-N', 'route', 'show', 'table', 'all') || '[]') as IpRoute[];
      return routes.filter(({ table }) => table !== '255').map((route) => lineOfIp(family, route));
    })
    .sort();
}

/** Every address that `ip addr` shows, as sorted lines. */
export function ipAddresses(): readonly string[] {
  const links = JSON.parse(ip('-j', 'addr', 'show')) as IpLink[];
  return links
    .flatMap(({ ifname, addr_info }) =>
      addr_info.map(({ local, prefixlen, address, tentative = false }) =>
        addressLine({
          address: local,
          prefixLength: prefixlen,
          peer: address ?? null,
          interface: ifname,
          tentative,
        }),
      ),
    )
    .sort();
}

/** The addresses of a watch as the same lines. */
export function addressLines(addresses: readonly AddressRecord[]): readonly string[] {
  return addresses.map(addressLine).sort();
}

function addressLine(
  one: Pick<AddressRecord, 'address' | 'prefixLength' | 'peer' | 'interface' | 'tentative'>,
): string {
  return `${one.address}/${one.prefixLength} peer ${one.peer} on ${one.interface}${one.tentative ? ' tentative' : ''}`;
}

/** The routes of a watch as the same lines. */
export function lines(routes: readonly RouteRecord[]): readonly string[] {
  return routes.map(lineOf).sort();
}

function lineOf(route: RouteRecord): string {
  const { destination, table, metric, preferredSource, nextHopId, nextHops, family } = route;
  const type = TYPES.indexOf(route.type);
  const hops = nextHops.map(hopOf).sort().join(', ');
  return `${family} ${destination} type ${type} table ${table} metric ${metric} src ${preferredSource} nhid ${nextHopId}: ${hops}`;
}

/** RTN_* by number, as far as `ip route add` makes them. */
const TYPES = ['', 'unicast', 'local', 'broadcast', 'anycast', 'multicast', 'blackhole', 'unreachable'];

function hopOf({ interface: dev, gateway, weight, onLink, linkDown, dead }: NextHop): string {
  const flags = [onLink && 'onlink', linkDown && 'linkdown', dead && 'dead'].filter((flag) => flag !== false);
  return `${gateway} dev ${dev} weight ${weight} ${flags.join(' ')}`;
}

function lineOfIp(family: '-4' | '-6', route: IpRoute): string {
  const whole = family === '-4' ? 32 : 128;
  const any = family === '-4' ? '0.0.0.0/0' : '::/0';
  const net = route.dst.includes('/') ? route.dst : `${route.dst}/${whole}`;
  const several = route.nexthops ?? (route.dev === undefined ? [] : [route]);
  const hops = several.map(({ gateway, via, dev, weight, flags = [] }): NextHop => {
    const own = [...flags, ...(several.length === 1 ? (route.flags ?? []) : [])];
    return {
      interface: dev ?? null,
      index: null,
      gateway: gateway ?? via?.host ?? null,
      weight: weight ?? 1,
      onLink: own.includes('onlink'),
      linkDown: own.includes('linkdown'),
      dead: own.includes('dead'),
    };
  });
  return lineOf({
    family: family === '-4' ? 'ipv4' : 'ipv6',
    destination: route.dst === 'default' ? any : net,
    source: null,
    table: Number(route.table ?? 254),
    metric: route.metric ?? 0,
    tos: 0,
    type: (TYPES[Number(route.type ?? 1)] ?? 'other') as RouteRecord['type'],
    protocol: null,
    preferredSource: route.prefsrc ?? null,
    nextHops: hops,
    nextHopId: route.nhid ?? null,
  });
}
