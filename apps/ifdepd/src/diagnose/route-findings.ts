import { someOf } from '../config/nearest.ts';
import { MOST_NAMES, type Warning } from './finding.ts';
import { beyond, type LostRoutes, lostNeighbours, lostRoutes } from './lost-routes.ts';
import type { SettingDown, Surroundings } from './surroundings.ts';

/** Findings about the routes and neighbours that this host loses with a destination and its dependents. */
export function* routeFindings(
  { link, action, closed, dark }: SettingDown,
  { facts, routeTable, neighbours, together }: Surroundings,
): Iterable<Warning> {
  const restores = facts.managerOf(link.index) !== null;
  const alone = {
    closed: new Set(closed.map(({ index }) => index)),
    dark: new Set(dark.map(({ index }) => index)),
  };
  const own = new Set([...alone.closed, ...alone.dark]);
  const lost = lostRoutes(routeTable, own, alone, restores);
  const withOthers =
    together.closed.has(link.index) || together.dark.has(link.index)
      ? beyond(
          lostRoutes(
            routeTable,
            new Set([...own, ...(together.made.get(link.name) ?? [])]),
            together,
            restores,
          ),
          lost,
        )
      : NOTHING;
  yield* told(withOthers.default === null ? lost : { ...lost, default: null }, action, '');
  yield* told(withOthers, action, ' together with the others');
  const forgotten = lostNeighbours(neighbours, alone.closed);
  if (forgotten.length > 0) {
    yield [
      'neighbours-lost',
      `Linux forgets neighbours that were set by hand when it is set down, and nothing puts them back: ${someOf(forgotten, MOST_NAMES)}`,
    ];
  }
}

const NOTHING: LostRoutes = { default: null, nets: [], nextHops: [] };

/** @param others after `when it is set down` */
function* told(lost: LostRoutes, action: SettingDown['action'], others: string): Iterable<Warning> {
  if (lost.default !== null) {
    yield ['default-route', DEFAULT_ROUTE[lost.default](others)];
  }
  if (lost.nets.length > 0) {
    const nets = someOf(lost.nets, MOST_NAMES);
    yield [
      'routes-lost',
      `Linux deletes routes when it is set down${others}, and nothing puts them back: ${nets}`,
    ];
  }
  if (lost.nextHops.length > 0) {
    const when = action === 'admin' ? 'set down' : 'held down';
    const ids = someOf(lost.nextHops.map(String), MOST_NAMES);
    yield [
      'routes-lost',
      `Linux deletes nexthop objects when it is ${when}${others}, and nothing puts them back: id ${ids}`,
    ];
  }
}

const DEFAULT_ROUTE = {
  whole: (others: string) =>
    `the default route goes through it: this host loses it when it is set down${others}`,
  'for good': (others: string) =>
    `the default route goes through it: this host loses it when it is set down${others}, and nothing puts it back`,
  'one next hop': (others: string) =>
    `the default route goes through it with one of its next hops: this host loses that one when it is set down${others}`,
} as const;
