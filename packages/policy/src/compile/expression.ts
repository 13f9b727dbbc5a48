import { GREATEST, OPERATORS } from '../knobs.ts';
import { at } from '../vec.ts';
import { newGate, numberOf, type RawGate, type RawPolicy } from './draft.ts';
import { elementsOf, fail, inside, keysOf, mustBe, nameAt, type Place, TWICE, unknown } from './place.ts';

/** The keys of a rule with a threshold. */
const THRESHOLD = ['atLeast', 'below', 'of'];

/** A member that is still to be read. */
interface Member {
  readonly place: Place;
  readonly weight: number;
}

/** A member with its gate, and the items of its list so far. */
interface Todo extends Member {
  readonly gate: number;
  readonly list: Set<number>;
}

/**
 * Reads a requirement into the gate of its group, in the order of its text. No recursion: the depth of an expression has no
 * limit.
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
    if (list.has(item)) fail(place, 'duplicate', TWICE);
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

/** The item of a named source or group; undefined for an expression. An unknown group becomes a gate. */
function leafOf(place: Place, { groups, sources, gates }: RawPolicy): number | undefined {
  const { value } = place;
  if (typeof value === 'string') return numberOf(nameAt(place), sources);
  const { group, ...others } = Object(value);
  if (typeof group !== 'string' || Object.keys(others).length > 0) return undefined;
  let number = groups.get(group);
  if (number === undefined) {
    fail(inside(place, 'group'), 'unknown-group', unknown('group', group, [...groups.keys()]));
    number = gates.push(newGate()) - 1;
  }
  return ~number;
}

/** Reads one operator into a gate, and finds its members. */
function membersOf(place: Place, gate: RawGate): Member[] {
  const wanted = `the name of a source or an object with one of ${OPERATORS.join(', ')}`;
  const keys = keysOf(place, undefined, wanted);
  if (keys === undefined) return [];
  const [operator, ...others] = OPERATORS.filter((name) => keys.includes(name));
  if (operator === undefined) {
    if (keys.length === 0) mustBe(place, wanted, 'missing-key');
    keysOf(place, OPERATORS);
    return [];
  }
  const counts = operator === 'atLeast';
  keysOf(place, [...(counts ? THRESHOLD : [operator]), ...others]);
  for (const other of others) {
    fail(inside(place, other), 'unknown-key', `cannot stand beside ${operator}; nest one in the other`);
  }
  const rule = inside(place, operator);
  if (counts) return thresholdOf(place, gate, false);
  if (operator === 'weight') return keysOf(rule, THRESHOLD) ? thresholdOf(rule, gate, true) : [];
  if (operator === 'group') nameAt(rule);
  gate.invert = operator === 'not';
  const list = operator === 'group' ? [] : gate.invert ? [rule] : elementsOf(rule);
  gate.total = list.length;
  if (operator === 'all') gate.at = gate.below = list.length;
  return list.map((member) => ({ place: member, weight: 1 }));
}

/** Reads {@link THRESHOLD} into a gate. */
function thresholdOf(rule: Place, gate: RawGate, weighted: boolean): Member[] {
  const entries = elementsOf(inside(rule, 'of'));
  const members = entries
    .filter((entry) => !weighted || keysOf(entry, ['source', 'weight']))
    .map((entry) => ({
      place: weighted ? inside(entry, 'source') : entry,
      weight: weighted ? countAt(inside(entry, 'weight'), true, GREATEST, GREATEST, '') : 1,
    }));
  gate.total = members.reduce((sum, { weight }) => sum + weight, 0);
  // If a part of the list could not be read, the total is not known: one mistake must not cause a second issue.
  const total = (members.length === entries.length && gate.total) || GREATEST;
  const atLeast = inside(rule, 'atLeast');
  const below = inside(rule, 'below');
  gate.at = countAt(atLeast, weighted, total, total, weighted ? ' (the sum of the weights)' : '');
  gate.below =
    below.value === undefined
      ? gate.at
      : countAt(below, weighted, total, gate.at || total, ' (the upper threshold)');
  return members;
}

/**
 * The value of a count, or of a percentage of a total unless weighted: 1 to `most`. NaN, with an issue, for anything else.
 *
 * @param hint for the message: what `most` is; '' if it is the number of sources
 */
function countAt(place: Place, weighted: boolean, total: number, most: number, hint: string): number {
  const { value } = place;
  const percent = typeof value === 'string' && !weighted && /^(\d+(\.\d+)?)%$/.exec(value);
  const count = percent ? Math.ceil((total * Number(percent[1])) / 100) : value;
  if (typeof count === 'number' && count > 0 && count <= most && count % 1 === 0) return count;
  const wanted = `${most > 1 ? `a whole number from 1 to ${most}` : 1}${hint}${weighted ? '' : ', or a percentage'}`;
  if (typeof value === 'number' && value > total && !weighted && hint === '') {
    const have = total > 1 ? `are only ${total} sources` : 'is only 1 source';
    fail(place, 'bad-count', `there ${have}; use all, any, ${wanted}`);
  } else mustBe(place, weighted ? wanted : `${wanted} up to 100%`, 'bad-count');
  return Number.NaN;
}
