import type { Settings } from './settings.ts';

/** What a reload changed, each as `group wan`, `probe beyond`, `destination carp0` or `hooks`. */
export interface SettingsChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** With the keys that differ for a group: `group wan (up-delay, require)`. */
  readonly changed: readonly string[];
}

/** The differences between two configurations. Keys that only a start applies are not among them. */
export function settingsChanges(before: Settings, after: Settings): SettingsChanges {
  const [old, now] = [named(before), named(after)];
  const other = [...now].filter(([name, value]) => old.has(name) && !isSame(old.get(name), value));
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [
      ...other.map(([name, value]) =>
        name.startsWith('group ') ? `${name} (${keysOf(old.get(name) ?? {}, value).join(', ')})` : name,
      ),
      ...(isSame(before.hooks, after.hooks) ? [] : ['hooks']),
    ],
  };
}

/** `added group h; removed group g`; '' where nothing changed. */
export function changeWords({ added, removed, changed }: SettingsChanges): string {
  return Object.entries({ added, removed, changed })
    .flatMap(([what, names]) => (names.length === 0 ? [] : [`${what} ${names.join(', ')}`]))
    .join('; ');
}

function named({ policy, patterns, destinations, checks, probes }: Settings): ReadonlyMap<string, object> {
  return new Map<string, object>([
    ...Object.entries((patterns?.rules ?? policy).groups).map(
      ([name, group]) => [`group ${name}`, group] as const,
    ),
    ...[...destinations].map(([id, one]) => [`destination ${id}`, one] as const),
    ...[...checks.values()].map((one) => [`check ${one.name}`, one] as const),
    ...[...probes.values()].map((one) => [`probe ${one.name}`, one] as const),
  ]);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The keys of a group that differ, as the configuration writes them: `upDelayMs` is `up-delay`. */
function keysOf(before: object, after: object): readonly string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((key) => !isSame(old.get(key), now.get(key)))
    .map((key) => key.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}
