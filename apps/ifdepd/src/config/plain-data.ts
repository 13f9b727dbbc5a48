import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { isMapping, OddNumber } from './odd-number.ts';

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
export const MOST_VALUES = 250_000;

/** The prefix of the tags that YAML itself defines, and those of its core schema: all that JSON can express. */
const OF_YAML = 'tag:yaml.org,2002:';
const TAGS = /^(?:!|tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq))$/;

/** A fault of the YAML, and its offset in characters. */
export interface DataFault {
  readonly offset: number;
  readonly message: string;
}

/** Where an entry of a mapping or of a list is written: offsets in characters. */
export interface Place {
  readonly key: number;
  readonly value: number;
  /** A scalar as it is written; '' for anything else. */
  readonly source: string;
}

/** The plain data of a document. */
export interface PlainData {
  /** Undefined where it is too large. */
  readonly value: unknown;
  readonly faults: readonly DataFault[];
  readonly place: Place;
  /** The places of the entries of each mapping and each list in the data, by key. */
  readonly places: WeakMap<object, ReadonlyMap<string, Place>>;
}

/** A node as plain data, with the number of its values and their depth. */
interface Plain {
  readonly value: unknown;
  readonly size: number;
  readonly depth: number;
  readonly source: string;
}

const ABSENT: Plain = { value: null, size: 1, depth: 0, source: '' };

/** Entries of a mapping by their keys. */
type Entries = Map<string, { readonly value: unknown; readonly place: Place }>;

/**
 * The plain data of a document that was composed without faults, as its `toJS()` makes it, within a time in proportion
 * to its length. An alias is the same object as its anchor.
 *
 * @param text of the document
 * @param most faults after which the rest is not looked at
 * @throws {TooDeep}
 */
export function plainData(document: Document.Parsed, text: string, most: number): PlainData {
  const anchors = new Map<string, Plain>();
  const faults: DataFault[] = [];
  const places = new WeakMap<object, ReadonlyMap<string, Place>>();
  let tooLarge = false;

  function fail(node: Node | null, message: string): void {
    if (faults.length < most) {
      faults.push({ offset: offsetOf(node), message });
    }
  }

  /** By recursion: what was composed is not deeper than {@link DEEPEST}. */
  function plain(node: Node | null): Plain {
    if (node === null || tooLarge || faults.length >= most) {
      return ABSENT;
    }
    if (!isAlias(node) && node.tag !== undefined && !TAGS.test(node.tag)) {
      const tag = node.tag.replace(OF_YAML, '!!');
      fail(node, `a tag of YAML, which means nothing here: take ${tag} away`);
      return ABSENT;
    }
    const found = isAlias(node)
      ? anchored(node, node.source)
      : isScalar(node)
        ? scalar(node)
        : collection(node);
    if (found.depth > DEEPEST) {
      throw new TooDeep(offsetOf(node));
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
    const entry = (item: Node | null, key: Node | null) => {
      const { value, source, ...inner } = plain(item);
      size += inner.size;
      depth = Math.max(depth, inner.depth);
      if (size > MOST_VALUES) {
        fail(node, `with its aliases it stands for more than ${MOST_VALUES} values`);
        tooLarge = true;
        size = 1;
      }
      return { value, place: { key: offsetOf(key ?? node), value: offsetOf(item ?? key ?? node), source } };
    };
    if (isSeq(node)) {
      const items = node.items.map((item) => entry(item as Node | null, null));
      const value = items.map((item) => item.value);
      places.set(value, new Map(items.map(({ place }, index) => [String(index), place])));
      return { value, size, depth: depth + 1, source: '' };
    }
    const entries: Entries = new Map();
    const merged: Entries = new Map();
    for (const pair of isMap<Node | null, Node | null>(node) ? node.items : []) {
      if (isMergeKey(pair.key)) {
        merge(pair.value, entry(pair.value, pair.key).value, merged);
        continue;
      }
      const key = keyOf(pair.key);
      if (entries.has(key)) {
        fail(pair.key, 'Map keys must be unique');
      }
      entries.set(key, entry(pair.value, pair.key));
    }
    const all = [...merged, ...entries];
    const value: object = Object.fromEntries(all.map(([key, one]) => [key, one.value]));
    places.set(value, new Map(all.map(([key, one]) => [key, one.place])));
    return { value, size, depth: depth + 1, source: '' };
  }

  /** The keys of one mapping or several: those of the earlier count. */
  function merge(node: Node | null, value: unknown, into: Entries): void {
    if (value === null && isAlias(node)) {
      // The fault was recorded when the alias was looked up.
      return;
    }
    for (const from of Array.isArray(value) ? value : [value]) {
      if (!isMapping(from)) {
        fail(node, "'<<' takes the keys of a mapping (*NAME), or of a list of mappings");
        return;
      }
      for (const [key, place] of places.get(from) ?? []) {
        if (!into.has(key)) {
          into.set(key, { value: from[key], place });
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
      // Its faults further down name it as it is written.
      return text.slice(offsetOf(node), node?.range?.[1]).trim().replace(/\s+/g, ' ');
    }
    return value === null ? '' : String(value);
  }

  const { value, source } = plain(document.contents);
  const offset = offsetOf(document.contents);
  const place = { key: offset, value: offset, source };
  return { value: tooLarge ? undefined : value, faults, place, places };
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** `<<` of YAML 1.1, which many programs read. In quotes it is an ordinary key. */
function isMergeKey(key: unknown): boolean {
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

function scalar({ value, source = '' }: Scalar): Plain {
  const odd = typeof value === 'number' && source !== '' && `${value}` !== source;
  return { value: odd ? new OddNumber(value, source) : value, size: 1, depth: 0, source };
}
