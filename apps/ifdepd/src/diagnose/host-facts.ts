import type { Libc } from '@ifdepd/libc';
import type { LinkRecord } from '@ifdepd/linkwatch';
import { parseAddress } from './format-address.ts';
import { type KernelFacts, kernelFacts } from './kernel-facts.ts';
import { managers } from './managers.ts';
import { reader, withAncestors } from './read.ts';
import { sessionOf } from './session.ts';

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
