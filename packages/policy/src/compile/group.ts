import { CHOICES, DAMPENING, DELAYS } from '../knobs.ts';
import type { GroupSpec } from '../policy.ts';
import { numberOf, type RawPolicy } from './draft.ts';
import { readRequirement } from './expression.ts';
import { elementsOf, fail, inside, keysOf, nameAt, numbersAt, type Place, TWICE, wordAt } from './place.ts';

/** Reads one group: its requirement into its gate, its destinations into the targets. Returns the rest. */
export function readGroup(place: Place, group: number, policy: RawPolicy): GroupSpec | null {
  const known = ['require', 'destinations', 'dampening', ...Object.keys({ ...CHOICES, ...DELAYS })];
  if (!keysOf(place, known)) return null;
  return {
    sources: readRequirement(inside(place, 'require'), group, policy),
    destinations: readDestinations(place, group, policy),
    ...numbersAt(place, DELAYS),
    dampening: readDampening(inside(place, 'dampening')),
    manual: wordAt(place, 'restore') === 'manual',
  };
}

function readDestinations(
  place: Place,
  group: number,
  { destinations, targets }: RawPolicy,
): readonly number[] {
  const enforce = wordAt(place, 'enforce');
  const raise = wordAt(place, 'raise');
  const seen = new Set<number>();
  const list = inside(place, 'destinations');
  for (const destination of list.value === undefined ? [] : elementsOf(list)) {
    const id = nameAt(destination);
    const number = numberOf(id, destinations);
    targets[number] ??= { id, groups: [], hard: false, always: false, owned: false };
    const target = targets[number];
    if (seen.has(number)) fail(destination, 'duplicate', TWICE);
    seen.add(number);
    target.groups.push(group);
    target.hard ||= enforce !== 'never';
    target.always ||= enforce === 'always';
    target.owned ||= raise === 'owned';
  }
  return [...seen];
}

function readDampening(place: Place): GroupSpec['dampening'] {
  if (place.value === undefined || !keysOf(place, Object.keys(DAMPENING))) return null;
  const knobs = numbersAt(place, DAMPENING);
  if (knobs.reuse >= knobs.suppress) {
    fail(place, 'bad-dampening', `reuse (${knobs.reuse}) must be less than suppress (${knobs.suppress})`);
  }
  return knobs;
}
