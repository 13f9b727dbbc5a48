import type { AtLeastExpression, DampeningConfig, GroupConfig } from '@ifdepd/policy';
import { readDestination } from './read-destination.ts';
import { type Names, percentage, readExpression, unread } from './read-expression.ts';
import { readMembers } from './read-members.ts';
import type { Reader } from './reader.ts';
import { type DestinationSettings, ON_EXIT } from './settings.ts';

/** The keys of a group, in the order of the manual page. */
export const GROUP_KEYS = [
  'sources',
  'require',
  'destinations',
  'down-delay',
  'up-delay',
  'start-delay',
  'start-hold',
  'dampening',
  'enforce',
  'raise',
  'on-exit',
] as const;

/** What a group is read into. */
export interface ReadGroup {
  readonly group: GroupConfig;
  readonly destinations: readonly DestinationSettings[];
}

/** Reads one group. */
export function readGroup(reader: Reader, names: Names): ReadGroup {
  if (reader.keys(GROUP_KEYS, elsewhere) === undefined) {
    return {
      group: { require: unread(reader), destinations: [unread(reader.in('destinations'))] },
      destinations: [],
    };
  }
  const onExit = reader.has('on-exit') ? reader.in('on-exit').choice(ON_EXIT) : null;
  const destinations = readMembers(
    reader.in('destinations'),
    names,
    'merged',
    (item) => readDestination(item, onExit),
    'interface names and destinations',
    asList,
  );
  const delay = (key: string) => (reader.has(key) ? reader.in(key).duration() : undefined);
  const knobs = {
    downDelayMs: delay('down-delay'),
    upDelayMs: delay('up-delay'),
    startDelayMs: delay('start-delay'),
    startHoldMs: delay('start-hold'),
    dampening: reader.has('dampening') ? readDampening(reader.in('dampening')) : undefined,
    enforce: reader.has('enforce') ? reader.in('enforce').choice(['down', 'always', 'never']) : undefined,
    raise: reader.has('raise') ? reader.in('raise').choice(['always', 'owned']) : undefined,
  };
  const given = Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined));
  const ids = destinations.map(({ id }) => id);
  const group: GroupConfig = {
    require: readRequirement(reader, names),
    // What could not be read is no second mistake of the policy.
    destinations: ids.length === 0 ? [unread(reader.in('destinations'))] : ids,
    ...given,
  };
  return { group, destinations };
}

/** Where a key of the command line belongs in the file. */
function elsewhere(key: string): string | undefined {
  return key === 'action'
    ? 'belongs to a destination: destinations: [{interface: NAME, action: protodown}]'
    : undefined;
}

/** A list as the command line has it, `em0:bge0`, as it is written in the file. */
function asList(text: string): string {
  return `[${text
    .split(/[:,\s]+/)
    .filter(Boolean)
    .join(', ')}]`;
}

/** `require`, or `sources`, which is short for all of them unless `require` says how many of them. */
function readRequirement(reader: Reader, names: Names): GroupConfig['require'] {
  const require = reader.in('require');
  const enough = reader.has('require') ? howMany(require) : undefined;
  if (reader.has('sources')) {
    if (reader.in('sources').has('any') || reader.in('sources').has('all')) {
      reader
        .in('sources')
        .fail("must be a list of interface names; an expression is written under 'require'");
      return unread(reader);
    }
    if (reader.has('require') && enough === undefined) {
      reader
        .in('sources')
        .fail(
          "beside 'sources', 'require' is all, any, a number or a percentage: name the sources in the expression instead, such as 'require: {all: […]}'",
          'key',
        );
    }
    const kept = typeof enough === 'object';
    const sources = readMembers(
      reader.in('sources'),
      names,
      kept ? 'kept' : 'merged',
      (item) => readExpression(item, names),
      'interface names',
      asList,
    );
    const of = sources.length === 0 ? [unread(reader)] : sources;
    return typeof enough === 'object' ? { ...enough, of } : enough === 'any' ? { any: of } : { all: of };
  }
  if (enough !== undefined) {
    const word = String(require.value);
    require.fail(
      `'require: ${word}' needs 'sources', the list of them; an interface of that name is written {all: ["${word}"]}`,
    );
    return unread(require);
  }
  if (reader.has('require')) {
    return readExpression(require, names);
  }
  reader.fail("must have 'sources' (a list of interfaces) or 'require' (an expression)", 'key');
  return unread(reader);
}

/** The words of `--require`: how many of the sources have to be active; undefined for anything else. */
function howMany({ value }: Reader): 'all' | 'any' | Pick<AtLeastExpression, 'atLeast'> | undefined {
  if (value === 'all' || value === 'any') {
    return value;
  }
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const atLeast = /^-?\d+$/.test(text) ? Number(text) : percentage(text);
  return atLeast === undefined ? undefined : { atLeast };
}

function readDampening(reader: Reader): DampeningConfig {
  if (reader.value === null) {
    return {};
  }
  if (reader.written !== undefined || typeof reader.value === 'string') {
    reader.fail(`must be a mapping, and {} is all of the defaults, not ${reader.shown}`);
    return {};
  }
  reader.keys(['half-life', 'suppress', 'reuse', 'max-suppress', 'penalty']);
  const time = (key: string) => (reader.has(key) ? reader.in(key).duration(1) : undefined);
  const points = (key: string) => (reader.has(key) ? reader.in(key).number(1, 1e9, false) : undefined);
  const knobs = {
    halfLifeMs: time('half-life'),
    suppress: points('suppress'),
    reuse: points('reuse'),
    maxSuppressMs: time('max-suppress'),
    penalty: points('penalty'),
  };
  return Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined));
}
