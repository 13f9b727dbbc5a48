import { DAMPENING, DELAYS, ENFORCE, RAISE } from '../knobs.ts';
import type { GroupSpec } from '../policy.ts';
import { type Names, parseRequirement, type RawGate } from './expression.ts';
import type { Reader } from './reader.ts';

/** A destination being collected. */
export interface RawTarget {
  readonly id: string;
  readonly number: number;
  readonly groups: number[];
  hard: boolean;
  always: boolean;
  owned: boolean;
}

/** Reads one group: its requirement into `gate`, its destinations into `targets`, the rest into what is returned. */
export function parseGroup(
  reader: Reader,
  name: string,
  index: number,
  gate: RawGate,
  names: Names,
  targets: Map<string, RawTarget>,
): GroupSpec {
  if (name === '') reader.fail('bad-name', 'Must have a name.');
  const known = ['require', 'destinations', 'dampening', 'enforce', 'raise', ...Object.keys(DELAYS)];
  if (reader.fields(known) === undefined) return {} as GroupSpec;
  const delay = (key: keyof typeof DELAYS): number => reader.in(key).number(DELAYS[key], 'bad-duration');
  return {
    name,
    index,
    sources: parseRequirement(reader.in('require'), gate, names),
    destinations: parseDestinations(reader, index, targets),
    downDelayMs: delay('downDelayMs'),
    upDelayMs: delay('upDelayMs'),
    startDelayMs: delay('startDelayMs'),
    dampening: parseDampening(reader.in('dampening')),
  };
}

function parseDestinations(group: Reader, index: number, targets: Map<string, RawTarget>): readonly number[] {
  const enforce = group.in('enforce').choice(ENFORCE);
  const raise = group.in('raise').choice(RAISE);
  const seen = new Set<number>();
  for (const destination of group.in('destinations').items()) {
    const id = destination.name();
    const target = targets.get(id) ?? {
      id,
      number: targets.size,
      groups: [],
      hard: false,
      always: false,
      owned: false,
    };
    if (seen.has(target.number)) destination.fail('duplicate', 'Is listed twice.');
    seen.add(target.number);
    targets.set(id, target);
    target.groups.push(index);
    target.hard ||= enforce !== 'never';
    target.always ||= enforce === 'always';
    target.owned ||= raise === 'owned';
  }
  return [...seen];
}

function parseDampening(reader: Reader): GroupSpec['dampening'] {
  if (reader.value === undefined || reader.fields(Object.keys(DAMPENING)) === undefined) return null;
  const knob = (key: keyof typeof DAMPENING): number =>
    reader.in(key).number(DAMPENING[key], key.endsWith('Ms') ? 'bad-duration' : 'bad-number');
  const knobs = {
    halfLifeMs: knob('halfLifeMs'),
    suppress: knob('suppress'),
    reuse: knob('reuse'),
    maxSuppressMs: knob('maxSuppressMs'),
    penalty: knob('penalty'),
  };
  if (knobs.reuse >= knobs.suppress) reader.fail('bad-dampening', 'Must have reuse under suppress.');
  return knobs;
}
