import type { Policy, SourceReading } from '@ifdepd/policy';
import type { DestinationSettings } from '../config/settings.ts';
import { type DaemonRules, settingsOf } from './daemon-rules.ts';
import { type DestinationDriver, destinationDriver, type Tools } from './destinations/index.ts';
import { unlessLeftAlone, type WhyLeftAlone } from './destinations/left-alone.ts';
import type { WatchedThings } from './readings.ts';
import { sourceOf } from './sources/index.ts';

/** Makes what is watched out of rules. @param known what was last told of sources that are no interfaces */
export type ThingMaker = (
  rules: DaemonRules,
  compiled: Policy,
  known?: WatchedThings['others'],
) => WatchedThings;

/**
 * A destination that is set the same way as under the rules before keeps its driver, and with it what that needs to
 * undo what it did.
 *
 * @param kept what a journal says that an earlier process had to keep for that
 * @param leftAlone why a destination must not be set at present. Default: none must not
 */
export function thingMaker(
  tools: Tools,
  kept: (destination: string) => number | undefined = () => undefined,
  leftAlone: WhyLeftAlone = () => null,
): ThingMaker {
  let made = new Map<
    string,
    { readonly settings: DestinationSettings; readonly driver: DestinationDriver }
  >();

  function driverOf(settings: DestinationSettings): DestinationDriver {
    const before = made.get(settings.id);
    return before !== undefined && sameWay(before.settings, settings)
      ? before.driver
      : unlessLeftAlone(
          destinationDriver(settings, tools, kept(settings.id)),
          settings.id,
          leftAlone,
          tools.libc,
        );
  }

  return (rules, compiled, known) => {
    const next = compiled.destinations.map((id) => {
      const settings = settingsOf(rules, id);
      return [id, { settings, driver: driverOf(settings) }] as const;
    });
    made = new Map(next);
    const all = compiled.sources.map((id) => sourceOf(id, tools.netif.features));
    const sources = all.filter(({ read }) => read !== null);
    const unasked = (id: string): SourceReading => ({ id, health: 'unknown', reason: 'not checked yet' });
    const others = all.flatMap(({ id, read }) => (read === null ? [id] : []));
    return {
      sources: new Map(sources.map((source) => [source.id, source])),
      carriers: new Set(sources.flatMap(({ id, followsCarrier }) => (followsCarrier ? [id] : []))),
      others: new Map(others.map((id) => [id, known?.get(id) ?? unasked(id)])),
      destinations: new Map(next.map(([id, { driver }]) => [id, driver])),
      dependents: dependentsOf(tools, [...compiled.sources, ...compiled.destinations]),
    };
  };
}

/** What becomes of it in the end is no part of how it is set. */
function sameWay(one: DestinationSettings, other: DestinationSettings): boolean {
  return JSON.stringify({ ...one, onExit: null }) === JSON.stringify({ ...other, onExit: null });
}

/** Ids that belong to an interface of another name, by that name: a message about it may be about them. */
function dependentsOf({ netif }: Tools, ids: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const id of new Set(ids)) {
    for (const name of sourceOf(id, netif.features).names) {
      if (name !== id) {
        found.set(name, [...(found.get(name) ?? []), id]);
      }
    }
  }
  return found;
}
