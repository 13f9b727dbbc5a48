import { GREATEST, OPERATORS } from '../knobs.ts';
import type { Gate, GroupSpec, Link } from '../policy.ts';
import { type Reader, unknown } from './reader.ts';

/** A gate being built. */
export interface RawGate extends Gate {
  at: number;
  below: number;
  total: number;
  invert: boolean;
  rank: number;
  group: GroupSpec | null;
  readonly members: Link[];
  readonly parents: Link[];
}

/** What the parser of expressions needs of the rest, and fills. */
export interface Names {
  /** Group numbers, which are also the numbers of their gates. */
  readonly groups: ReadonlyMap<string, number>;
  readonly sources: Map<string, number>;
  readonly gates: RawGate[];
}

/** A gate that passes its only member on. */
export function newGate(): RawGate {
  return { at: 1, below: 1, total: 1, invert: false, members: [], parents: [], rank: 0, group: null };
}

/** A member that is still to be read. */
interface Member {
  readonly gate: RawGate;
  readonly reader: Reader;
  readonly weight: number;
  /** What has been read of the list in which it stands. */
  readonly list: Set<number>;
}

/**
 * Reads a requirement into the gate of its group, in the order in which it is written. No recursion: the depth of an
 * expression has no limit.
 *
 * @returns the numbers of its sources
 */
export function parseRequirement(requirement: Reader, root: RawGate, names: Names): readonly number[] {
  const mentioned = new Set<number>();
  const todo = [{ gate: root, reader: requirement, weight: 1, list: new Set<number>() }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { gate, reader, weight, list } = next;
    let to = leafOf(reader, names);
    if (to === undefined) {
      const inner = reader === requirement ? root : newGate();
      for (const member of membersOf(reader, inner).reverse()) todo.push(member);
      if (inner === root) continue;
      to = ~(names.gates.push(inner) - 1);
    }
    if (list.has(to)) reader.fail('duplicate', 'Is listed twice.');
    list.add(to);
    if (to >= 0) mentioned.add(to);
    gate.members.push({ to, weight });
  }
  return [...mentioned];
}

/** Reads one operator into a gate, and finds its members. */
function membersOf(reader: Reader, gate: RawGate): Member[] {
  const members: Member[] = [];
  const fields = reader.fields();
  if (fields === undefined) return members;
  const operator = OPERATORS.find((name) => name in fields);
  if (operator === undefined) {
    reader.fields(OPERATORS);
    reader.fail('missing-key', `Must have one of ${OPERATORS.join(', ')}.`);
    return members;
  }
  reader.fields(operator === 'atLeast' ? [operator, 'of'] : [operator]);
  const inner = reader.in(operator);
  const list = new Set<number>();
  gate.total = 0;
  const add = (child: Reader, weight = 1): void => {
    members.push({ gate, reader: child, weight, list });
    gate.total += weight;
  };
  const most = (): number => gate.total || GREATEST;
  switch (operator) {
    case 'group':
      inner.name();
      break;
    case 'not':
      add(inner);
      gate.invert = true;
      break;
    case 'weight':
      if (inner.fields(['atLeast', 'below', 'of']) === undefined) break;
      for (const entry of inner.in('of').items()) {
        if (entry.fields(['source', 'weight']) === undefined) continue;
        add(entry.in('source'), entry.in('weight').number([1, GREATEST], 'bad-number', true));
      }
      gate.at = inner.in('atLeast').number([1, most()], 'bad-count', true);
      gate.below = inner.in('below').number([1, gate.at, gate.at], 'bad-count', true);
      break;
    case 'atLeast':
      for (const child of reader.in('of').items()) add(child);
      gate.at = gate.below = countOf(inner, most());
      break;
    default:
      for (const child of inner.items()) add(child);
      if (operator === 'all') gate.at = gate.below = gate.total;
  }
  return members;
}

/** How many members a count or a percentage asks for. */
function countOf(reader: Reader, total: number): number {
  const { value } = reader;
  const percent = typeof value === 'string' ? Number(/^(\d+(\.\d+)?)%$/.exec(value)?.[1]) : 0;
  if (percent > 0 && percent <= 100) return Math.ceil((total * percent) / 100);
  return reader.number([1, total], 'bad-count', true);
}

/** The item of a source or group that is named, or undefined for an expression. An unknown group becomes a gate. */
function leafOf(reader: Reader, { groups, sources, gates }: Names): number | undefined {
  const { value } = reader;
  if (typeof value === 'string') return numberOf(reader.name(), sources);
  if (typeof value !== 'object' || value === null || !('group' in value)) return undefined;
  const { group } = value;
  if (typeof group !== 'string' || Object.keys(value).length > 1) return undefined;
  const number = groups.get(group);
  if (number !== undefined) return ~number;
  reader.in('group').fail('unknown-group', unknown('group', group, [...groups.keys()]));
  return ~(gates.push(newGate()) - 1);
}

/** The number of a name, which is the next one if it is new. */
export function numberOf(name: string, numbers: Map<string, number>): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}
