import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { LinkRecord } from '@ifdepd/linkwatch';

/** What is known of this host besides its links. */
export interface HostFacts {
  readonly links: ReadonlyMap<string, LinkRecord>;
  /** Interfaces that have global IPv6 addresses, which setting them down would take away. */
  readonly losesIpv6: ReadonlySet<string>;
  /** Interfaces that a default route goes through. */
  readonly defaultRoutes: ReadonlySet<string>;
  /** The interface that this session came in through; null where it is not known. */
  readonly session: string | null;
  /** What else manages an interface; null where nothing is known to. */
  managerOf(link: LinkRecord): string | null;
  /** The process of another daemon that holds a destination; null where none does. */
  holderOf(destination: string): number | null;
}

/** Reads them. What cannot be read is taken not to be there: these facts are for warnings. */
export function hostFacts(
  links: ReadonlyMap<string, LinkRecord>,
  holderOf: (destination: string) => number | null,
): HostFacts {
  return {
    links,
    losesIpv6: new Set(withGlobalIpv6().filter((name) => !keepsAddresses(name))),
    defaultRoutes: new Set(defaultRoutes()),
    session: sessionInterface(),
    managerOf,
    holderOf,
  };
}

function lines(path: string): readonly string[][] {
  try {
    return readFileSync(path, 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}

/** /proc/net/if_inet6: address, index, length, scope (00 is global), flags, name. */
function withGlobalIpv6(): readonly string[] {
  return lines('/proc/thread-self/net/if_inet6').flatMap(([, , , scope, , name]) =>
    scope === '00' && name !== undefined ? [name] : [],
  );
}

/** net.ipv6.conf.*.keep_addr_on_down: above 0 keeps them; `all` decides where the interface says 0. */
function keepsAddresses(name: string): boolean {
  const value = (which: string) =>
    Number(lines(`/proc/sys/net/ipv6/conf/${which}/keep_addr_on_down`)[0]?.[0] ?? 0);
  return value(name) > 0 || (value(name) === 0 && value('all') > 0);
}

function defaultRoutes(): readonly string[] {
  const four = lines('/proc/thread-self/net/route').flatMap(([name, destination, , , , , , mask]) =>
    destination === '00000000' && mask === '00000000' && name !== undefined ? [name] : [],
  );
  const six = lines('/proc/thread-self/net/ipv6_route').flatMap((fields) => {
    const [destination = '', length] = fields;
    const name = fields.at(-1);
    return /^0{32}$/.test(destination) && length === '00' && name !== undefined && name !== 'lo'
      ? [name]
      : [];
  });
  return [...four, ...six];
}

/** SSH_CONNECTION: their address and port, our address and port. */
function sessionInterface(): string | null {
  const address = process.env['SSH_CONNECTION']?.split(' ')[2];
  const found = Object.entries(networkInterfaces()).find(([, addresses]) =>
    addresses?.some((one) => one.address === address),
  );
  return found?.[0] ?? null;
}

/** systemd-networkd and NetworkManager leave a file for each interface that they manage, by its index. */
function managerOf({ index }: LinkRecord): string | null {
  const networkd = lines(`/run/systemd/netif/links/${index}`).flat();
  if (
    networkd.some((word) => /^ADMIN_STATE=(configured|configuring|pending|initialized|linger)$/.test(word))
  ) {
    return 'systemd-networkd';
  }
  const path = `/run/NetworkManager/devices/${index}`;
  return existsSync(path) && !lines(path).flat().includes('managed=false') ? 'NetworkManager' : null;
}
