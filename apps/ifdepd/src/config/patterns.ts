import type { PolicyConfig } from '@ifdepd/policy';
import { isMapping } from './odd-number.ts';
import type { Settings } from './settings.ts';

/** Which interfaces a list of sources means without naming them. All that it says must hold. */
export interface Pattern {
  /** What the policy calls it: the source that stands in its place while nothing matches. */
  readonly id: string;
  /** The name or an alternative name, with `*` and `?`. */
  readonly match?: string;
  /** The hardware address in lower case, with ':' between the bytes. */
  readonly mac?: string;
  /** The driver, with `*` and `?`. */
  readonly driver?: string;
}

/** The patterns of a configuration. */
export interface Patterns {
  readonly byId: ReadonlyMap<string, Pattern>;
  /** The groups as they are written, with the id of a pattern in its place. */
  readonly rules: PolicyConfig;
}

/** The keys of a pattern. */
export const PATTERN_KEYS = ['match', 'mac', 'driver'] as const;

/** The most interfaces that one pattern stands for. */
export const MOST_MATCHED = 256;

/** The pattern that a mapping of the file means. */
export function patternOf(written: Readonly<Record<string, unknown>>): Pattern {
  const parts = PATTERN_KEYS.flatMap((key) => {
    const value = written[key];
    return typeof value === 'string' ? [[key, key === 'mac' ? plainAddress(value) : value] as const] : [];
  });
  // The form refuses one without any text; the policy then judges the rest.
  const id = parts.map(([key, value]) => `${key}:${value}`).join(',') || 'pattern';
  return { id, ...Object.fromEntries(parts) };
}

/** `52:54:00:12:34:56` for `52-54-00-12-34-56` and `5254.0012.3456`. */
function plainAddress(written: string): string {
  const digits = written.toLowerCase().replace(/[:.-]/g, '');
  return (digits.match(/../g) ?? []).join(':');
}

/** `eth*`, `mac 52:54:00:12:34:56`, `eth* and driver mlx5_core`: what an {@link Pattern.id} says. */
export function patternWords(id: string): string {
  return id
    .replace(/^match:/, '')
    .replace(/(^|,)(mac|driver):/g, (_, comma, key) => `${comma && ' and '}${key} `);
}

/** An interface that a pattern may mean. */
export interface Matched {
  readonly index: number;
  readonly name: string;
}

/**
 * The settings with interfaces in the place of patterns. Where nothing matches, the id of the pattern stays: a source that has
 * failed. In a list of which more must be active than it has members, `ID#2` and so on stand for those that are missing.
 *
 * @param matched the interfaces that match a pattern, by its id
 * @param indexOf the index of the interface that a name means, so that none is counted twice
 */
export function withMatched(
  settings: Settings,
  matched: (id: string) => readonly Matched[],
  indexOf: (name: string) => number | undefined = () => undefined,
): Settings {
  const { patterns } = settings;
  return patterns === undefined
    ? settings
    : { ...settings, policy: matchedRules(patterns, matched, indexOf) };
}

/** As {@link withMatched}, of the rules alone. What has another form than they must have is passed on as it is. */
export function matchedRules(
  { byId, rules }: Patterns,
  matched: (id: string) => readonly Matched[] = () => [],
  indexOf: (name: string) => number | undefined = () => undefined,
): PolicyConfig {
  function expression(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map(expression);
    }
    if (!isMapping(value)) {
      return value;
    }
    const parts = Object.entries(value).map(([key, part]) => {
      const isList = (key === 'any' || key === 'of') && Array.isArray(part);
      return [key, isList ? members(part, value['atLeast']) : expression(part)];
    });
    return Object.fromEntries(parts);
  }

  function members(list: readonly unknown[], needed: unknown): unknown[] {
    const named = list.filter((one) => typeof one === 'string' && !byId.has(one)) as string[];
    const taken = new Set<unknown>(named.flatMap((name) => [name, indexOf(name)]));
    /** The first pattern, and how many members stand for it. */
    let [first, count] = ['', 0];
    const found = list.flatMap((one): unknown[] => {
      if (typeof one !== 'string' || !byId.has(one)) {
        return [expression(one)];
      }
      const all = matched(one);
      const fresh = all.filter(({ index, name }) => !taken.has(index) && !taken.has(name));
      for (const { index } of fresh) {
        taken.add(index);
      }
      if (first === '') {
        [first, count] = [one, Math.max(1, fresh.length)];
      }
      return all.length === 0 ? [one] : fresh.map(({ name }) => name);
    });
    const least =
      first !== '' && Number.isInteger(needed) && Number(needed) <= MOST_MATCHED ? Number(needed) : 0;
    const missing = Array.from(
      { length: Math.max(0, least - found.length) },
      (_, i) => `${first}#${count + i + 1}`,
    );
    return [...found, ...missing];
  }

  const groups = Object.entries(rules.groups).map(([name, group]) => [
    name,
    isMapping(group) ? { ...group, require: expression(group.require) } : group,
  ]);
  return { ...rules, groups: Object.fromEntries(groups) };
}
