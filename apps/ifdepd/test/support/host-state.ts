import { ip } from '@ifdepd/netlab';

/** What a failover may take from a host. Each entry is one thing, in words. */
export interface HostState {
  /** Routes besides the default one, and nexthop objects. */
  readonly routes: ReadonlySet<string>;
  /** The next hops of the default route that lead somewhere. */
  readonly defaults: ReadonlySet<string>;
  readonly neighbours: ReadonlySet<string>;
  /** IPv6 addresses that the kernel did not make itself. */
  readonly addresses: ReadonlySet<string>;
  /** The interfaces that are up and have a carrier. */
  readonly carriers: ReadonlySet<string>;
}

interface IpRoute {
  readonly dst: string;
  readonly table?: string;
  readonly protocol?: string;
  readonly dev?: string;
  readonly flags?: readonly string[];
  readonly nexthops?: readonly { readonly dev: string; readonly flags?: readonly string[] }[];
}

interface IpAddress {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly operstate: string;
  readonly addr_info: readonly { readonly family: string; readonly local?: string }[];
}

/** What `ip -j` says; where there is nothing, iproute2 6.1 prints nothing, or what is no JSON. */
function list<Entry>(...words: readonly string[]): readonly Entry[] {
  const text = ip('-j', ...words).trim();
  return text === ''
    ? []
    : (JSON.parse(text) as Entry[]).filter((one) => Object.keys(Object(one)).length > 0);
}

/** The present state of this network namespace. */
export function hostState(): HostState {
  const all = ['-4', '-6'].flatMap((family) =>
    list<IpRoute>(family, 'route', 'show', 'table', 'all').map((route) => ({ family, ...route })),
  );
  const byHand = all.filter(
    ({ protocol }) => protocol === undefined || ['boot', 'static'].includes(protocol),
  );
  const isDefault = ({ dst, table }: IpRoute) =>
    dst === 'default' && (table === undefined || table === 'main');
  const links = list<IpAddress>('addr');
  return {
    routes: new Set([
      ...byHand
        .filter((route) => !isDefault(route))
        .map(({ dst, table = 'main' }) => `${dst} table ${table}`),
      ...list<{ id: number }>('nexthop').map(({ id }) => `nexthop ${id}`),
    ]),
    defaults: new Set(
      byHand
        .filter(isDefault)
        .flatMap((route) =>
          (route.nexthops ?? [{ dev: route.dev ?? '', flags: route.flags ?? [] }])
            .filter(({ flags = [] }) => !flags.includes('dead') && !flags.includes('linkdown'))
            .map(({ dev }) => dev),
        ),
    ),
    neighbours: new Set(
      [
        list<{ dst: string }>('neigh', 'show', 'nud', 'permanent'),
        list<{ dst: string }>('neigh', 'show', 'proxy'),
      ]
        .flat()
        .map(({ dst }) => dst)
        .filter((dst) => !dst.startsWith('ff')),
    ),
    addresses: new Set(
      links.flatMap(({ ifname, addr_info }) =>
        addr_info
          // The kernel's own link-local addresses are long: those that a test gives are short.
          .filter(({ family, local = '' }) => family === 'inet6' && !/^(?:fe80::.{8}|::1$)/.test(local))
          .map(({ local = '' }) => `${ifname} ${local}`),
      ),
    ),
    carriers: new Set(
      links.flatMap(({ ifname, flags }) =>
        flags.includes('UP') && flags.includes('LOWER_UP') ? [ifname] : [],
      ),
    ),
  };
}

/** Whether the kernel has reported every carrier that came or went: it delays some by up to a second. */
export function isSettled(): boolean {
  return list<IpAddress>('addr').every(({ flags, operstate }) => {
    const works = operstate === 'UP' || operstate === 'UNKNOWN';
    return !flags.includes('UP') || works === flags.includes('LOWER_UP');
  });
}
