import { parseArgs } from 'node:util';
import type { OptionTable } from '../../config/daemon-options.ts';
import { suggestion } from '../../config/nearest.ts';
import { UsageError } from '../../system/errors.ts';

/** The values that a command line gives to the options of a table. */
export type Values<Table extends OptionTable> = {
  readonly [Name in keyof Table]?: ValueOf<Table[Name]> | undefined;
};

type ValueOf<Option> = Option extends { readonly multiple: true }
  ? readonly string[]
  : Option extends { readonly words: readonly (infer Word)[] }
    ? Word
    : Option extends { readonly value: string }
      ? string
      : boolean;

/** A command line, taken apart. */
export interface Parsed<Table extends OptionTable> {
  readonly values: Values<Table>;
  readonly positionals: readonly string[];
  /** The words, as they are taken apart. */
  readonly tokens: readonly {
    readonly kind: 'option' | 'positional' | 'option-terminator';
    readonly index: number;
    readonly name?: string;
    readonly value?: string | undefined;
  }[];
}

/**
 * Takes a command line apart into options and other words.
 *
 * @throws {UsageError} with one line that names the mistake
 */
export function parseWords<Table extends OptionTable>(words: readonly string[], table: Table): Parsed<Table> {
  const entries = Object.entries(table);
  const options = Object.fromEntries(
    entries.map(([name, { short, value, multiple = false }]) => [
      name,
      {
        type: value === undefined ? 'boolean' : 'string',
        multiple,
        ...(short === undefined ? {} : { short }),
      } as const,
    ]),
  );
  let parsed: ReturnType<typeof parse>;
  const parse = () =>
    parseArgs({ args: [...words], options, strict: true, allowPositionals: true, tokens: true });
  try {
    parsed = parse();
  } catch (error) {
    throw new UsageError(plainly(error, words, table));
  }
  for (const [name, { words: known }] of entries) {
    const value = parsed.values[name];
    if (typeof value === 'string' && known?.includes(value) === false) {
      throw wrongValue(`--${name}`, value, `must be one of ${known.join(', ')}${suggestion(value, known)}`);
    }
  }
  return parsed as Parsed<Table>;
}

/** `--require 3: …`; a value is quoted where it would not be read as one word. */
export function wrongValue(option: string, value: string, message: string): UsageError {
  return new UsageError(`${option} ${/^[\w.,:%@/+-]+$/.test(value) ? value : `'${value}'`}: ${message}`);
}

/** Node's messages, shortened. */
function plainly(error: unknown, words: readonly string[], table: OptionTable): string {
  const message = error instanceof Error ? error.message : String(error);
  const quoted = /'(?<option>-[^']*)'/.exec(message)?.groups?.['option'] ?? words.join(' ');
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const known = Object.keys(table).map((name) => `--${name}`);
    return `unknown option '${quoted}'${quoted.startsWith('--') ? suggestion(quoted, known) : ''}`;
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    return message.includes('argument missing') || message.includes('ambiguous')
      ? `option '${quoted}' needs a value`
      : `option '${quoted}' takes no value`;
  }
  return message;
}
