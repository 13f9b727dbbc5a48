import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { composeYaml } from './compose-yaml.ts';
import { type ConfigIssue, MOST_ISSUES } from './config-error.ts';
import { type DataFault, isMergeKey, plainData } from './plain-data.ts';
import { TooDeep } from './too-deep.ts';

/** From the root: `['groups', 'gateway', 'sources', 0]`. */
export type ConfigPath = readonly (string | number)[];

/** A text that was parsed: plain data, and where each piece of it stands. */
export interface ConfigDocument {
  /** Undefined where it is not worth reading. */
  readonly value: unknown;
  /** Faults of the language. */
  readonly issues: readonly ConfigIssue[];
  /** Line and column of a key or of its value; of the nearest thing around it where it is not there. */
  locate(path: ConfigPath, what: 'key' | 'value'): { readonly line: number; readonly column: number };
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
      locate: (path, what) => at(offsetOf(document, path, what)),
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

function offsetOf(document: Document.Parsed, path: ConfigPath, what: 'key' | 'value'): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    const held = resolve(document, node);
    if (isMap(held)) {
      const pair = pairOf(document, held, String(step));
      if (pair === undefined) {
        return offset;
      }
      const key = pair.key as Node;
      const value = pair.value as Node | null;
      offset = (last && what === 'key' ? key : (value ?? key)).range?.[0] ?? key.range?.[0] ?? offset;
      node = value;
    } else if (isSeq(held) && typeof step === 'number') {
      node = (held.items[step] as Node | undefined) ?? null;
      offset = node?.range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

/** The entry of a key, its own or one that it takes from elsewhere. */
function pairOf(
  document: Document.Parsed,
  map: YAMLMap,
  step: string,
  seen: Set<Node> = new Set(),
): Pair | undefined {
  // One that takes its keys from itself was refused, and is looked at all the same.
  if (seen.has(map)) {
    return undefined;
  }
  seen.add(map);
  const own = map.items.findLast(({ key }) => isScalar(key) && !isMergeKey(key) && isCalled(key, step));
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

/** A key that YAML took for something else goes by what was written. */
function isCalled({ value, source }: Scalar, name: string): boolean {
  return String(value ?? '') === name || source === name;
}

function resolve(document: Document.Parsed, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}
