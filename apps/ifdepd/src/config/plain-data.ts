import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { OddNumber } from './odd-number.ts';

/** Collections within collections, at the most. */
export const DEEPEST = 64;

/** A document that is nested more deeply than {@link DEEPEST}. */
export class TooDeep extends Error {
  /** Characters from the beginning of the text. */
  readonly offset: number;

  constructor(offset: number) {
    super(`it is nested too deeply: there may be ${DEEPEST} levels`);
    this.name = 'TooDeep';
    this.offset = offset;
  }
}

/** Most values of a document, each alias counted in full: a few kilobytes of aliases can mean gigabytes. */
const MOST_VALUES = 250_000;

/** A fault of the YAML, and its offset in characters. */
export interface DataFault {
  readonly offset: number;
  readonly message: string;
}

/** The plain data of a document. */
export interface PlainData {
  /** Undefined where it is too large. */
  readonly value: unknown;
  readonly faults: readonly DataFault[];
}

/** A node as plain data, with the number of its values and their depth. */
interface Plain {
  readonly value: unknown;
  readonly size: number;
  readonly depth: number;
}

const ABSENT: Plain = { value: null, size: 1, depth: 0 };

/**
 * The plain data of a document that was composed without faults, as its `toJS()` makes it, within a time in proportion
 * to its length. An alias is the same object as its anchor.
 *
 * @param most faults after which the rest is not looked at
 * @throws {TooDeep}
 */
export function plainData(document: Document.Parsed, most: number): PlainData {
  const anchors = new Map<string, Plain>();
  const faults: DataFault[] = [];
  let tooLarge = false;

  function fail(node: Node | null, message: string): void {
    if (faults.length < most) {
      faults.push({ offset: node?.range?.[0] ?? 0, message });
    }
  }

  /** By recursion: what was composed is not deeper than {@link DEEPEST}. */
  function plain(node: Node | null): Plain {
    if (node === null || tooLarge || faults.length >= most) {
      return ABSENT;
    }
    const found = isAlias(node)
      ? anchored(node, node.source)
      : isScalar(node)
        ? scalar(node)
        : collection(node);
    if (found.depth > DEEPEST) {
      throw new TooDeep(node.range?.[0] ?? 0);
    }
    if (!isAlias(node) && 'anchor' in node && typeof node.anchor === 'string') {
      anchors.set(node.anchor, found);
    }
    return found;
  }

  function anchored(node: Node, name: string): Plain {
    const found = anchors.get(name);
    if (found === undefined) {
      fail(node, `Unresolved alias (the anchor must be set before the alias): ${name}`);
    }
    return found ?? ABSENT;
  }

  function collection(node: Node): Plain {
    let [size, depth] = [1, 0];
    const inner = (item: unknown): unknown => {
      const plainItem = plain(item as Node | null);
      size += plainItem.size;
      depth = Math.max(depth, plainItem.depth);
      if (size > MOST_VALUES) {
        fail(node, `with its aliases it stands for more than ${MOST_VALUES} values`);
        tooLarge = true;
        size = 1;
      }
      return plainItem.value;
    };
    const entries = new Map<string, unknown>();
    const merged = new Map<string, unknown>();
    let value: unknown = null;
    if (isSeq(node)) {
      value = node.items.map(inner);
    } else if (isMap(node)) {
      for (const item of node.items) {
        if (isMergeKey(item.key)) {
          merge(item.value as Node | null, inner(item.value), merged);
          continue;
        }
        const key = keyOf(item.key as Node | null);
        if (entries.has(key)) {
          fail(item.key as Node, 'Map keys must be unique');
        }
        entries.set(key, inner(item.value));
      }
      value = Object.fromEntries([...merged, ...entries]);
    }
    return { value, size, depth: depth + 1 };
  }

  /** The keys of one mapping or several: those of the earlier count. */
  function merge(node: Node | null, value: unknown, into: Map<string, unknown>): void {
    if (value === null && isAlias(node)) {
      // The fault was recorded when the alias was looked up.
      return;
    }
    for (const from of Array.isArray(value) ? value : [value]) {
      if (typeof from !== 'object' || from === null || Array.isArray(from) || from instanceof OddNumber) {
        fail(node, "'<<' takes the keys of a mapping (*NAME), or of a list of mappings");
        return;
      }
      for (const [key, one] of Object.entries(from)) {
        if (!into.has(key)) {
          into.set(key, one);
        }
      }
    }
  }

  function keyOf(node: Node | null): string {
    const taken = isScalar(node) ? takenFor(node) : null;
    if (taken !== null) {
      const { source = '' } = node as Scalar;
      fail(node, `YAML takes this key for ${taken}; write it in quotes: ${JSON.stringify(source)}`);
      return source;
    }
    const { value } = plain(node);
    if (typeof value === 'object' && value !== null) {
      fail(node, 'a key must be a text, not a list or a mapping');
    }
    return value === null ? '' : String(value);
  }

  const { value } = plain(document.contents);
  return { value: tooLarge ? undefined : value, faults };
}

/** `<<` of YAML 1.1, which many programs read. In quotes it is an ordinary key. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

/** The kind that YAML takes a scalar for, where the value is not what was written; null for all others. */
function takenFor({ value, source = '' }: Scalar): string | null {
  const plain = typeof value === 'string' || source === '' || (value !== null && `${value}` === source);
  return plain ? null : kindOf(value);
}

/** The kind of a scalar that is no text. */
export function kindOf(value: unknown): string {
  return value === null ? 'nothing' : typeof value === 'boolean' ? 'a boolean' : 'a number';
}

function scalar({ value, source }: Scalar): Plain {
  const odd = typeof value === 'number' && source !== undefined && `${value}` !== source;
  return { value: odd ? new OddNumber(value, source) : value, size: 1, depth: 0 };
}
