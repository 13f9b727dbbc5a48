import { GREATEST, OPERATORS } from '../knobs.ts';
import { at } from '../vec.ts';
import { newGate, numberOf, type RawGate, type RawPolicy } from './draft.ts';
import { elementsOf, fail, inside, keysOf, nameAt, numberAt, type Place, unknown } from './place.ts';

/** A member that is still to be read. */
interface Member {
  readonly place: Place;
  readonly weight: number;
}

/** The same with the gate of which it is a member, and what has been read of the list in which it stands. */
interface Todo extends Member {
  readonly gate: number;
  readonly list: Set<number>;
}

/**
 * Reads a requirement into the gate of its group, in the order in which it is written. No recursion: the depth of an
 * expression has no limit.
 *
 * @returns the numbers of its sources
 */
export function readRequirement(requirement: Place, root: number, policy: RawPolicy): readonly number[] {
  const { gates, readers } = policy;
  const mentioned = new Set<number>();
  const todo: Todo[] = [{ place: requirement, weight: 1, gate: root, list: new Set() }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { place, weight, gate, list } = next;
    let item = leafOf(place, policy);
    if (item === undefined) {
      const inner = place === requirement ? root : gates.push(newGate()) - 1;
      const shared = { gate: inner, list: new Set<number>() };
      for (const member of membersOf(place, at(gates, inner)).reverse()) todo.push({ ...member, ...shared });
      if (inner === root) continue;
      item = ~inner;
    }
    if (list.has(item)) fail(place, 'duplicate', 'Is listed twice.');
    list.add(item);
    at(gates, gate).members.push({ to: item, weight });
    const links = gates[~item]?.parents ?? readers[item] ?? [];
    if (item >= 0) {
      mentioned.add(item);
      readers[item] = links;
    }
    links.push({ to: gate, weight });
  }
  return [...mentioned];
}

/** The item of a source or group that is named, or undefined for an expression. An unknown group becomes a gate. */
function leafOf(place: Place, { groups, sources, gates }: RawPolicy): number | undefined {
  const { value } = place;
  if (typeof value === 'string') return numberOf(nameAt(place), sources);
  const { group, ...others } = Object(value);
  if (typeof group !== 'string' || Object.keys(others).length > 0) return undefined;
  const number = groups.get(group);
  if (number !== undefined) return ~number;
  fail(inside(place, 'group'), 'unknown-group', unknown('group', group, [...groups.keys()]));
  return ~(gates.push(newGate()) - 1);
}

/** Reads one operator into a gate, and finds its members. */
function membersOf(place: Place, gate: RawGate): Member[] {
  const keys = keysOf(place);
  if (keys === undefined) return [];
  const operator = OPERATORS.find((name) => keys.includes(name));
  keysOf(
    place,
    operator === undefined ? OPERATORS : operator === 'atLeast' ? [operator, 'below', 'of'] : [operator],
  );
  if (operator === undefined) {
    fail(place, 'missing-key', `Must have one of ${OPERATORS.join(', ')}.`);
    return [];
  }
  const rule = inside(place, operator);
  if (operator === 'weight') return weightedOf(rule, gate);
  let list: readonly Place[] = [];
  if (operator === 'group') nameAt(rule);
  else if (operator === 'not') list = [rule];
  else list = elementsOf(operator === 'atLeast' ? inside(place, 'of') : rule);
  gate.total = list.length;
  gate.invert = operator === 'not';
  if (operator === 'all') gate.at = list.length;
  const below = inside(place, 'below');
  const total = list.length || GREATEST;
  if (operator === 'atLeast') gate.at = countAt(rule, total, total);
  gate.below = operator === 'atLeast' && below.value !== undefined ? countAt(below, total, gate.at) : gate.at;
  return list.map((member) => ({ place: member, weight: 1 }));
}

/** Reads a rule with weights into a gate. */
function weightedOf(rule: Place, gate: RawGate): Member[] {
  if (keysOf(rule, ['atLeast', 'below', 'of']) === undefined) return [];
  const members = elementsOf(inside(rule, 'of'))
    .filter((entry) => keysOf(entry, ['source', 'weight']))
    .map((entry) => ({
      place: inside(entry, 'source'),
      weight: numberAt(inside(entry, 'weight'), [1, GREATEST], 'bad-number', true),
    }));
  gate.total = members.reduce((sum, { weight }) => sum + weight, 0);
  gate.at = numberAt(inside(rule, 'atLeast'), [1, gate.total || GREATEST], 'bad-count', true);
  gate.below = numberAt(inside(rule, 'below'), [1, gate.at, gate.at], 'bad-count', true);
  return members;
}

/** How many of `total` members a count or a percentage asks for; `most` at the most. */
function countAt(place: Place, total: number, most: number): number {
  const { value } = place;
  const percent = typeof value === 'string' ? Number(/^(\d+(\.\d+)?)%$/.exec(value)?.[1]) : 0;
  const count = percent <= 100 ? Math.ceil((total * percent) / 100) : 0;
  return count > 0 && count <= most ? count : numberAt(place, [1, most], 'bad-count', true);
}
