import type * as z from 'zod/mini';
import { MOST_ISSUES } from './config-error.ts';
import { daemonOptions, groupOptions } from './daemon-options.ts';
import type { ConfigDocument, ConfigPath } from './document.ts';
import { suggestion } from './nearest.ts';
import { GROUP_KEYS } from './shape.ts';

/** Something wrong, before it is known where in the file that is. */
export interface Fault {
  readonly path: ConfigPath;
  readonly what: 'key' | 'value';
  readonly message: string;
}

/** The faults of one issue of the shape: one for each key that it names. */
export function faultsOf(issue: z.core.$ZodIssue, document: ConfigDocument): readonly Fault[] {
  const path = issue.path as ConfigPath;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = issue.message.split(', ');
      // More are not reported.
      return issue.keys.slice(0, MOST_ISSUES).map((key) => ({
        path: [...path, key],
        what: 'key',
        message: elsewhere(path, key) ?? `unknown key${suggestion(key, known)} (known: ${known.join(', ')})`,
      }));
    }
    case 'invalid_value': {
      const words = issue.values.map(String);
      const { words: shown, text } = document.show(path);
      const near = text === undefined ? '' : suggestion(text, words);
      return [{ path, what: 'value', message: `must be one of ${words.join(', ')}, not ${shown}${near}` }];
    }
    case 'invalid_type':
      return [{ path, what: 'value', message: typeMessage(issue, document) }];
    default:
      return [{ path, what: 'params' in issue ? 'key' : 'value', message: issue.message }];
  }
}

/** `must be NOUN, not VALUE`, and how to write it. */
function typeMessage(
  { path, expected, message }: z.core.$ZodIssueInvalidType,
  document: ConfigDocument,
): string {
  const { words, taken, text } = document.show(path as ConfigPath);
  if (expected === 'string' && taken !== undefined) {
    return `must be ${message}: YAML takes ${words} for ${taken}; write it in quotes: ${JSON.stringify(words)}`;
  }
  const way =
    expected !== 'array'
      ? ''
      : text !== undefined
        ? `; write ${asList(text)}`
        : words === 'a mapping' && path.at(-1) === 'sources'
          ? "; an expression is written under 'require'"
          : '';
  return `must be ${message}, not ${words}${way}`;
}

/** A list as the command line has it, `em0:bge0`, as it is written in the file. */
function asList(text: string): string {
  return `[${text
    .split(/[:,\s]+/)
    .filter(Boolean)
    .join(', ')}]`;
}

/** The place where a misplaced key belongs; undefined for a key that is known nowhere. */
function elsewhere(path: ConfigPath, key: string): string | undefined {
  if (path.length > 0) {
    return key === 'action' && path.length === 2 && path[0] === 'groups'
      ? 'belongs to a destination: destinations: [{interface: NAME, action: protodown}]'
      : undefined;
  }
  if (GROUP_KEYS.includes(key)) {
    return `belongs to a group: groups: {NAME: {${key}: …}}`;
  }
  return !Object.hasOwn(groupOptions, key) && Object.hasOwn(daemonOptions, key)
    ? `belongs to the command line: --${key}`
    : undefined;
}
