import type { PolicyConfig } from '@ifdepd/policy';
import type { DestinationSettings, Settings } from '../config/settings.ts';
import { realPath } from '../system/trusted-path.ts';
import type { InterfaceOf } from './interfaces-now.ts';
import { ownSources } from './own-sources.ts';

/** What a destination is, whatever it is called: the index of an interface, or the path of a file without symbolic links. */
interface Meaning {
  readonly key: number | string;
  /** The name of the interface, or the path. */
  readonly own: string;
}

/** Which names mean the same destination. */
export interface Spellings {
  /** Each other name of a destination, with the one name that stands for all of them. */
  readonly one: ReadonlyMap<string, string>;
  /** Destinations that have several names with different settings. */
  readonly contradictions: readonly { readonly id: string; readonly other: string; readonly own: string }[];
}

/** Null for a destination that is not there, or has no other names. */
function meaningOf(settings: DestinationSettings, interfaceOf: InterfaceOf): Meaning | null {
  if ('interface' in settings) {
    const found = interfaceOf(settings.interface);
    return found === null ? null : { key: found.index, own: found.name };
  }
  if ('path' in settings) {
    const path = realPath(settings.path);
    return { key: path, own: path };
  }
  return null;
}

/**
 * Finds destinations that are one interface or one file. The name that it goes by itself stands for all of them where it is
 * among them, else the first.
 */
export function spellingsOf(destinations: Settings['destinations'], interfaceOf: InterfaceOf): Spellings {
  const meant = new Map<Meaning['key'], { readonly own: string; readonly all: DestinationSettings[] }>();
  for (const settings of destinations.values()) {
    const meaning = meaningOf(settings, interfaceOf);
    if (meaning !== null) {
      const { all } = meant.get(meaning.key) ?? { all: [] };
      meant.set(meaning.key, { own: meaning.own, all: [...all, settings] });
    }
  }
  const one = new Map<string, string>();
  const contradictions: { id: string; other: string; own: string }[] = [];
  for (const { own, all } of meant.values()) {
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
  const texts = ({ action, onExit, ...rest }: DestinationSettings) =>
    'up' in rest
      ? [action, onExit, rest.up, rest.down]
      : [action, onExit, ...('path' in rest ? [rest.group] : [])];
  return texts(one).join('\0') === texts(other).join('\0');
}

/** The settings with one name for each destination; the same where there is nothing to change. */
export function withOneName(settings: Settings, { one }: Pick<Spellings, 'one'>): Settings {
  if (one.size === 0) {
    return settings;
  }
  const named = (policy: PolicyConfig): PolicyConfig => {
    const groups = Object.entries(policy.groups).map(([name, { destinations, ...group }]) => [
      name,
      destinations === undefined
        ? group
        : { ...group, destinations: [...new Set(destinations.map((id) => one.get(id) ?? id))] },
    ]);
    return { ...policy, groups: Object.fromEntries(groups) };
  };
  const { patterns } = settings;
  return {
    ...settings,
    policy: named(settings.policy),
    ...(patterns && { patterns: { ...patterns, rules: named(patterns.rules) } }),
    destinations: new Map([...settings.destinations].filter(([id]) => !one.has(id))),
  };
}

/** Messages about names of a configuration that mean one interface or file and contradict each other. */
export function identityFaults(settings: Settings, interfaceOf: InterfaceOf): readonly string[] {
  const spellings = spellingsOf(settings.destinations, interfaceOf);
  return [
    ...spellings.contradictions.map(
      ({ id, other, own }) =>
        `${id} and ${other}: both are the ${own.startsWith('/') ? 'file' : 'interface'} ${own}, and are set in different ways (action, on-exit or texts): they must agree`,
    ),
    ...ownSources(withOneName(settings, spellings), interfaceOf).map(
      ({ group, destination, source }) =>
        `${source} and ${destination}: both are the interface ${interfaceOf(source)?.name ?? source}, source and destination of group '${group}'; once set down it would never be active again`,
    ),
  ];
}
