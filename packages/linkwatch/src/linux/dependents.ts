import { list, objectWith } from '@ifdepd/libc';
import type { LinkDetails } from '@ifdepd/netlink/rtnetlink';
import type { LinkRecord } from '../link.ts';
import { kindFacts } from './link-kinds.ts';

/** The links of a host, by how they stand on each other. */
export interface Topology {
  readonly byIndex: ReadonlyMap<number, LinkRecord>;
  /** By the kernel's number of the lower link: those that stand on it, and the other end of a cable. */
  readonly uppers: ReadonlyMap<number, readonly LinkRecord[]>;
  /** By the kernel's number of the bridge or bond: its ports. */
  readonly ports: ReadonlyMap<number, readonly LinkRecord[]>;
  /** What link events do not have, by the kernel's number: listLinkDetails() of `@ifdepd/netlink/rtnetlink`. */
  readonly details: ReadonlyMap<number, LinkDetails>;
}

/** What a link loses: it is set down itself, or it loses its carrier. */
export type DependentLoss = 'closed' | 'no-carrier';

/** A link that loses something when others are set down. */
export interface Dependent {
  readonly link: LinkRecord;
  readonly loss: DependentLoss;
  /** The links in between, from this one down to those that are set: `v5 stands on br0 is made of em0`. */
  readonly path: string;
}

/** One link that is set down. */
export interface SetDown {
  readonly link: LinkRecord;
  /** `admin`: by its flag IFF_UP. `protodown`: by IFLA_PROTO_DOWN, which takes the carrier alone. */
  readonly action: 'admin' | 'protodown';
}

/**
 * Groups links by what they stand on.
 *
 * @param links all links of a host: `watch.links.values()`
 * @param details Default: none. VLANs then count as bound to their parents, and bonds as looking at the links of their ports
 */
export function topologyOf(
  links: Iterable<LinkRecord>,
  details: ReadonlyMap<number, LinkDetails> = new Map(),
): Topology {
  objectWith('topologyOf: links', links);
  if (typeof links[Symbol.iterator] !== 'function') {
    throw new TypeError('topologyOf: links must be an iterable of links, not an object without an iterator');
  }
  const all = [...links];
  return {
    byIndex: new Map(all.map((link) => [link.index, link])),
    uppers: linksBy('linkIndex', all),
    ports: linksBy('masterIndex', all),
    details,
  };
}

/**
 * The links that lose something in Linux while these are set down, including these, by index. The cost grows with the
 * dependents, not with the links. A kind of link that {@link kindFacts} does not know has no dependents that lose their carrier.
 */
export function dependentsOf(topology: Topology, set: readonly SetDown[]): ReadonlyMap<number, Dependent> {
  objectWith('dependentsOf: topology', topology, 'byIndex', 'uppers', 'ports');
  list('dependentsOf: set', set);
  const found = new Map<number, Dependent>();
  const waiting: Dependent[] = [];
  const add = (link: LinkRecord, loss: DependentLoss, path: string): void => {
    const known = found.get(link.index);
    if (known === undefined || (known.loss === 'no-carrier' && loss === 'closed')) {
      const dependent = { link, loss, path };
      found.set(link.index, dependent);
      waiting.push(dependent);
    }
  };
  for (const { link, action } of set) {
    add(link, action === 'admin' ? 'closed' : 'no-carrier', link.name);
  }
  for (let lower = waiting.shift(); lower !== undefined; lower = waiting.shift()) {
    for (const upper of topology.uppers.get(lower.link.index) ?? []) {
      const loss = lossOnLower(upper, lower, topology);
      if (loss !== null) {
        const relation = upper.kind === 'veth' ? 'is the other end of' : 'stands on';
        add(upper, loss, `${upper.name} ${relation} ${lower.path}`);
      }
    }
    const { masterIndex } = lower.link;
    const master = masterIndex === null ? undefined : topology.byIndex.get(masterIndex);
    if (master !== undefined && losesLastPort(master, found, topology)) {
      const ports = (topology.ports.get(master.index) ?? []).flatMap(
        ({ index }) => found.get(index)?.path ?? [],
      );
      add(master, 'no-carrier', `${master.name} is made of ${ports.join(' and ')}`);
    }
  }
  return found;
}

/** Whether upper links see that a link has no carrier, after this loss. */
function isDark({ link, loss }: Dependent, { details }: Topology): boolean {
  const bridgeBinding = details.get(link.index)?.bridgeBinding ?? false;
  return loss === 'no-carrier' || (kindFacts(link.kind)?.closing === 'drops-carrier' && !bridgeBinding);
}

/**
 * net/8021q/vlan.c closes VLANs with their parent but those of loose binding, and hands on its carrier otherwise.
 * macvlan and macsec take over its carrier in both cases, an ipvlan only while the parent is up. A veth loses its
 * carrier when the other end is closed. Tunnels do not follow what they leave through.
 */
function lossOnLower(upper: LinkRecord, lower: Dependent, topology: Topology): DependentLoss | null {
  switch (upper.kind) {
    case 'vlan':
      if (lower.loss === 'no-carrier') {
        return (topology.details.get(upper.index)?.bridgeBinding ?? false) ? null : 'no-carrier';
      }
      return (topology.details.get(upper.index)?.loose ?? false) ? null : 'closed';
    case 'macvlan':
    case 'macvtap':
    case 'macsec':
      return isDark(lower, topology) ? 'no-carrier' : null;
    case 'ipvlan':
    case 'ipvtap':
      return lower.loss === 'no-carrier' ? 'no-carrier' : null;
    case 'veth':
      return lower.loss === 'closed' ? 'no-carrier' : null;
    default:
      return null;
  }
}

/** A bridge, a team, and a bond that looks at the links of its ports, lose their carrier with that of the last port. */
function losesLastPort(
  master: LinkRecord,
  lost: ReadonlyMap<number, Dependent>,
  { ports, details }: Topology,
): boolean {
  const follows =
    master.kind === 'bridge' ||
    master.kind === 'team' ||
    (master.kind === 'bond' && (details.get(master.index)?.monitored ?? true));
  const all = ports.get(master.index) ?? [];
  const working = all.filter(({ adminUp, carrier }) => adminUp && carrier !== false);
  return follows && (working.length > 0 ? working : all).every(({ index }) => lost.has(index));
}

function linksBy(
  relation: 'linkIndex' | 'masterIndex',
  links: readonly LinkRecord[],
): ReadonlyMap<number, readonly LinkRecord[]> {
  const groups = new Map<number, LinkRecord[]>();
  for (const link of links) {
    const index = link[relation];
    if (index !== null) {
      const group = groups.get(index) ?? [];
      groups.set(index, group);
      group.push(link);
    }
  }
  return groups;
}
