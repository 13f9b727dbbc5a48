import type { Expression, WeightedSource } from '@ifdepd/policy';
import { interfaceOrVhidFault } from './interface-or-vhid.ts';
import { someOf, suggestion } from './nearest.ts';
import { type Members, readMembers } from './read-members.ts';
import type { Reader } from './reader.ts';

/** What an expression may name, and what became of its lists. */
export interface Names extends Members {
  readonly groups: ReadonlySet<string>;
  readonly checks: ReadonlySet<string>;
}

const OPERATORS = ['all', 'any', 'not', 'at-least', 'weight', 'group', 'check'] as const;
type Operator = (typeof OPERATORS)[number];
const FORM = `an interface name or a mapping with one of ${OPERATORS.join(', ')}`;
const GREATEST = 1e9;

/** The id of a check as a source: no interface name has a ':'. */
export function checkId(name: string): string {
  return `check:${name}`;
}

/** What stands in the policy for something that could not be read: of its own, so that nothing else is wrong with it. */
export function unread({ path }: Reader): string {
  return `unread:${path.join('.')}`;
}

/** An interface name; {@link unread} where it is none, noted. */
export function readInterface(reader: Reader): string {
  const name = reader.text('an interface name');
  const fault = name === '' ? '' : interfaceOrVhidFault(name);
  if (fault !== null && fault !== '') {
    reader.fail(fault);
  }
  return fault === null ? name : unread(reader);
}

/** What must hold. Whatever is wrong is noted, and something harmless takes its place. */
export function readExpression(reader: Reader, names: Names): Expression {
  if (typeof reader.value === 'string' || reader.written !== undefined) {
    return readInterface(reader);
  }
  const operator = OPERATORS.find((name) => reader.has(name));
  if (operator === undefined) {
    if (!isMapping(reader.value) || reader.keys([...OPERATORS])?.length === 0) {
      const way = Array.isArray(reader.value) ? '; write {all: […]} or {any: […]}' : '';
      reader.fail(`must be ${FORM}, not ${reader.shown}${way}`);
    }
    return unread(reader);
  }
  reader.keys(operator === 'at-least' ? ['at-least', 'below', 'of'] : [operator]);
  return readOperator(operator, reader, names);
}

function readOperator(operator: Operator, reader: Reader, names: Names): Expression {
  const inner = reader.in(operator);
  const members = (list: Reader, equal: 'merged' | 'kept'): readonly Expression[] => {
    const found = readMembers(list, names, equal, (item) => readExpression(item, names));
    return found.length === 0 ? [unread(list)] : found;
  };
  switch (operator) {
    case 'all':
      return { all: members(inner, 'merged') };
    case 'any':
      return { any: members(inner, 'merged') };
    case 'not':
      return { not: readExpression(inner, names) };
    case 'at-least': {
      const noted = reader.noted;
      const of = members(reader.in('of'), 'kept');
      const atLeast = readCount(inner);
      const below = reader.has('below') ? readCount(reader.in('below')) : undefined;
      // How many would be enough is judged with the list, where that could be read.
      return reader.noted > noted
        ? unread(reader)
        : { atLeast, ...(below === undefined ? {} : { below }), of };
    }
    case 'weight':
      return readWeight(inner, names);
    case 'group': {
      const name = readReference(inner, 'group', names.groups);
      return name === null ? unread(inner) : { group: name };
    }
    case 'check': {
      const name = readReference(inner, 'check', names.checks);
      return name === null ? unread(inner) : checkId(name);
    }
  }
}

/** A percentage above 0 up to 100, as the policy takes it; undefined where a text is none. */
export function percentage(text: string): `${number}%` | undefined {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]);
  return percent > 0 && percent <= 100 ? `${percent}%` : undefined;
}

/** A count, which the policy compares with the list, or a percentage. */
function readCount(reader: Reader): number | `${number}%` {
  const { value } = reader;
  if (typeof value === 'number' && Number.isInteger(value)) {
    return value;
  }
  const percent = typeof value === 'string' ? percentage(value) : undefined;
  if (percent === undefined) {
    reader.fail(`must be a whole number, 1 or more, or a percentage such as "50%", not ${reader.shown}`);
  }
  return percent ?? 1;
}

function readWeight(reader: Reader, names: Names): Expression {
  const { noted } = reader;
  reader.keys(['at-least', 'below', 'of']);
  const of = readMembers(
    reader.in('of'),
    names,
    'kept',
    (item): WeightedSource => {
      item.keys(['source', 'weight']);
      return {
        source: readExpression(item.in('source'), names),
        weight: item.in('weight').number(1, GREATEST),
      };
    },
    'mappings with source and weight',
  );
  const atLeast = reader.in('at-least').number(1, GREATEST);
  const below = reader.has('below') ? { below: reader.in('below').number(1, GREATEST) } : {};
  return reader.noted > noted ? unread(reader) : { weight: { atLeast, ...below, of } };
}

/** Null where there is none of that name, noted. */
function readReference(reader: Reader, kind: string, known: ReadonlySet<string>): string | null {
  const name = reader.text(`the name of a ${kind}`);
  if (name === '' || known.has(name)) {
    return name === '' ? null : name;
  }
  const hint =
    suggestion(name, known) || (known.size > 0 ? `; there are: ${someOf(known)}` : '; there are none');
  reader.fail(`there is no ${kind} '${name}'${hint}`);
  return null;
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
