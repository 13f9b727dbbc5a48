import { type commonOptions, daemonOptions } from '../../config/daemon-options.ts';
import { nearest, suggestion } from '../../config/nearest.ts';
import { UsageError } from '../../system/errors.ts';
import {
  type CommandName,
  type CommandSpec,
  commandNames,
  commandTable,
  type OptionsOf,
  optionsOf,
} from './command-table.ts';
import { type DaemonArguments, daemonArguments } from './daemon-arguments.ts';
import { type Parsed, parseWords } from './parse-words.ts';

/** A command line that was read. */
export type Invocation =
  | { readonly command: 'daemon'; readonly arguments: DaemonArguments }
  | { readonly command: 'help'; readonly about: CommandName | null }
  | { [Name in Command]: { readonly command: Name } & CommandWords<Name> }[Command];

/** A command that is run with its options and words. */
export type Command = Exclude<CommandName, 'help'>;

/** The options and words of one command. */
export type CommandWords<Name extends CommandName> = Pick<Parsed<OptionsOf<Name>>, 'values' | 'positionals'>;

const VERSION: Invocation = { command: 'version', values: {}, positionals: [] };

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
  const { values, positionals, tokens } = parseWords(words, daemonOptions);
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
    return VERSION;
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
function refuseLeftOver(word: string, place: number, tokens: Parsed<typeof daemonOptions>['tokens']): void {
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
  const { word, many }: CommandSpec = commandTable[name];
  const { values, positionals }: Parsed<typeof commonOptions> = parseWords(words, optionsOf(name));
  if (values.version === true) {
    return VERSION;
  }
  if (values.help === true) {
    return { command: 'help', about: name };
  }
  const extra = positionals[word === undefined ? 0 : 1];
  if (extra !== undefined && many !== true) {
    throw new UsageError(`'${name}' takes ${word === undefined ? 'nothing more' : '1 word'}; got '${extra}'`);
  }
  if (name === 'help') {
    const [about] = positionals;
    return { command: 'help', about: about === undefined ? null : commandNamed(about) };
  }
  return { command: name, values, positionals } as Invocation;
}
