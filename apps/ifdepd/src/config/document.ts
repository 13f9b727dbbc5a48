import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import type { ConfigIssue } from './config-error.ts';

/** From the root: `['groups', 'gateway', 'sources', 0]`. */
export type ConfigPath = readonly (string | number)[];

/** A text that was parsed: plain data, and where each piece of it stands. */
export interface ConfigDocument {
  readonly value: unknown;
  /** Faults of the language: nothing else is worth reading where there are any. */
  readonly issues: readonly ConfigIssue[];
  /** Line and column of a key or of its value; of the nearest thing around it where it is not there. */
  locate(path: ConfigPath, what: 'key' | 'value'): { readonly line: number; readonly column: number };
}

/** Aliases that one document may expand to: a few kilobytes of them can stand for gigabytes. */
const MOST_ALIASES = 100;

/** Parses YAML 1.2, of which JSON is a part. Never throws. */
export function parseYaml(text: string): ConfigDocument {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const broken = (message: string, offset = 0): ConfigDocument => ({
    value: undefined,
    issues: [{ ...at(offset), key: '', message }],
    locate: () => at(0),
  });
  let document: Document.Parsed;
  try {
    // What `yaml` would warn of on standard error is told as a fault, by whoever reads the value.
    const options = { lineCounter: lines, prettyErrors: false, version: '1.2', logLevel: 'error' } as const;
    document = parseDocument(text, options);
  } catch (error) {
    return broken(
      `cannot be parsed: ${error instanceof RangeError ? 'it is nested too deeply' : String(error)}`,
    );
  }
  if (document.errors.length > 0) {
    const issues = document.errors.map(({ code, message, pos }) => ({
      ...at(pos[0]),
      key: '',
      message: code === 'MULTIPLE_DOCS' ? ONE_DOCUMENT : plainly(message),
    }));
    return { value: undefined, issues, locate: () => at(0) };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    return broken(error instanceof Error ? plainly(error.message) : String(error));
  }
  return { value, issues: [], locate: (path, what) => at(offsetOf(document, path, what)) };
}

const ONE_DOCUMENT = "there are multiple documents: take this '---' and what follows it away";

function plainly(message: string): string {
  return (message.split('\n')[0] ?? '').trim();
}

function offsetOf(document: Document.Parsed, path: ConfigPath, what: 'key' | 'value'): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    const held = resolve(document, node);
    if (isMap(held)) {
      const pair = held.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
      );
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

function resolve(document: Document.Parsed, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}
