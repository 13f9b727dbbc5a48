import { DAMPENING, DELAYS, ENFORCE, RAISE } from '../knobs.ts';
import type { GroupSpec, Target } from '../policy.ts';
import { type Names, numberOf, parseRequirement, type RawGate } from './expression.ts';
import type { Reader } from './reader.ts';

/** A destination being collected. */
export interface RawTarget extends Target {
  readonly groups: number[];
  hard: boolean;
  always: boolean;
  owned: boolean;
}

/** Destinations by number, and their numbers by id. */
export interface Targets {
  readonly numbers: Map<string, number>;
  readonly list: RawTarget[];
}

/** Reads one group: its requirement into `gate`, its destinations into `targets`, the rest into what is returned. */
export function parseGroup(
  reader: Reader,
  name: string,
  index: number,
  gate: RawGate,
  names: Names,
  targets: Targets,
): GroupSpec | null {
  if (name === '') reader.fail('bad-name', 'Must have a name.');
  const known = ['require', 'destinations', 'dampening', 'enforce', 'raise', ...Object.keys(DELAYS)];
  if (reader.fields(known) === undefined) return null;
  return {
    sources: parseRequirement(reader.in('require'), gate, names),
    destinations: parseDestinations(reader, index, targets),
    ...reader.numbers(DELAYS),
    dampening: parseDampening(reader.in('dampening')),
  };
}

function parseDestinations(group: Reader, index: number, { numbers, list }: Targets): readonly number[] {
  const enforce = group.in('enforce').choice(ENFORCE);
  const raise = group.in('raise').choice(RAISE);
  const seen = new Set<number>();
  for (const destination of group.in('destinations').items()) {
    const id = destination.name();
    const number = numberOf(id, numbers);
    list[number] ??= { id, groups: [], hard: false, always: false, owned: false };
    const target = list[number];
    if (seen.has(number)) destination.fail('duplicate', 'Is listed twice.');
    seen.add(number);
    target.groups.push(index);
    target.hard ||= enforce !== 'never';
    target.always ||= enforce === 'always';
    target.owned ||= raise === 'owned';
  }
  return [...seen];
}

function parseDampening(reader: Reader): GroupSpec['dampening'] {
  if (reader.value === undefined || reader.fields(Object.keys(DAMPENING)) === undefined) return null;
  const knobs = reader.numbers(DAMPENING);
  if (knobs.reuse >= knobs.suppress) reader.fail('bad-dampening', 'Must have reuse under suppress.');
  return knobs;
}
