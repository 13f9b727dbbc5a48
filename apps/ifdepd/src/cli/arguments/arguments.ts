import { nearest, suggestion } from '../../config/nearest.ts';
import type { DaemonArguments } from '../../service/run-options.ts';
import { UsageError } from '../../system/errors.ts';
import { type CommandName, type CommandSpec, commandNames, commandTable } from './command-table.ts';
import { daemonArguments, parseDaemonWords } from './daemon-arguments.ts';
import { type Parsed, parseWords } from './parse-words.ts';

/** What the command line asks for. */
export type Invocation =
  | { readonly command: 'daemon'; readonly arguments: DaemonArguments }
  | { readonly command: 'help'; readonly about: CommandName | null }
  | { readonly command: Exclude<CommandName, 'help'>; readonly words: readonly string[] };

/** The options and words of one command. */
export type CommandWords<Name extends CommandName> = Pick<
  Parsed<(typeof commandTable)[Name]['options']>,
  'values' | 'positionals'
>;

/**
 * Reads a command line.
 *
 * @param given without the interpreter and the program
 * @throws {UsageError} with one line that names the mistake
 */
export function readArguments(given: readonly string[]): Invocation {
  const words = withNumbers(given);
  const [first = ''] = words;
  if (!first.startsWith('-')) {
    return readCommand(commandNamed(first), words.slice(1));
  }
  const { values, positionals, tokens } = parseDaemonWords(words);
  const place = tokens.find(({ kind }) => kind === 'positional')?.index;
  const [command] = positionals;
  if (command !== undefined && place !== undefined) {
    refuseLeftOver(command, place, tokens);
    return readCommand(commandNamed(command), [...words.slice(0, place), ...words.slice(place + 1)]);
  }
  if (values.help === true) {
    return { command: 'help', about: null };
  }
  if (values.version === true) {
    return { command: 'version', words: [] };
  }
  return { command: 'daemon', arguments: daemonArguments(values) };
}

/** `--require -1` as `--require=-1`: no option is a number, and who reads the value says what is wrong with it. */
function withNumbers(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const word of words) {
    const option = joined.at(-1) ?? '';
    if (/^-\d/.test(word) && /^--[^=]+$/.test(option) && !joined.includes('--')) {
      joined[joined.length - 1] = `${option}=${word}`;
    } else {
      joined.push(word);
    }
  }
  return joined;
}

/** `-S em0 bge0`: a list that the shell has taken apart. @param place where the word stands */
function refuseLeftOver(
  word: string,
  place: number,
  tokens: ReturnType<typeof parseDaemonWords>['tokens'],
): void {
  const before = tokens.findLast((token) => token.index < place);
  const option =
    before?.kind === 'option' ? { source: '-S', destination: '-D' }[before.name as string] : undefined;
  if (before?.kind === 'option' && option !== undefined && nearest(word, commandNames) === undefined) {
    throw new UsageError(
      `'${word}' is left over: a list is one word with ':' between the names, ${option} ${before.value}:${word}`,
    );
  }
}

function commandNamed(word: string): CommandName {
  const known = commandNames.find((name) => name === word);
  if (known === undefined) {
    const hint = suggestion(word, commandNames) || `; there are: ${commandNames.join(', ')}`;
    throw new UsageError(`unknown command '${word}'${hint} (interfaces are named with -S and -D)`);
  }
  return known;
}

function readCommand(name: CommandName, words: readonly string[]): Invocation {
  const spec: CommandSpec = commandTable[name];
  const { values, positionals } = parseWords(words, spec.options);
  if (values['version'] === true) {
    return { command: 'version', words: [] };
  }
  if (values['help'] === true) {
    return { command: 'help', about: name };
  }
  const extra = positionals[spec.words];
  if (extra !== undefined) {
    const takes =
      spec.words === 0 ? 'takes nothing more' : `takes ${spec.words} word${spec.words === 1 ? '' : 's'}`;
    throw new UsageError(`'${name}' ${takes}; got '${extra}'`);
  }
  if (name === 'help') {
    const [about] = positionals;
    return { command: 'help', about: about === undefined ? null : commandNamed(about) };
  }
  return { command: name, words };
}

/** The options and words of a command that {@link readArguments} has let through. */
export function commandWords<Name extends CommandName>(
  name: Name,
  words: readonly string[],
): CommandWords<Name> {
  return parseWords(words, commandTable[name].options as (typeof commandTable)[Name]['options']);
}
