import type { AddressRecord, NeighbourRecord, RouteRecord } from './records.ts';

/** Everything that a watch knows. */
export interface RouteSnapshot {
  readonly type: 'snapshot';
  /** `queue-overflow`: an iterator was too slow, and this replaces the events that it has not taken. */
  readonly cause: 'start' | 'queue-overflow';
  readonly routes: readonly RouteRecord[];
  readonly addresses: readonly AddressRecord[];
  readonly neighbours: readonly NeighbourRecord[];
}

/** One entry came, went, or has other facts. `was` is the record before. */
export type EntryEvent<Kind extends string, Entry> =
  | { readonly type: 'added' | 'removed'; readonly kind: Kind; readonly entry: Entry }
  | { readonly type: 'changed'; readonly kind: Kind; readonly entry: Entry; readonly was: Entry };

/** What a watch reports: first a snapshot, then each change. */
export type RouteEvent =
  | RouteSnapshot
  | EntryEvent<'route', RouteRecord>
  | EntryEvent<'address', AddressRecord>
  | EntryEvent<'neighbour', NeighbourRecord>;
