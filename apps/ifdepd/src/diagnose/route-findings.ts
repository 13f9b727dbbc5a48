import { listed } from './finding.ts';
import { lostNeighbours, lostRoutes } from './lost-routes.ts';
import type { SettingDown, Surroundings, Warning } from './surroundings.ts';

/** Findings about the routes and neighbours that this host loses with a destination and its dependents. */
export function routeFindings(
  { link, action, closed, dark }: SettingDown,
  { facts, routeTable, neighbours }: Surroundings,
): readonly Warning[] {
  const closedIndices = new Set(closed.map(({ index }) => index));
  const lost = lostRoutes(
    routeTable,
    closedIndices,
    new Set(dark.map(({ index }) => index)),
    facts.managerOf(link.index) !== null,
  );
  const forgotten = lostNeighbours(neighbours, closedIndices);
  const found: Warning[] = [];
  if (lost.default !== null) {
    found.push(['default-route', DEFAULT_ROUTE[lost.default]]);
  }
  if (lost.nets.length > 0) {
    found.push([
      'routes-lost',
      `Linux deletes routes when it is set down, and nothing puts them back: ${listed(lost.nets)}`,
    ]);
  }
  if (lost.nextHops.length > 0) {
    const when = action === 'admin' ? 'set down' : 'held down';
    found.push([
      'routes-lost',
      `Linux deletes nexthop objects when it is ${when}, and nothing puts them back: id ${listed(lost.nextHops.map(String))}`,
    ]);
  }
  if (forgotten.length > 0) {
    found.push([
      'neighbours-lost',
      `Linux forgets neighbours that were set by hand when it is set down, and nothing puts them back: ${listed(forgotten)}`,
    ]);
  }
  return found;
}

const DEFAULT_ROUTE = {
  whole: 'the default route goes through it: this host loses it when it is set down',
  'for good':
    'the default route goes through it: this host loses it when it is set down, and nothing puts it back',
  'one next hop':
    'the default route goes through it with one of its next hops: this host loses that one when it is set down',
} as const;
