import type { Expression, WeightedSource } from '@ifdepd/policy';
import { interfaceOrVhidFault } from '../interface-or-vhid.ts';
import { someOf, suggestion } from '../nearest.ts';
import { type Reader, show } from './reader.ts';

/** What an expression may name. */
export interface Names {
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

/** An interface name; '' where it is none, noted. */
export function readInterface(reader: Reader): string {
  const name = reader.text('an interface name');
  const fault = name === '' ? null : interfaceOrVhidFault(name);
  if (fault !== null) {
    reader.fail(fault);
  } else if (name.includes(':')) {
    reader.fail(
      `an interface name has no ':'; give a list for several, and not the label of an address alias`,
    );
  }
  return name;
}

/** What must hold. Whatever is wrong is noted, and something harmless takes its place. */
export function readExpression(reader: Reader, names: Names): Expression {
  if (typeof reader.value === 'string') {
    return readInterface(reader);
  }
  const operator = OPERATORS.find((name) => reader.has(name));
  if (operator === undefined) {
    if (!isMapping(reader.value) || reader.keys([...OPERATORS])?.length === 0) {
      reader.fail(`must be ${FORM}, not ${show(reader.value)}`);
    }
    return '';
  }
  reader.keys(operator === 'at-least' ? ['at-least', 'of'] : [operator]);
  return readOperator(operator, reader, names);
}

function readOperator(operator: Operator, reader: Reader, names: Names): Expression {
  const inner = reader.in(operator);
  switch (operator) {
    case 'all':
      return { all: readMembers(inner, names) };
    case 'any':
      return { any: readMembers(inner, names) };
    case 'not':
      return { not: readExpression(inner, names) };
    case 'at-least': {
      const of = readMembers(reader.in('of'), names);
      return { atLeast: readCount(inner, of.length), of };
    }
    case 'weight':
      return readWeight(inner, names);
    case 'group':
      return { group: readReference(inner, 'group', names.groups) };
    case 'check':
      return checkId(readReference(inner, 'check', names.checks));
  }
}

function readMembers(reader: Reader, names: Names): readonly Expression[] {
  return reader.items('interface names and expressions').map((item) => readExpression(item, names));
}

/** A count from 1 to `total`, or a percentage. */
function readCount(reader: Reader, total: number): number | `${number}%` {
  const percent = typeof reader.value === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(reader.value)?.[1] : undefined;
  if (percent !== undefined && Number(percent) > 0 && Number(percent) <= 100) {
    return `${Number(percent)}%`;
  }
  if (typeof reader.value === 'string') {
    reader.fail(`must be a whole number from 1 to ${total}, or a percentage such as "50%"`);
    return 1;
  }
  return reader.number(1, Math.max(1, total));
}

function readWeight(reader: Reader, names: Names): Expression {
  reader.keys(['at-least', 'below', 'of']);
  const of = reader
    .in('of')
    .items('mappings with source and weight')
    .map((item): WeightedSource => {
      item.keys(['source', 'weight']);
      return {
        source: readExpression(item.in('source'), names),
        weight: item.in('weight').number(1, GREATEST),
      };
    });
  const total = Math.max(
    1,
    of.reduce((sum, { weight }) => sum + weight, 0),
  );
  const atLeast = reader.in('at-least').number(1, total);
  const below = reader.has('below') ? { below: reader.in('below').number(1, atLeast) } : {};
  return { weight: { atLeast, ...below, of } };
}

function readReference(reader: Reader, kind: string, known: ReadonlySet<string>): string {
  const name = reader.text(`the name of a ${kind}`);
  if (name !== '' && !known.has(name)) {
    const hint =
      suggestion(name, known) || (known.size > 0 ? `; there are: ${someOf(known)}` : '; there are none');
    reader.fail(`there is no ${kind} '${name}'${hint}`);
  }
  return name;
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
