import { type Document, LineCounter } from 'yaml';
import { composeYaml } from './compose-yaml.ts';
import { type ConfigIssue, MOST_ISSUES } from './config-error.ts';
import { isMapping } from './odd-number.ts';
import { type DataFault, kindOf, type Place, type PlainData, plainData, TooDeep } from './plain-data.ts';
import { plainJson } from './plain-json.ts';

/** From the root: `['groups', 'gateway', 'sources', 0]`. */
export type ConfigPath = readonly (string | number)[];

/** A place in a file; `file` only where it is an included one. */
export type Position = Pick<ConfigIssue, 'file' | 'line' | 'column'>;

/** A parsed text: plain data, and the position of each piece of it. */
export interface ConfigDocument {
  /** Undefined where the text is broken. */
  readonly value: unknown;
  /** Faults of the YAML. */
  readonly issues: readonly ConfigIssue[];
  /** Line and column of a key or of its value; of the nearest thing around it where it is not there. */
  locate(path: ConfigPath, what: 'key' | 'value'): Position;
  /** The value at a path, for messages. */
  show(path: ConfigPath): Shown;
}

/** A value as a person would call it. */
export interface Shown {
  /** `a list`, `absent`, `"em0"`, `1e3`: a scalar as it is written. */
  readonly words: string;
  /** The kind of a written scalar that YAML does not take for a text: `a number`. */
  readonly taken?: string;
  /** The text itself; left out for anything else. */
  readonly text?: string;
}

/** Parses YAML 1.2, of which JSON is a part. Never throws. */
export function parseYaml(text: string): ConfigDocument {
  const value = plainJson(text);
  if (value === undefined) {
    return readYaml(text);
  }
  // Positions are only for mistakes.
  let yaml: ConfigDocument | undefined;
  const document = () => (yaml ??= readYaml(text));
  return {
    value,
    issues: [],
    locate: (path, what) => document().locate(path, what),
    show: (path) => document().show(path),
  };
}

function readYaml(text: string): ConfigDocument {
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
    show: () => ABSENT,
  });
  try {
    const document = composeYaml(text, lines);
    if (document.errors.length > 0) {
      return broken(document.errors.slice(0, MOST_ISSUES).map(faultOf));
    }
    const data = plainData(document, text, MOST_ISSUES);
    return {
      value: data.value,
      issues: issues(data.faults),
      locate: (path, what) => at(find(data, path).place[what]),
      show: (path) => shown(find(data, path)),
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

/** A value, and its place: that of the nearest value around it where it is not there. */
interface Found {
  readonly isThere: boolean;
  readonly value: unknown;
  readonly place: Place;
}

function find({ value: root, place: rootPlace, places }: PlainData, path: ConfigPath): Found {
  let [value, place] = [root, rootPlace];
  for (const step of path) {
    const inner = places.get(Object(value))?.get(String(step));
    if (inner === undefined) {
      return { isThere: false, value, place: { ...place, key: place.value } };
    }
    value = Object(value)[step];
    place = inner;
  }
  return { isThere: true, value, place };
}

/** Characters of a text that are shown. */
const MOST_SHOWN = 60;

const ABSENT: Shown = { words: 'absent' };

function shown({ isThere, value, place: { source } }: Found): Shown {
  if (!isThere) {
    return ABSENT;
  }
  if (Array.isArray(value) || isMapping(value)) {
    return { words: Array.isArray(value) ? 'a list' : 'a mapping' };
  }
  if (typeof value === 'string') {
    const quoted = JSON.stringify(value);
    const cut = quoted.length > MOST_SHOWN ? `${quoted.slice(0, MOST_SHOWN - 1)}…` : quoted;
    return { words: cut, text: value };
  }
  return source === '' ? { words: 'empty' } : { words: source, taken: kindOf(value) };
}
