import type { DampeningConfig, GroupConfig } from '@ifdepd/policy';
import { type DestinationSettings, ON_EXIT } from '../settings.ts';
import { readDestination } from './read-destination.ts';
import { type Names, readExpression } from './read-expression.ts';
import type { Reader } from './reader.ts';

/** The keys of a group, in the order of the manual page. */
export const GROUP_KEYS = [
  'sources',
  'require',
  'destinations',
  'down-delay',
  'up-delay',
  'start-delay',
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
  const empty = { group: { require: '', destinations: [] }, destinations: [] };
  if (reader.keys(GROUP_KEYS) === undefined) {
    return empty;
  }
  const onExit = reader.has('on-exit') ? reader.in('on-exit').choice(ON_EXIT) : null;
  const destinations = reader
    .in('destinations')
    .items('interface names and destinations', '[carp0, carp1]')
    .map((item) => readDestination(item, onExit));
  const delay = (key: string) => (reader.has(key) ? reader.in(key).duration() : undefined);
  const knobs = {
    downDelayMs: delay('down-delay'),
    upDelayMs: delay('up-delay'),
    startDelayMs: delay('start-delay'),
    dampening: reader.has('dampening') ? readDampening(reader.in('dampening')) : undefined,
    enforce: reader.has('enforce') ? reader.in('enforce').choice(['down', 'always', 'never']) : undefined,
    raise: reader.has('raise') ? reader.in('raise').choice(['always', 'owned']) : undefined,
  };
  const given = Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined));
  const group: GroupConfig = {
    require: readRequirement(reader, names),
    destinations: destinations.map(({ id }) => id),
    ...given,
  };
  return { group, destinations };
}

/** `require`, or `sources`, which is short for all of them. */
function readRequirement(reader: Reader, names: Names): GroupConfig['require'] {
  if (reader.has('require')) {
    if (reader.has('sources')) {
      reader
        .in('sources')
        .fail(
          "'sources' and 'require' exclude each other: 'sources: […]' is short for 'require: {all: […]}'",
          'key',
        );
    }
    return readExpression(reader.in('require'), names);
  }
  if (!reader.has('sources')) {
    reader.fail("must have 'sources' (a list of interfaces) or 'require' (an expression)", 'key');
    return '';
  }
  return {
    all: reader
      .in('sources')
      .items('interface names', '[em0, bge0]')
      .map((item) => readExpression(item, names)),
  };
}

function readDampening(reader: Reader): DampeningConfig {
  if (reader.value === null) {
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
