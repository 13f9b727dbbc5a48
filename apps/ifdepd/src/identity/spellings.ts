import type { DestinationSettings, Settings } from '../config/settings.ts';
import type { InterfaceOf } from './interfaces-now.ts';
import { ownSources } from './own-sources.ts';

/** Which names mean the same destination. */
export interface Spellings {
  /** Each other name of a destination, with the one name that stands for all of them. */
  readonly one: ReadonlyMap<string, string>;
  /** Destinations that have several names with different settings. */
  readonly contradictions: readonly { readonly id: string; readonly other: string; readonly own: string }[];
}

/**
 * Finds destinations that are one interface. The name of the interface stands for all of them where it is among them, else
 * the first.
 */
export function spellingsOf(destinations: Settings['destinations'], interfaceOf: InterfaceOf): Spellings {
  const byIndex = new Map<number, { readonly own: string; readonly all: DestinationSettings[] }>();
  for (const settings of destinations.values()) {
    const found = 'interface' in settings ? interfaceOf(settings.interface) : null;
    if (found !== null) {
      const { all } = byIndex.get(found.index) ?? { all: [] };
      byIndex.set(found.index, { own: found.name, all: [...all, settings] });
    }
  }
  const one = new Map<string, string>();
  const contradictions: { id: string; other: string; own: string }[] = [];
  for (const { own, all } of byIndex.values()) {
    const chosen = all.find(({ id }) => id === own) ?? all[0];
    for (const settings of all) {
      if (chosen === undefined || settings === chosen) {
        continue;
      }
      if (sameSettings(settings, chosen)) {
        one.set(settings.id, chosen.id);
      } else {
        contradictions.push({ id: settings.id, other: chosen.id, own });
      }
    }
  }
  return { one, contradictions };
}

function sameSettings(one: DestinationSettings, other: DestinationSettings): boolean {
  return one.action === other.action && one.onExit === other.onExit;
}

/** The settings with one name for each destination; the same where there is nothing to change. */
export function withOneName(settings: Settings, { one }: Pick<Spellings, 'one'>): Settings {
  if (one.size === 0) {
    return settings;
  }
  const groups = Object.entries(settings.policy.groups).map(([name, group]) => [
    name,
    { ...group, destinations: [...new Set(group.destinations.map((id) => one.get(id) ?? id))] },
  ]);
  return {
    ...settings,
    policy: { ...settings.policy, groups: Object.fromEntries(groups) },
    destinations: new Map([...settings.destinations].filter(([id]) => !one.has(id))),
  };
}

/** Messages about names of a configuration that mean one interface and contradict each other. */
export function identityFaults(settings: Settings, interfaceOf: InterfaceOf): readonly string[] {
  const spellings = spellingsOf(settings.destinations, interfaceOf);
  return [
    ...spellings.contradictions.map(
      ({ id, other, own }) =>
        `${id} and ${other}: both are the interface ${own}, and are set in different ways (action or on-exit): they must agree`,
    ),
    ...ownSources(withOneName(settings, spellings), interfaceOf).map(
      ({ group, destination, source }) =>
        `${source} and ${destination}: both are the interface ${interfaceOf(source)?.name ?? source}, source and destination of group '${group}'; once set down it would never be active again`,
    ),
  ];
}
