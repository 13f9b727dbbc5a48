import { GREATEST, OPERATORS } from '../knobs.ts';
import { type Reader, unknown } from './reader.ts';

/** A gate being built. Members are source numbers, or gate numbers as their complement (`~gate`). */
export interface RawGate {
  at: number;
  below: number;
  total: number;
  invert: boolean;
  readonly members: { readonly to: number; readonly weight: number }[];
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
  return { at: 1, below: 1, total: 0, invert: false, members: [] };
}

/**
 * Reads a requirement into the gate of its group. No recursion: the depth of an expression has no limit.
 *
 * @returns the numbers of its sources
 */
export function parseRequirement(requirement: Reader, root: RawGate, names: Names): readonly number[] {
  const mentioned = new Set<number>();
  const todo: [RawGate, Reader][] = [[root, requirement]];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [gate, reader] = next;
    const seen = new Set<number>();
    const member: AddMember = (child, weight = 1, to = leafOf(child, names)) => {
      if (to === undefined) {
        const inner = newGate();
        todo.push([inner, child]);
        to = ~(names.gates.push(inner) - 1);
      } else if (seen.has(to)) {
        child.fail('duplicate', 'Is listed twice.');
      }
      if (to >= 0) mentioned.add(to);
      seen.add(to);
      gate.members.push({ to, weight });
      gate.total += weight;
    };
    const leaf = leafOf(reader, names);
    if (leaf === undefined) fill(gate, reader, member);
    else member(reader, 1, leaf);
  }
  return [...mentioned];
}

type AddMember = (child: Reader, weight?: number, to?: number) => void;

/** Reads one operator into a gate. */
function fill(gate: RawGate, reader: Reader, member: AddMember): void {
  const fields = reader.fields();
  if (fields === undefined) return;
  const operator = OPERATORS.find((name) => name in fields);
  if (operator === undefined) {
    reader.fields(OPERATORS);
    reader.fail('missing-key', `Must have one of ${OPERATORS.join(', ')}.`);
    return;
  }
  reader.fields(operator === 'atLeast' ? [operator, 'of'] : [operator]);
  const inner = reader.in(operator);
  const most = (): number => gate.total || GREATEST;
  switch (operator) {
    case 'group':
      inner.name();
      return;
    case 'not':
      member(inner);
      gate.invert = true;
      return;
    case 'weight':
      if (inner.fields(['atLeast', 'below', 'of']) === undefined) return;
      for (const entry of inner.in('of').items()) {
        if (entry.fields(['source', 'weight']) === undefined) continue;
        member(entry.in('source'), entry.in('weight').number([1, GREATEST], 'bad-number', true));
      }
      gate.at = inner.in('atLeast').number([1, most()], 'bad-count', true);
      gate.below = inner.in('below').number([1, gate.at, gate.at], 'bad-count', true);
      return;
    case 'atLeast':
      for (const child of reader.in('of').items()) member(child);
      gate.at = countOf(inner, most());
      break;
    default:
      for (const child of inner.items()) member(child);
      if (operator === 'all') gate.at = gate.total;
  }
  gate.below = gate.at;
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
  if (typeof value === 'string') {
    const name = reader.name();
    sources.set(name, sources.get(name) ?? sources.size);
    return sources.get(name);
  }
  if (typeof value !== 'object' || value === null || !('group' in value)) return undefined;
  const { group } = value;
  if (typeof group !== 'string' || Object.keys(value).length > 1) return undefined;
  const number = groups.get(group);
  if (number !== undefined) return ~number;
  reader.in('group').fail('unknown-group', unknown('group', group, [...groups.keys()]));
  return ~(gates.push(newGate()) - 1);
}
