import { UsageError } from '../exit-code.ts';
import { suggestion } from '../nearest.ts';
import { type DaemonArguments, daemonArguments, parseDaemonWords } from './daemon-arguments.ts';

/** What can be asked for by name. */
export const commands = ['demo', 'help', 'version'] as const;

export type Command = (typeof commands)[number];

/** What the command line asks for. */
export type Invocation =
  | { readonly command: 'daemon'; readonly arguments: DaemonArguments }
  | { readonly command: Command };

/**
 * Reads a command line.
 *
 * @param words without the interpreter and the program
 * @throws {UsageError} with one line that names the mistake
 */
export function readArguments(words: readonly string[]): Invocation {
  const { values, positionals } = parseDaemonWords(words);
  if (values.help === true) {
    return { command: 'help' };
  }
  if (values.version === true) {
    return { command: 'version' };
  }
  const [command, extra] = positionals;
  if (command !== undefined) {
    return readCommand(command, extra, Object.keys(values));
  }
  return { command: 'daemon', arguments: daemonArguments(values) };
}

function readCommand(command: string, extra: string | undefined, given: readonly string[]): Invocation {
  const known = commands.find((name) => name === command);
  if (known === undefined) {
    throw new UsageError(
      `unknown command '${command}'${suggestion(command, commands) || `; there are: ${commands.join(', ')}`}` +
        ' (interfaces are named with -S and -D)',
    );
  }
  if (extra !== undefined || given.length > 0) {
    throw new UsageError(`'${known}' takes nothing more; got '${extra ?? `--${given[0]}`}'`);
  }
  return { command: known };
}
