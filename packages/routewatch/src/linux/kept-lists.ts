import { EntryTable } from '../entry-table.ts';
import type { AddressRecord, IpFamily, NeighbourRecord, RouteRecord } from '../records.ts';
import type { RouteTables } from '../route-tables.ts';
import type { Scope } from '../scope.ts';
import { KeptList } from './kept-list.ts';
import { decodeLinkFacts, type LinkFacts } from './link-facts.ts';
import { readAddress, readNeighbour, readRoute } from './read-entries.ts';
import type { NameOf } from './records-of.ts';

/** The tables of a watch, each with the way to read its messages. */
export interface KeptLists {
  readonly links: KeptList<LinkFacts>;
  readonly addresses: KeptList<AddressRecord>;
  readonly ipv4: KeptList<RouteRecord>;
  readonly ipv6: KeptList<RouteRecord>;
  readonly neighbours: KeptList<NeighbourRecord>;
}

/** @param linkChanged is called where a link came, went, or has other facts */
export function keptLists(
  tables: RouteTables,
  scope: Scope,
  linkChanged: (index: number) => void,
): KeptLists {
  const links = new KeptList<LinkFacts>(
    new EntryTable<LinkFacts>(
      () => [],
      ({ entry }) => linkChanged(entry.index),
    ),
    (payload) => {
      const entry = decodeLinkFacts(payload);
      return entry === null ? null : { key: String(entry.index), entry };
    },
  );
  const nameOf: NameOf = (index) => links.table.get(String(index))?.name ?? null;
  const routesOf = (family: IpFamily) => (payload: Uint8Array) => readRoute(payload, family, scope, nameOf);
  return {
    links,
    addresses: new KeptList(tables.addresses, (payload) => readAddress(payload, scope, nameOf)),
    ipv4: new KeptList(tables.ipv4, routesOf('ipv4')),
    ipv6: new KeptList(tables.ipv6, routesOf('ipv6')),
    neighbours: new KeptList(tables.neighbours, (payload) => readNeighbour(payload, scope, nameOf)),
  };
}
