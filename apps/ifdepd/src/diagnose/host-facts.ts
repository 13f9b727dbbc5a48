import type { Libc } from '@ifdepd/libc';
import type { LinkRecord } from '@ifdepd/linkwatch';
import { parseAddress } from './format-address.ts';
import { type KernelFacts, kernelFacts } from './kernel-facts.ts';
import { inOurNamespace, type Read, reader, withAncestors } from './read.ts';

/** What is known of this host. */
export interface HostFacts {
  readonly links: ReadonlyMap<string, LinkRecord>;
  /** The advskew of each vhid that a configuration names and that exists. */
  readonly vhids: ReadonlyMap<string, number>;
  readonly kernel: KernelFacts;
  /** net.ipv6.conf.all.keep_addr_on_down. */
  readonly keepAllAddresses: number;
  /** The kernel's numbers of the interfaces that this session came in to, and is answered through. */
  readonly session: ReadonlySet<number>;
  /** What else manages an interface, by the kernel's number; null where nothing is known to. */
  managerOf(index: number): string | null;
  /** The process of a daemon that holds a destination for something else; null where none does. */
  holderOf(destination: string): number | null;
  /** Whether the driver of an interface knows protodown; null where that is not known. */
  knowsProtoDown(name: string): boolean | null;
}

/** Where facts are read from that are no system calls. */
export interface FactSources {
  /** Before every path. Default: '', this host. */
  readonly root?: string;
  /** Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The process whose ancestors are asked for their session. Default: the parent of this one. */
  readonly parent?: number;
  /** Default: what the kernel says. */
  readonly kernel?: KernelFacts;
}

/** Reads what does not depend on the configuration. What cannot be read is taken not to be there. */
export function hostFacts(
  libc: Libc,
  sources: FactSources = {},
): Pick<HostFacts, 'kernel' | 'keepAllAddresses' | 'session' | 'managerOf'> {
  const { root = '', environment = process.env, parent = process.ppid } = sources;
  const read = reader(root);
  const ancestors = withAncestors(read, parent);
  const session = sessionOf(read, environment, ancestors);
  const ours = session === null ? null : parseAddress(session.ours);
  const kernel = sources.kernel ?? kernelFacts(libc, session === null ? null : parseAddress(session.theirs));
  const came = kernel.addresses.flatMap(({ index, bytes }) =>
    ours !== null && Buffer.compare(bytes, ours) === 0 ? [index] : [],
  );
  return {
    kernel,
    keepAllAddresses: Number(read('/proc/sys/net/ipv6/conf/all/keep_addr_on_down')),
    session: new Set(kernel.answers === null ? came : [...came, kernel.answers]),
    managerOf: managers(read, ancestors),
  };
}

/**
 * What else manages an interface; null where nothing is known to. systemd-networkd and NetworkManager leave a file for
 * each interface, by its index: a number that means another interface in another network namespace. They work in that
 * of process 1, and where it does not show its own, the eldest ancestor that does is asked.
 *
 * A state of networkd that is neither `unmanaged`, `failed` nor gone may raise it. NetworkManager writes `managed=`
 * where that was decided, and nothing for what it leaves alone by itself.
 */
export function managers(read: Read, ancestors: readonly number[]): (index: number) => string | null {
  if (!inOurNamespace(read, [1, ...ancestors.toReversed()])) {
    return () => null;
  }
  return (index) => {
    const networkd = read(`/run/systemd/netif/links/${index}`);
    if (/^ADMIN_STATE=(?:configured|configuring|pending|initialized)$/m.test(networkd)) {
      return 'systemd-networkd';
    }
    return /^managed=true$/m.test(read(`/run/NetworkManager/devices/${index}`)) ? 'NetworkManager' : null;
  };
}

/** Both ends of the session that a program was started from. */
export interface Session {
  /** The address that it came in to. */
  readonly ours: string;
  /** The address that it came from. */
  readonly theirs: string;
}

/**
 * The session that this program was started from: SSH_CONNECTION (their address and port, ours and port). sudo(8) takes
 * the variable out of the environment, but not out of that of its own ancestors. A session that came in to another
 * network namespace is none here: the eldest ancestor that has the variable is still in that one.
 */
export function sessionOf(
  read: Read,
  environment: Readonly<Record<string, string | undefined>>,
  ancestors: readonly number[],
): Session | null {
  const connections = ancestors.map((pid) => ({
    pid,
    connection: /(?:^|\0)SSH_CONNECTION=([^\0]*)/.exec(read(`/proc/${pid}/environ`))?.[1],
  }));
  const connection = environment['SSH_CONNECTION'] ?? connections.find((one) => one.connection)?.connection;
  const [theirs, , ours] = connection?.split(' ') ?? [];
  if (theirs === undefined || ours === undefined) {
    return null;
  }
  const eldest = connections.findLast((one) => one.connection === connection)?.pid;
  return eldest === undefined || inOurNamespace(read, [eldest]) ? { ours, theirs } : null;
}
