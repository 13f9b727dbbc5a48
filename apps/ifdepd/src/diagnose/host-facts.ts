import type { Libc } from '@ifdepd/libc';
import type { LinkRecord } from '@ifdepd/linkwatch';
import { addressBytes, type KernelRoute } from '@ifdepd/netlink/rtnetlink';
import { type KernelFacts, kernelFacts } from './kernel-facts.ts';
import { inOurNamespace, type Read, reader, withAncestors } from './read.ts';

/** Facts about this host. */
export interface HostFacts {
  readonly links: ReadonlyMap<string, LinkRecord>;
  /** The advskew of each vhid that a configuration names and that exists. */
  readonly vhids: ReadonlyMap<string, number>;
  readonly kernel: KernelFacts;
  /** The route that each probe of a host takes, by its id; absent: not known. */
  readonly probeRoutes: ReadonlyMap<string, KernelRoute>;
  /** net.ipv6.conf.all.keep_addr_on_down. */
  readonly keepAllAddresses: number;
  /** The indices of the interfaces that this session uses, for requests and for answers. */
  readonly session: ReadonlySet<number>;
  /** Another manager of an interface, by its index; null where there is none. */
  managerOf(index: number): string | null;
  /** The process of the other holder of a destination; null where there is none. */
  holderOf(destination: string): number | null;
  /** Whether the driver of an interface supports protodown; null where that is unknown. */
  knowsProtoDown(name: string): boolean | null;
}

/** Where facts outside system calls come from. */
export interface FactSources {
  /** Before every path. Default: '', this host. */
  readonly root?: string;
  /** Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The process whose ancestors are examined for a session. Default: the parent of this one. */
  readonly parent?: number;
  /** Default: asked of the kernel. */
  readonly kernel?: KernelFacts;
}

/** Reads the facts that do not depend on the configuration. Anything unreadable counts as absent. */
export function hostFacts(
  libc: Libc,
  sources: FactSources = {},
): Pick<HostFacts, 'kernel' | 'keepAllAddresses' | 'session' | 'managerOf'> {
  const { root = '', environment = process.env, parent = process.ppid } = sources;
  const read = reader(root);
  const ancestors = withAncestors(read, parent);
  const session = sessionOf(read, environment, ancestors);
  const ours = session === null ? null : addressBytes(session.ours);
  const kernel = sources.kernel ?? kernelFacts(libc, session === null ? null : addressBytes(session.theirs));
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
 * Finds the manager of an interface; null where there is none. systemd-networkd and NetworkManager have a file for each
 * interface, by its index, which means another interface in another network namespace. They work in that of process 1; where
 * it hides its own, the eldest ancestor that does not counts.
 *
 * networkd may set an interface up in every state but `unmanaged`, `failed` and none. NetworkManager writes `managed=` only
 * where that was decided.
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

/**
 * The addresses of both ends of the session that this program was started from: SSH_CONNECTION (address and port of the client, then ours). sudo(8) removes
 * the variable, but its ancestors still have it. A session in another network namespace does not count: the eldest ancestor
 * with the variable is in that one.
 */
export function sessionOf(
  read: Read,
  environment: Readonly<Record<string, string | undefined>>,
  ancestors: readonly number[],
): { readonly ours: string; readonly theirs: string } | null {
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
