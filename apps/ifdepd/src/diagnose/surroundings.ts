import type { LinkRecord } from '@ifdepd/linkwatch';
import type { Dependent, SetDown, Topology } from '@ifdepd/linkwatch/linux';
import type { KernelAddress, KernelNeighbour } from '@ifdepd/netlink/rtnetlink';
import type { HostFacts } from './host-facts.ts';
import type { LostInterfaces, RouteTable } from './lost-routes.ts';

/** Facts that are the same for all destinations. Interfaces are given by index. */
export interface Surroundings {
  readonly facts: HostFacts;
  readonly topology: Topology;
  readonly addresses: ReadonlyMap<number, readonly KernelAddress[]>;
  readonly neighbours: ReadonlyMap<number, readonly KernelNeighbour[]>;
  readonly routeTable: RouteTable;
  /** Whether this kernel reports the origin of an address. */
  readonly reportsProtocol: boolean;
  /** The interfaces that are destinations. */
  readonly destinations: ReadonlySet<number>;
  /** What is lost while all sources have failed. */
  readonly together: Together;
}

/** Interfaces that are lost at the same time, because several destinations are down. */
export interface Together extends LostInterfaces {
  /** By the name of a destination: what is lost with it, by index. */
  readonly made: ReadonlyMap<string, readonly number[]>;
}

/** @param lost the links that lose something with all of these */
export function togetherOf(set: readonly SetDown[], lost: ReadonlyMap<number, Dependent>): Together {
  const names = new Set(set.map(({ link }) => link.name));
  const made = new Map<string, number[]>();
  for (const [index, { path }] of lost) {
    for (const name of path.split(' ').filter((word) => names.has(word))) {
      const found = made.get(name) ?? [];
      made.set(name, found);
      found.push(index);
    }
  }
  const of = (loss: Dependent['loss']) =>
    [...lost].flatMap(([index, one]) => (one.loss === loss ? [index] : []));
  return { closed: new Set(of('closed')), dark: new Set(of('no-carrier')), made };
}

/** A destination that is set down, with its dependents. */
export interface SettingDown extends SetDown {
  /** Interfaces that are set down: itself first, where its flag is what is set. */
  readonly closed: readonly LinkRecord[];
  /** Interfaces that only lose their carrier. */
  readonly dark: readonly LinkRecord[];
}

/** @param lost the links that lose something with it, itself first */
export function settingDown(set: SetDown, lost: Iterable<Dependent>): SettingDown {
  const all = [...lost];
  return {
    ...set,
    closed: all.flatMap(({ link, loss }) => (loss === 'closed' ? [link] : [])),
    dark: all.flatMap(({ link, loss }) => (loss === 'no-carrier' ? [link] : [])),
  };
}
