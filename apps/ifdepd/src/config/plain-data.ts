import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { DEEPEST, TooDeep } from './too-deep.ts';

/** Values that a document may stand for with all its aliases: a few kilobytes of those can stand for gigabytes. */
const MOST_VALUES = 250_000;

/** A fault of the language, and where it stands: characters from the beginning of the text. */
export interface DataFault {
  readonly offset: number;
  readonly message: string;
}

/** A node as plain data: how many values it stands for, and how deeply they are nested. */
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
export function plainData(
  document: Document.Parsed,
  most: number,
): { readonly value: unknown; readonly faults: readonly DataFault[] } {
  const anchors = new Map<string, Plain>();
  const faults: DataFault[] = [];

  function fail(node: Node | null, message: string): void {
    if (faults.length < most) {
      faults.push({ offset: node?.range?.[0] ?? 0, message });
    }
  }

  /** By recursion: what was composed is not deeper than {@link DEEPEST}. */
  function plain(node: Node | null): Plain {
    if (node === null || faults.length >= most) {
      return ABSENT;
    }
    const found = isAlias(node)
      ? anchored(node, node.source)
      : isScalar(node)
        ? scalar(node.value)
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
        size = 1;
      }
      return plainItem.value;
    };
    let value: unknown = null;
    if (isSeq(node)) {
      value = node.items.map(inner);
    } else if (isMap(node)) {
      const entries = new Map<string, unknown>();
      for (const item of node.items) {
        const key = keyOf(item.key as Node | null);
        if (entries.has(key)) {
          fail(item.key as Node, 'Map keys must be unique');
        }
        entries.set(key, inner(item.value));
      }
      value = Object.fromEntries(entries);
    }
    return { value, size, depth: depth + 1 };
  }

  function keyOf(node: Node | null): string {
    const { value } = plain(node);
    if (typeof value === 'object' && value !== null) {
      fail(node, 'a key must be a text, not a list or a mapping');
    }
    return value === null ? '' : String(value);
  }

  return { value: plain(document.contents).value, faults };
}

function scalar(value: unknown): Plain {
  return { value, size: 1, depth: 0 };
}
