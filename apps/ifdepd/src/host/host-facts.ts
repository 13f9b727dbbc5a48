import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { LinkRecord } from '@ifdepd/linkwatch';

/** What is known of this host besides its links. */
export interface HostFacts {
  readonly links: ReadonlyMap<string, LinkRecord>;
  /** The advskew of each vhid that a configuration names and that exists. */
  readonly vhids: ReadonlyMap<string, number>;
  /** Interfaces that have global IPv6 addresses, which setting them down would take away. */
  readonly losesIpv6: ReadonlySet<string>;
  /** Interfaces that a default route goes through. */
  readonly defaultRoutes: ReadonlySet<string>;
  /** The interface that this session came in through; null where it is not known. */
  readonly session: string | null;
  /** What else manages an interface; null where nothing is known to. */
  managerOf(link: LinkRecord): string | null;
  /** The process of a daemon that holds a destination for something else; null where none does. */
  holderOf(destination: string): number | null;
}

/** Where they are read from. */
export interface FactSources {
  /** Before every path. Default: '', this host. */
  readonly root?: string;
  /** Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The process whose ancestors are asked for their session. Default: the parent of this one. */
  readonly parent?: number;
  /** The addresses of each interface. Default: those of this host. */
  readonly addresses?: Readonly<Record<string, readonly { readonly address: string }[] | undefined>>;
}

/** Reads them. What cannot be read is taken not to be there: these facts are for warnings. */
export function hostFacts(
  links: ReadonlyMap<string, LinkRecord>,
  holderOf: (destination: string) => number | null,
  sources: FactSources = {},
): Omit<HostFacts, 'vhids'> {
  const { root = '', environment = process.env, parent = process.ppid } = sources;
  const read: Read = (path) => readOr(`${root}${path}`, '');
  const ours = addressOfSession(read, environment, parent);
  const addresses = Object.entries(sources.addresses ?? networkInterfaces());
  return {
    links,
    losesIpv6: new Set(withGlobalIpv6(read).filter((name) => !keepsAddresses(read, name))),
    defaultRoutes: new Set(defaultRoutes(read)),
    session: addresses.find(([, all]) => all?.some(({ address }) => address === ours))?.[0] ?? null,
    managerOf: ({ index }) => managerOf(read, index),
    holderOf,
  };
}

/** The text of a file; '' where it cannot be read. */
type Read = (path: string) => string;

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return otherwise;
  }
}

function fieldsOf(text: string): readonly string[][] {
  return text.split('\n').map((line) => line.trim().split(/\s+/));
}

/** /proc/net/if_inet6: address, index, length, scope (00 is global), flags, name. */
function withGlobalIpv6(read: Read): readonly string[] {
  return fieldsOf(read('/proc/thread-self/net/if_inet6')).flatMap(([, , , scope, , name]) =>
    scope === '00' && name !== undefined ? [name] : [],
  );
}

/** net.ipv6.conf.*.keep_addr_on_down: above 0 keeps them; `all` decides where the interface says 0. */
function keepsAddresses(read: Read, name: string): boolean {
  const value = (which: string) => Number(read(`/proc/sys/net/ipv6/conf/${which}/keep_addr_on_down`));
  return value(name) > 0 || (value(name) === 0 && value('all') > 0);
}

function defaultRoutes(read: Read): readonly string[] {
  const four = fieldsOf(read('/proc/thread-self/net/route')).flatMap(([name, destination, , , , , , mask]) =>
    destination === '00000000' && mask === '00000000' && name !== undefined ? [name] : [],
  );
  const six = fieldsOf(read('/proc/thread-self/net/ipv6_route')).flatMap((fields) => {
    const [destination = '', length] = fields;
    const name = fields.at(-1);
    return /^0{32}$/.test(destination) && length === '00' && name !== undefined && name !== 'lo'
      ? [name]
      : [];
  });
  return [...four, ...six];
}

/** How many ancestors are asked: a shell, sudo, another shell, sshd. */
const MOST_ANCESTORS = 16;

/**
 * Our address in the session that this program was started from: the third word of SSH_CONNECTION (their address and
 * port, ours and port). sudo(8) takes the variable out of the environment, but not out of that of its own ancestors.
 */
function addressOfSession(
  read: Read,
  environment: Readonly<Record<string, string | undefined>>,
  parent: number,
): string | null {
  let connection = environment['SSH_CONNECTION'];
  let pid = parent;
  for (let asked = 0; connection === undefined && pid > 1 && asked < MOST_ANCESTORS; asked += 1) {
    connection = /(?:^|\0)SSH_CONNECTION=([^\0]*)/.exec(read(`/proc/${pid}/environ`))?.[1];
    // PID (NAME) STATE PPID: the name may hold anything.
    pid = Number(/^.*\) \S (\d+)/s.exec(read(`/proc/${pid}/stat`))?.[1] ?? 0);
  }
  return connection?.split(' ')[2] ?? null;
}

/**
 * systemd-networkd and NetworkManager leave a file for each interface, by its index. A state of networkd that is
 * neither `unmanaged`, `failed` nor gone may raise it. NetworkManager writes `managed=` where that was decided, and
 * nothing for what it leaves alone by itself.
 */
function managerOf(read: Read, index: number): string | null {
  const networkd = read(`/run/systemd/netif/links/${index}`);
  if (/^ADMIN_STATE=(?:configured|configuring|pending|initialized)$/m.test(networkd)) {
    return 'systemd-networkd';
  }
  return /^managed=true$/m.test(read(`/run/NetworkManager/devices/${index}`)) ? 'NetworkManager' : null;
}
