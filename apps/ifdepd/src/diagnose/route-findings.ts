import { someOf } from '../config/nearest.ts';
import { MOST_NAMES, type Warning } from './finding.ts';
import { lostNeighbours, lostRoutes } from './lost-routes.ts';
import type { SettingDown, Surroundings } from './surroundings.ts';

/** Findings about the routes and neighbours that this host loses with a destination and its dependents. */
export function* routeFindings(
  { link, action, closed, dark }: SettingDown,
  { facts, routeTable, neighbours }: Surroundings,
): Iterable<Warning> {
  const closedIndices = new Set(closed.map(({ index }) => index));
  const darkIndices = new Set(dark.map(({ index }) => index));
  const restores = facts.managerOf(link.index) !== null;
  const lost = lostRoutes(routeTable, closedIndices, darkIndices, restores);
  if (lost.default !== null) {
    yield ['default-route', DEFAULT_ROUTE[lost.default]];
  }
  if (lost.nets.length > 0) {
    const nets = someOf(lost.nets, MOST_NAMES);
    yield ['routes-lost', `Linux deletes routes when it is set down, and nothing puts them back: ${nets}`];
  }
  if (lost.nextHops.length > 0) {
    const when = action === 'admin' ? 'set down' : 'held down';
    const ids = someOf(lost.nextHops.map(String), MOST_NAMES);
    yield [
      'routes-lost',
      `Linux deletes nexthop objects when it is ${when}, and nothing puts them back: id ${ids}`,
    ];
  }
  const forgotten = lostNeighbours(neighbours, closedIndices);
  if (forgotten.length > 0) {
    yield [
      'neighbours-lost',
      `Linux forgets neighbours that were set by hand when it is set down, and nothing puts them back: ${someOf(forgotten, MOST_NAMES)}`,
    ];
  }
}

const DEFAULT_ROUTE = {
  whole: 'the default route goes through it: this host loses it when it is set down',
  'for good':
    'the default route goes through it: this host loses it when it is set down, and nothing puts it back',
  'one next hop':
    'the default route goes through it with one of its next hops: this host loses that one when it is set down',
} as const;
