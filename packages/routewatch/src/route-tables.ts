import { EntryTable } from './entry-table.ts';
import type { RouteEvent } from './events.ts';
import type { AddressRecord, NeighbourRecord, RouteRecord } from './records.ts';

/** An interface, in {@link EntryTable.refersTo}. */
export function linkReference(index: number): string {
  return `link ${index}`;
}

/** A nexthop object, in {@link EntryTable.refersTo}. */
export function objectReference(id: number): string {
  return `object ${id}`;
}

/** What a watch knows: one table for each list that a system gives. */
export class RouteTables {
  readonly ipv4: EntryTable<RouteRecord>;
  readonly ipv6: EntryTable<RouteRecord>;
  readonly addresses: EntryTable<AddressRecord>;
  readonly neighbours: EntryTable<NeighbourRecord>;

  constructor(emit: (event: RouteEvent) => void) {
    const routes = () =>
      new EntryTable<RouteRecord>(referencesOfRoute, (change) => emit({ ...change, kind: 'route' }));
    this.ipv4 = routes();
    this.ipv6 = routes();
    const onLink = ({ index }: { readonly index: number }) => [linkReference(index)];
    this.addresses = new EntryTable<AddressRecord>(onLink, (change) => emit({ ...change, kind: 'address' }));
    this.neighbours = new EntryTable<NeighbourRecord>(onLink, (change) =>
      emit({ ...change, kind: 'neighbour' }),
    );
  }

  get routes(): readonly RouteRecord[] {
    return [...this.ipv4.values(), ...this.ipv6.values()];
  }

  snapshot(cause: 'start' | 'queue-overflow'): RouteEvent {
    return {
      type: 'snapshot',
      cause,
      routes: this.routes,
      addresses: [...this.addresses.values()],
      neighbours: [...this.neighbours.values()],
    };
  }
}

function referencesOfRoute({ nextHops, nextHopId }: RouteRecord): readonly string[] {
  const links = new Set(nextHops.flatMap(({ index }) => (index === null ? [] : [linkReference(index)])));
  return nextHopId === null ? [...links] : [...links, objectReference(nextHopId)];
}
