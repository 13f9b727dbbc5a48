import { LARGEST, OPERATORS, WEIGHT_KEYS, WEIGHTED_KEYS } from '../knobs.ts';
import { asId, asList, asNumber, asRecord, checkKeys, checkTwice, quote, show } from './checks.ts';
import type { IssuePath, Report } from './issue.ts';
import { nearest } from './nearest.ts';

/** A gate being built; members are source numbers, or gate numbers as their complement (`~gate`). */
export interface RawGate {
  at: number;
  below: number;
  total: number;
  invert: boolean;
  label: string;
  readonly members: { readonly to: number; readonly weight: number }[];
}

/** What the parser of expressions needs to know of the rest, and fills. */
export interface Names {
  readonly report: Report;
  /** Group numbers, which are also the numbers of their gates. */
  readonly groups: ReadonlyMap<string, number>;
  readonly sources: Map<string, number>;
  readonly gates: RawGate[];
}

/** What one requirement mentions. */
export interface Mentions {
  readonly sources: Set<number>;
  readonly groups: Set<number>;
}

/** A gate that passes its only member on. */
export function newGate(): RawGate {
  return { at: 1, below: 1, total: 0, invert: false, label: '', members: [] };
}

interface Todo {
  readonly value: unknown;
  readonly gate: RawGate;
  readonly path: IssuePath;
}

/** Reads a requirement into the gate of its group. No recursion: the depth of an expression is nobody's limit. */
export function parseRequirement(value: unknown, root: RawGate, path: IssuePath, names: Names): Mentions {
  const mentions: Mentions = { sources: new Set(), groups: new Set() };
  const todo: Todo[] = [{ value, gate: root, path }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) fill(next, names, mentions, todo);
  return mentions;
}

/** Gives a gate its rule and members; members that are expressions become gates to be filled later. */
function fill({ value, gate, path }: Todo, names: Names, mentions: Mentions, todo: Todo[]): void {
  const { report } = names;
  const leaf = leafOf(value, path, names, mentions);
  if (leaf !== undefined) {
    addMember(gate, leaf, 1);
    return;
  }
  const record = asRecord(value, path, 'An expression (a source name or an object)', report);
  if (record === undefined) return;
  const operators = Object.keys(OPERATORS) as (keyof typeof OPERATORS)[];
  const operator = operators.find((name) => record[name] !== undefined);
  if (operator === undefined) {
    checkKeys(record, [...operators, 'of'], path, report);
    report('missing-key', path, `An expression needs one of ${operators.join(', ')}.`);
    return;
  }
  checkKeys(record, [operator, ...OPERATORS[operator]], path, report);
  if (operator === 'group') {
    asId(record[operator], [...path, operator], 'A group', report);
    return;
  }

  const seen = new Set<number>();
  const member = (child: unknown, weight: number, childPath: IssuePath): void => {
    let item = leafOf(child, childPath, names, mentions, seen);
    if (item === undefined) {
      const childGate = newGate();
      item = ~(names.gates.push(childGate) - 1);
      todo.push({ value: child, gate: childGate, path: childPath });
    }
    addMember(gate, item, weight);
  };
  const members = (list: unknown, key: string): void => {
    asList(list, [...path, key], quote(key), report)?.forEach((child, i) => {
      member(child, 1, [...path, key, i]);
    });
  };

  if (operator === 'not') {
    member(record['not'], 1, [...path, 'not']);
    gate.invert = true;
    gate.label = 'not';
  } else if (operator === 'atLeast') {
    members(record['of'], 'of');
    const { atLeast } = record;
    gate.at = gate.below = countOf(atLeast, gate.total, [...path, operator], report);
    gate.label = `at least ${typeof atLeast === 'string' ? `${atLeast} (${gate.at})` : gate.at} of ${gate.total}`;
  } else if (operator === 'weight') {
    fillWeight(record['weight'], gate, [...path, operator], member, report);
  } else {
    members(record[operator], operator);
    if (operator === 'all') gate.at = gate.below = gate.total;
    gate.label = operator;
  }
}

function fillWeight(
  value: unknown,
  gate: RawGate,
  path: IssuePath,
  member: (child: unknown, weight: number, path: IssuePath) => void,
  report: Report,
): void {
  const rule = asRecord(value, path, 'A weight rule', report);
  if (rule === undefined) return;
  checkKeys(rule, WEIGHT_KEYS, path, report);
  asList(rule['of'], [...path, 'of'], '"of"', report)?.forEach((entry, i) => {
    const here = [...path, 'of', i];
    const record = asRecord(entry, here, 'A member of a weight rule', report);
    if (record === undefined) return;
    checkKeys(record, WEIGHTED_KEYS, here, report);
    const weight = asNumber(record['weight'], undefined, [...here, 'weight'], report, true);
    member(record['source'], weight, [...here, 'source']);
  });
  gate.at = asNumber(rule['atLeast'], undefined, [...path, 'atLeast'], report, true);
  gate.below = asNumber(rule['below'], gate.at, [...path, 'below'], report, true);
  gate.label = `weight at least ${gate.at}${gate.below < gate.at ? `, fails below ${gate.below}` : ''}`;
  if (gate.at > gate.total && gate.total > 0) {
    report(
      'bad-count',
      [...path, 'atLeast'],
      `At least ${gate.at} of a total weight of ${gate.total} cannot be.`,
    );
  }
  if (gate.below > gate.at) {
    report('bad-count', [...path, 'below'], `Must not be above atLeast (${gate.at}), and is ${gate.below}.`);
  }
}

function addMember(gate: RawGate, to: number, weight: number): void {
  gate.members.push({ to, weight });
  gate.total += weight;
}

/** The item of a source name or of a group; undefined for everything else. */
function leafOf(
  value: unknown,
  path: IssuePath,
  { report, groups, sources, gates }: Names,
  mentions: Mentions,
  seen: Set<number> = new Set(),
): number | undefined {
  if (typeof value === 'string') {
    asId(value, path, 'A source', report);
    const source = sources.get(value) ?? sources.size;
    sources.set(value, source);
    mentions.sources.add(source);
    checkTwice(source, value, seen, path, report);
    return source;
  }
  if (typeof value !== 'object' || value === null || !('group' in value)) return undefined;
  const { group } = value;
  if (typeof group !== 'string' || Object.keys(value).length > 1) return undefined;
  const number = groups.get(group);
  if (number === undefined) {
    const near = nearest(group, [...groups.keys()]);
    const hint = near === undefined ? '' : ` (did you mean ${quote(near)}?)`;
    report('unknown-group', [...path, 'group'], `There is no group ${quote(group)}${hint}.`);
    return ~(gates.push(newGate()) - 1);
  }
  mentions.groups.add(number);
  checkTwice(~number, group, seen, path, report);
  return ~number;
}

/** How many members a count or a percentage asks for; 1 after a report. */
function countOf(value: unknown, total: number, path: IssuePath, report: Report): number {
  const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1] : undefined;
  if (percent !== undefined) {
    if (Number(percent) > 0 && Number(percent) <= 100) return Math.ceil((total * Number(percent)) / 100);
  } else if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST) {
    if (value <= total || total === 0) return value;
    report('bad-count', path, `At least ${value} of ${total} cannot be.`);
    return 1;
  }
  report(
    'bad-count',
    path,
    `Must be a whole number from 1, or a percentage up to "100%", not ${show(value)}.`,
  );
  return 1;
}
