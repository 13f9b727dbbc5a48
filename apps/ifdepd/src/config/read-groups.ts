import type { PolicyConfig, PolicyIssue } from '@ifdepd/policy';
import type { ConfigPath } from './document.ts';
import { durationOf } from './duration.ts';
import type { Fault } from './faults.ts';
import { someOf, suggestion } from './nearest.ts';
import { isMapping, plainValue } from './odd-number.ts';
import {
  MOST_MATCHED,
  matchedRules,
  PATTERN_KEYS,
  type Pattern,
  type Patterns,
  patternOf,
} from './patterns.ts';
import { destinationOf } from './read-destination.ts';
import { probeId } from './read-probes.ts';
import type { DestinationSettings, OnExit } from './settings.ts';
import type { FileDestination } from './shape.ts';

/** The id of a check as a source: no interface name has a ':'. */
export function checkId(name: string): string {
  return `check:${name}`;
}

/** What expressions name by a name that the file gives. */
const NAMED = { check: checkId, probe: probeId } as const;

/** The names that a file gives. */
export type GivenNames = Readonly<Record<keyof typeof NAMED, ReadonlySet<string>>>;

/** Keys that have another name in the policy. */
const POLICY_KEYS: ReadonlyMap<string, string> = new Map([
  ['at-least', 'atLeast'],
  ['down-delay', 'downDelayMs'],
  ['up-delay', 'upDelayMs'],
  ['start-delay', 'startDelayMs'],
  ['start-hold', 'startHoldMs'],
  ['half-life', 'halfLifeMs'],
  ['max-suppress', 'maxSuppressMs'],
]);
const FILE_KEYS: ReadonlyMap<string | number, string> = new Map(
  [...POLICY_KEYS].map(([key, policy]) => [policy, key]),
);

/** The groups of a file in the words of the policy. */
export interface ReadGroups {
  /** As if no pattern matched anything. */
  readonly policy: PolicyConfig;
  /** Undefined where there are none. */
  readonly patterns: Patterns | undefined;
  /** By id. */
  readonly destinations: ReadonlyMap<string, DestinationSettings>;
  /** Mistakes that neither the shape nor the policy finds: unknown checks and probes, destinations that are set in two ways. */
  readonly faults: readonly Fault[];
  /** The path in the file of the subject of an issue. */
  filePath(path: PolicyIssue['path']): ConfigPath;
}

/**
 * Translates the groups of a file. A value of the wrong shape is passed on as it is: the policy refuses it where the shape did,
 * and judges all the rest.
 *
 * @param given the names of all checks and probes
 */
export function readGroups(groups: unknown, given: GivenNames): ReadGroups {
  const faults: Fault[] = [];
  const destinations = new Map<string, { readonly settings: DestinationSettings; readonly group: string }>();
  const patterns = new Map<string, Pattern>();
  /** For objects of the policy, the paths of those parts that are not under their own key in the file. */
  const places = new WeakMap<object, ReadonlyMap<string | number, ConfigPath>>();

  /** The members of a list and of lists within it. @param once whether equal ones count once */
  function members<Member>(
    list: readonly unknown[],
    path: ConfigPath,
    once: boolean,
    read: (value: unknown, path: ConfigPath) => Member,
  ): readonly Member[] {
    const found = new Map<string | number, readonly [Member, ConfigPath]>();
    const add = (inner: readonly unknown[], around: ConfigPath): void => {
      for (const [index, value] of inner.entries()) {
        const place = [...around, index];
        if (Array.isArray(value)) {
          add(value, place);
          continue;
        }
        const member = read(value, place);
        const key = once ? JSON.stringify(member) : found.size;
        if (!found.has(key)) {
          found.set(key, [member, place]);
        }
      }
    };
    add(list, path);
    const kept = [...found.values()];
    const result = kept.map(([member]) => member);
    places.set(result, new Map(kept.map(([, place], index) => [index, place])));
    return result;
  }

  function expression(value: unknown, path: ConfigPath, once = true): unknown {
    if (Array.isArray(value)) {
      return members(value, path, once, expression);
    }
    if (!isMapping(value)) {
      return plainValue(value);
    }
    if (PATTERN_KEYS.some((key) => Object.hasOwn(value, key))) {
      const pattern = patternOf(value);
      patterns.set(pattern.id, pattern);
      return pattern.id;
    }
    for (const kind of ['check', 'probe'] as const) {
      const name = value[kind];
      if (typeof name === 'string') {
        refuseUnknown(kind, name, [...path, kind]);
        return NAMED[kind](name);
      }
    }
    const parts = Object.entries(value).map(([key, part]) => [
      POLICY_KEYS.get(key) ?? key,
      // Where members are counted, a repeated one is a mistake.
      expression(part, [...path, key], key !== 'of'),
    ]);
    const rule = Object.fromEntries(parts);
    refuseUnsteady(rule, [...path, 'at-least'], [...path, 'below']);
    return rule;
  }

  /** Refuses thresholds that may come to contradict each other as interfaces come, or that no number of them reaches. */
  function refuseUnsteady(
    { atLeast, below = atLeast, of }: Readonly<Record<string, unknown>>,
    ...[atLeastPath, belowPath]: readonly [ConfigPath, ConfigPath]
  ): void {
    if (!Array.isArray(of) || !of.some((one) => patterns.has(one))) {
      return;
    }
    if (typeof below !== typeof atLeast) {
      const message =
        "beside a pattern, 'at-least' and 'below' are both numbers or both percentages: how many interfaces match is not known before";
      faults.push({ path: belowPath, what: 'value', message });
    }
    const isCount = Number.isInteger(atLeast) && Number(atLeast) >= 1 && Number(atLeast) <= MOST_MATCHED;
    if (typeof atLeast === 'number' && !isCount) {
      const message = `beside a pattern, must be a whole number from 1 to ${MOST_MATCHED} (it stands for at most so many interfaces), or a percentage`;
      faults.push({ path: atLeastPath, what: 'value', message });
    }
  }

  function refuseUnknown(kind: keyof typeof NAMED, name: string, path: ConfigPath): void {
    const names = given[kind];
    if (name !== '' && !names.has(name)) {
      const known = names.size > 0 ? `; there are: ${someOf(names)}` : '; there are none';
      const message = `there is no ${kind} '${name}'${suggestion(name, names) || known}`;
      faults.push({ path, what: 'value', message });
    }
  }

  /** Refuses patterns where all members have to be active. */
  function refusePatterns(list: readonly unknown[]): void {
    for (const [index, path] of places.get(list) ?? []) {
      if (patterns.has(String(list[Number(index)]))) {
        const message =
          "a pattern stands for interfaces that come and go, and without 'require' all sources have to be active: write 'require: any', a number or a percentage beside 'sources'";
        faults.push({ path, what: 'value', message });
      }
    }
  }

  function requirement(group: Readonly<Record<string, unknown>>, path: ConfigPath): unknown {
    const place = [...path, 'require'];
    if (!Object.hasOwn(group, 'sources')) {
      // The shape has reported that neither is there; a name that is used nowhere else causes no other issue.
      return Object.hasOwn(group, 'require')
        ? expression(group['require'], place)
        : `unread:${place.join('.')}`;
    }
    const enough = plainValue(group['require']) ?? 'all';
    const word = enough === 'all' || enough === 'any' ? enough : 'of';
    const from = [...path, 'sources'];
    const atLeast = typeof enough === 'string' && /^\d+$/.test(enough) ? Number(enough) : enough;
    const { sources } = group;
    const list = typeof sources === 'string' ? [sources] : sources;
    const members = expression(list, from, word !== 'of');
    const rule = word === 'of' ? { atLeast, of: members } : { [word]: members };
    refuseUnsteady(rule, place, place);
    if (word === 'all' && Array.isArray(members)) {
      refusePatterns(members);
    }
    places.set(
      rule,
      new Map([
        [word, from],
        ['atLeast', place],
      ]),
    );
    return rule;
  }

  function destination(group: string, onExit: unknown) {
    return (value: unknown, path: ConfigPath): string => {
      const settings = destinationOf(value as FileDestination, group, (onExit as OnExit) ?? null, path);
      if (settings.action === 'weight' && (settings.onExit === 'restore' || settings.onExit === 'up')) {
        const message = `'on-exit: ${settings.onExit}' is not available for 'value: weight': the sum is not known when the daemon has ended; use leave or down, which writes 0`;
        faults.push({ path: [...path, 'value'], what: 'value', message });
      }
      const other = destinations.get(settings.id);
      if (other !== undefined && JSON.stringify(other.settings) !== JSON.stringify(settings)) {
        const remedy = settings.action === 'exec' ? '; give each its own name' : '';
        const message = `group '${other.group}' sets ${settings.id} in another way (action or on-exit): they must agree${remedy}`;
        faults.push({ path, what: 'value', message });
      }
      destinations.set(settings.id, { settings, group });
      return settings.id;
    };
  }

  function readGroup(name: string, group: Readonly<Record<string, unknown>>): unknown {
    const path = ['groups', name];
    const { sources, require, destinations: some, 'on-exit': onExit, ...others } = group;
    const list = typeof some === 'string' || isMapping(some) ? [some] : some;
    const place = [...path, 'destinations'];
    const result = {
      require: requirement(group, path),
      ...(list === undefined
        ? {}
        : {
            destinations: Array.isArray(list) ? members(list, place, true, destination(name, onExit)) : list,
          }),
      ...knobs(others),
    };
    if (isMapping(require) && Object.hasOwn(require, 'not') && JSON.stringify(list)?.includes('"weight"')) {
      const message = "'value: weight' needs a requirement with members: a 'not' has no weight";
      faults.push({ path: [...path, 'require'], what: 'value', message });
    }
    if (Object.hasOwn(group, 'sources')) {
      places.set(result, new Map([['require', [...path, 'sources']]]));
    }
    return result;
  }

  const read = Object.entries(isMapping(groups) ? groups : {}).map(([name, group]) => [
    name,
    isMapping(group) ? readGroup(name, group) : group,
  ]);
  const rules: PolicyConfig = { groups: Object.fromEntries(read) };
  const found = patterns.size === 0 ? undefined : { byId: patterns, rules };
  return {
    policy: found === undefined ? rules : matchedRules(found),
    patterns: found,
    destinations: new Map([...destinations].map(([id, { settings }]) => [id, settings])),
    faults,
    filePath(steps) {
      let path: ConfigPath = [];
      // Where nothing matches, each member is at its place.
      let at: unknown = rules;
      for (const step of steps) {
        path = places.get(Object(at))?.get(step) ?? [...path, FILE_KEYS.get(step) ?? step];
        at = Object(at)[step];
      }
      return path;
    },
  };
}

/** Keys and durations in the words of the policy. */
function knobs(group: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(group).map(([key, value]) => {
    const name = POLICY_KEYS.get(key) ?? key;
    if (key === 'dampening') {
      return [name, isMapping(value) ? knobs(value) : (value ?? {})];
    }
    return [name, name.endsWith('Ms') ? (durationOf(value) ?? undefined) : plainValue(value)];
  });
  return Object.fromEntries(entries);
}
