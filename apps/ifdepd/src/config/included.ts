import type { ConfigIssue } from './config-error.ts';
import { type ConfigDocument, type ConfigPath, parseYaml } from './document.ts';
import { isMapping } from './odd-number.ts';

/** A file that another one includes. */
export interface IncludedFile {
  readonly file: string;
  readonly text: string;
}

/** Finds and reads what one entry of `include` means. @throws {ConfigError} for a file that cannot be read */
export type ReadIncluded = (pattern: string) => readonly IncludedFile[];

/** The sections that an included file may have, and whether their entries have names. */
const SECTIONS = { groups: true, checks: true, probes: true, hooks: false } as const;
type Section = keyof typeof SECTIONS;

/** A document with its file; null for the file that includes the others. */
interface Part {
  readonly file: string | null;
  readonly document: ConfigDocument;
}

/** Where an entry of a merged section is written. */
interface Origin extends Part {
  readonly path: ConfigPath;
}

/**
 * A document with the sections of the files that it includes: one level, in the order of the names. Positions of an included
 * part are in its own file. A name in two files is a mistake, which names both places.
 *
 * @param file the name of the file that includes, for messages
 */
export function withIncluded(main: ConfigDocument, file: string, read: ReadIncluded): ConfigDocument {
  const patterns = Object(main.value).include;
  if (!isMapping(main.value) || !Array.isArray(patterns)) {
    return main;
  }
  const files = new Map(
    patterns
      .filter((one) => typeof one === 'string')
      .flatMap((one) => read(one).map((found) => [found.file, found.text])),
  );
  const parts: Part[] = [
    { file: null, document: main },
    ...[...files].map(([name, text]) => ({ file: name, document: parseYaml(text) })),
  ];
  const issues: ConfigIssue[] = [];
  const origins = new Map<string, Origin>();
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(main.value));

  function fault(part: Part, path: ConfigPath, what: 'key' | 'value', message: string): void {
    const place = part.document.locate(path, what);
    issues.push({
      ...place,
      key: path.join('.'),
      message,
      ...(part.file === null ? {} : { file: part.file }),
    });
  }

  function add(part: Part, section: Section, value: unknown): void {
    const isNamed = SECTIONS[section];
    if (isNamed ? !isMapping(value) : !Array.isArray(value)) {
      // The shape refuses it in the file that includes.
      if (part.file !== null) {
        fault(part, [section], 'value', `must be ${isNamed ? 'a mapping' : 'a list'}`);
      }
      return;
    }
    const before = merged[section];
    const whole =
      part.file === null || !(isNamed ? isMapping(before) : Array.isArray(before))
        ? []
        : Object.entries(before as object);
    const entries = Object.entries(value as object).map(([name, entry], index) => {
      const key = isNamed ? name : String(whole.length + index);
      const known = origins.get(`${section}.${key}`);
      if (known !== undefined) {
        const { line, column } = known.document.locate(known.path, 'key');
        fault(
          part,
          [section, name],
          'key',
          `is also in ${known.file ?? file}:${line}:${column}; names must differ`,
        );
      } else {
        origins.set(`${section}.${key}`, { ...part, path: [section, isNamed ? name : index] });
      }
      return [key, entry] as const;
    });
    const all = [...whole, ...entries];
    merged[section] = isNamed ? Object.fromEntries(all) : all.map(([, entry]) => entry);
  }

  for (const part of parts) {
    const { value } = part.document;
    if (part.file !== null) {
      issues.push(...part.document.issues.map((issue) => ({ ...issue, file: part.file as string })));
    }
    for (const [key, section] of Object.entries(isMapping(value) ? value : {})) {
      if (Object.hasOwn(SECTIONS, key)) {
        add(part, key as Section, section);
      } else if (part.file !== null && !key.startsWith('x-') && key !== '$schema') {
        fault(
          part,
          [key],
          'key',
          `belongs into ${file}: an included file has ${Object.keys(SECTIONS).join(', ')}`,
        );
      }
    }
    if (part.file !== null && value !== undefined && value !== null && !isMapping(value)) {
      fault(part, [], 'value', `must be a mapping with ${Object.keys(SECTIONS).join(', ')}`);
    }
  }

  /** The document of a path, and the path in it. */
  function originOf(path: ConfigPath): Origin {
    const origin = origins.get(`${path[0]}.${path[1]}`);
    return origin === undefined
      ? { file: null, document: main, path }
      : { ...origin, path: [...origin.path, ...path.slice(2)] };
  }

  return {
    value: merged,
    issues: [...main.issues, ...issues],
    locate(path, what) {
      const { file: of, document, path: own } = originOf(path);
      return { ...document.locate(own, what), ...(of === null ? {} : { file: of }) };
    },
    show(path) {
      const { document, path: own } = originOf(path);
      return document.show(own);
    },
  };
}
