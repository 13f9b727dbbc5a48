import { parseArgs } from 'node:util';
import { UsageError } from '../exit-code.ts';
import { interfaceList } from './interface-list.ts';

/** What the command line of the daemon asks for. */
export interface DaemonArguments {
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** The values of -S and -D as they were written. */
  readonly written: { readonly sources: readonly string[]; readonly destinations: readonly string[] };
  readonly verbosity: 'quiet' | 'normal' | 'verbose';
  readonly background: boolean;
  readonly check: boolean;
  readonly pidfile: string | null;
  readonly wait: boolean;
  readonly once: boolean;
  readonly dryRun: boolean;
}

/** What the command line asks for. */
export type Invocation =
  | { readonly command: 'daemon'; readonly arguments: DaemonArguments }
  | { readonly command: 'demo' | 'help' | 'version' };

const options = {
  source: { type: 'string', short: 'S', multiple: true },
  destination: { type: 'string', short: 'D', multiple: true },
  verbose: { type: 'boolean', short: 'v' },
  quiet: { type: 'boolean', short: 'q' },
  daemon: { type: 'boolean', short: 'd' },
  check: { type: 'boolean', short: 'n' },
  pidfile: { type: 'string', short: 'p' },
  wait: { type: 'boolean' },
  once: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const;

const commands = ['demo', 'help', 'version'] as const;

/**
 * Reads a command line.
 *
 * @param words without the interpreter and the program
 * @throws {UsageError} with one line that names the mistake
 */
export function readArguments(words: readonly string[]): Invocation {
  const { values, positionals } = parse(words);
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
  return { command: 'daemon', arguments: readDaemon(values) };
}

function readCommand(command: string, extra: string | undefined, given: readonly string[]): Invocation {
  const known = commands.find((name) => name === command);
  if (known === undefined) {
    throw new UsageError(
      `unknown command '${command}'; there are: ${commands.join(', ')} (interfaces are named with -S and -D)`,
    );
  }
  if (extra !== undefined || given.length > 0) {
    throw new UsageError(`'${known}' takes nothing more; got '${extra ?? `--${given[0]}`}'`);
  }
  return { command: known };
}

function readDaemon(values: ReturnType<typeof parse>['values']): DaemonArguments {
  if (values.verbose === true && values.quiet === true) {
    throw new UsageError('-v and -q exclude each other: give one of them');
  }
  const written = { sources: values.source ?? [], destinations: values.destination ?? [] };
  if (written.sources.length === 0) {
    throw new UsageError('no source interface: name at least one with -S');
  }
  if (written.destinations.length === 0) {
    throw new UsageError('no destination interface: name at least one with -D');
  }
  const sources = interfaceList('-S', written.sources);
  const destinations = interfaceList('-D', written.destinations);
  const both = sources.filter((name) => destinations.includes(name));
  if (both.length > 0) {
    throw new UsageError(
      `${both.join(', ')}: both source and destination; once set down it would never be active again`,
    );
  }
  if (values.daemon === true && values.once === true) {
    throw new UsageError('-d and --once exclude each other: --once ends by itself');
  }
  if (values.pidfile === '') {
    throw new UsageError("-p '': the file name is empty");
  }
  return {
    sources,
    destinations,
    written,
    verbosity: values.quiet === true ? 'quiet' : values.verbose === true ? 'verbose' : 'normal',
    background: values.daemon === true,
    check: values.check === true,
    pidfile: values.pidfile ?? null,
    wait: values.wait === true,
    once: values.once === true,
    dryRun: values['dry-run'] === true,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(plainly(error, words));
  }
}

/** Node's own sentences, cut to what a person at a console wants to know. */
function plainly(error: unknown, words: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const quoted = /'(?<option>-[^']*)'/.exec(message)?.groups?.['option'] ?? words.join(' ');
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    return `unknown option '${quoted}'`;
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    return message.includes('argument missing') || message.includes('ambiguous')
      ? `option '${quoted}' needs a value`
      : `option '${quoted}' takes no value`;
  }
  return message;
}
