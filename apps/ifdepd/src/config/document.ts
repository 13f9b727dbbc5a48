import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { composeYaml } from './compose-yaml.ts';
import { type ConfigIssue, MOST_ISSUES } from './config-error.ts';
import { type DataFault, isMergeKey, kindOf, plainData, TooDeep } from './plain-data.ts';

/** From the root: `['groups', 'gateway', 'sources', 0]`. */
export type ConfigPath = readonly (string | number)[];

/** A parsed text: plain data, and the position of each piece of it. */
export interface ConfigDocument {
  /** Undefined where the text is broken. */
  readonly value: unknown;
  /** Faults of the YAML. */
  readonly issues: readonly ConfigIssue[];
  /** Line and column of a key or of its value; of the nearest thing around it where it is not there. */
  locate(path: ConfigPath, what: 'key' | 'value'): { readonly line: number; readonly column: number };
  /** The value at a path, for messages. */
  show(path: ConfigPath): Shown;
}

/** A value as a person would call it. */
export interface Shown {
  /** `a list`, `absent`, `"em0"`, `1e3`: a scalar as it is written. */
  readonly words: string;
  /** The kind of a written scalar that YAML does not take for a text: `a number`. */
  readonly taken: string | null;
  /** The text itself; null for anything else. */
  readonly text: string | null;
}

/** Parses YAML 1.2, of which JSON is a part. Never throws. */
export function parseYaml(text: string): ConfigDocument {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const issues = (faults: readonly DataFault[]): readonly ConfigIssue[] =>
    faults.map(({ offset, message }) => ({ ...at(offset), key: '', message }));
  const broken = (faults: readonly DataFault[]): ConfigDocument => ({
    value: undefined,
    issues: issues(faults),
    locate: () => at(0),
    show: () => shown(undefined),
  });
  try {
    const document = composeYaml(text, lines);
    if (document.errors.length > 0) {
      return broken(document.errors.slice(0, MOST_ISSUES).map(faultOf));
    }
    const { value, faults } = plainData(document, MOST_ISSUES);
    return {
      value,
      issues: issues(faults),
      locate: (path, what) => at(find(document, path, what).offset),
      show: (path) => shown(find(document, path, 'value').node),
    };
  } catch (error) {
    const offset = error instanceof TooDeep ? error.offset : 0;
    return broken([{ offset, message: `cannot be parsed: ${errorMessage(error)}` }]);
  }
}

const ONE_DOCUMENT = "there are multiple documents: take this '---' and what follows it away";

function faultOf({ code, message, pos }: Document.Parsed['errors'][number]): DataFault {
  const words = code === 'MULTIPLE_DOCS' ? ONE_DOCUMENT : (message.split('\n')[0] ?? '').trim();
  return { offset: pos[0], message: words };
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The node at a path (undefined if there is none), and the offset of it or of the nearest node around it. */
function find(
  document: Document.Parsed,
  path: ConfigPath,
  what: 'key' | 'value',
): { readonly offset: number; readonly node: Node | null | undefined } {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    const held = resolve(document, node);
    const pair = isMap(held) ? pairOf(document, held, String(step)) : undefined;
    if (pair !== undefined) {
      const key = pair.key as Node;
      const value = pair.value as Node | null;
      offset = (last && what === 'key' ? key : (value ?? key)).range?.[0] ?? key.range?.[0] ?? offset;
      node = value;
    } else if (isSeq(held) && typeof step === 'number') {
      node = (held.items[step] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else {
      return { offset, node: undefined };
    }
  }
  return { offset, node: resolve(document, node) };
}

/** Characters of a text that are shown. */
const MOST_SHOWN = 60;

function shown(node: Node | null | undefined): Shown {
  const words = (plain: string): Shown => ({ words: plain, taken: null, text: null });
  if (node === undefined || isMap(node) || isSeq(node)) {
    return words(node === undefined ? 'absent' : isMap(node) ? 'a mapping' : 'a list');
  }
  const { value = null, source = '' } = isScalar(node) ? node : {};
  if (typeof value === 'string') {
    const quoted = JSON.stringify(value);
    const cut = quoted.length > MOST_SHOWN ? `${quoted.slice(0, MOST_SHOWN - 1)}…` : quoted;
    return { words: cut, taken: null, text: value };
  }
  return source === '' ? words('empty') : { words: source, taken: kindOf(value), text: null };
}

/** The entry of a key, its own or one that it takes from elsewhere. */
function pairOf(
  document: Document.Parsed,
  map: YAMLMap,
  step: string,
  seen: Set<Node> = new Set(),
): Pair | undefined {
  // A mapping that merges itself was refused, and is searched all the same.
  if (seen.has(map)) {
    return undefined;
  }
  seen.add(map);
  const own = entriesOf(map).get(step);
  if (own !== undefined) {
    return own;
  }
  for (const { value } of map.items.filter(({ key }) => isMergeKey(key))) {
    const from = resolve(document, value as Node | null);
    for (const one of isSeq(from) ? from.items : [from]) {
      const inner = resolve(document, one as Node | null);
      const found = isMap(inner) ? pairOf(document, inner, step, seen) : undefined;
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

const known = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** The entries of a mapping by their keys; one that YAML took for something else goes by what was written, too. */
function entriesOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const entries = known.get(map) ?? new Map<string, Pair>();
  if (!known.has(map)) {
    known.set(map, entries);
    for (const pair of map.items) {
      if (isScalar(pair.key) && !isMergeKey(pair.key)) {
        const { value, source = '' } = pair.key;
        (entries as Map<string, Pair>).set(source, pair).set(String(value ?? ''), pair);
      }
    }
  }
  return entries;
}

function resolve(document: Document.Parsed, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}
