import type { LinkRecord } from '@ifdepd/linkwatch';
import type { Dependent, SetDown, Topology } from './dependents.ts';
import type { Finding } from './finding.ts';
import type { HostFacts } from './host-facts.ts';
import type { RouteTable } from './lost-routes.ts';
import type { HostAddress } from './netlink/addresses.ts';
import type { HostNeighbour } from './netlink/neighbours.ts';

/** What is the same for all destinations. Interfaces are the kernel's numbers. */
export interface Surroundings {
  readonly facts: HostFacts;
  readonly topology: Topology;
  readonly addresses: ReadonlyMap<number, readonly HostAddress[]>;
  readonly neighbours: ReadonlyMap<number, readonly HostNeighbour[]>;
  readonly routeTable: RouteTable;
  /** Whether this kernel tells who gave an address. */
  readonly tellsProtocol: boolean;
  /** Those that are destinations themselves. */
  readonly destinations: ReadonlySet<number>;
}

/** A destination that is set down, and what it takes along. */
export interface SettingDown extends SetDown {
  /** Interfaces that are set down: itself first, where its flag is what is set. */
  readonly closed: readonly LinkRecord[];
  /** Those that lose their carrier alone. */
  readonly dark: readonly LinkRecord[];
}

/** A finding about a destination, before it has the name of one. */
export type Warning = readonly [code: Finding['code'], message: string];

/** @param lost what loses something with it, itself first */
export function settingDown(set: SetDown, lost: Iterable<Dependent>): SettingDown {
  const all = [...lost];
  return {
    ...set,
    closed: all.flatMap(({ link, loss }) => (loss === 'closed' ? [link] : [])),
    dark: all.flatMap(({ link, loss }) => (loss === 'no-carrier' ? [link] : [])),
  };
}
