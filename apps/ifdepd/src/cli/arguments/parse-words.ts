import { parseArgs } from 'node:util';
import type { OptionTable } from '../../config/daemon-options.ts';
import { suggestion } from '../../config/nearest.ts';
import { UsageError } from '../../system/errors.ts';

/** What a command line says. */
export type Parsed<Table extends OptionTable> = ReturnType<
  typeof parseArgs<{ options: Table; strict: true; allowPositionals: true; tokens: true }>
>;

/**
 * Options and what is none.
 *
 * @throws {UsageError} with one line that names the mistake
 */
export function parseWords<Table extends OptionTable>(
  words: readonly string[],
  options: Table,
): Parsed<Table> {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: true, tokens: true });
  } catch (error) {
    throw new UsageError(plainly(error, words, options));
  }
}

/** Node's own sentences, cut to what a person at a console wants to know. */
function plainly(error: unknown, words: readonly string[], options: OptionTable): string {
  const message = error instanceof Error ? error.message : String(error);
  const quoted = /'(?<option>-[^']*)'/.exec(message)?.groups?.['option'] ?? words.join(' ');
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const known = Object.keys(options).map((name) => `--${name}`);
    return `unknown option '${quoted}'${quoted.startsWith('--') ? suggestion(quoted, known) : ''}`;
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    return message.includes('argument missing') || message.includes('ambiguous')
      ? `option '${quoted}' needs a value`
      : `option '${quoted}' takes no value`;
  }
  return message;
}
