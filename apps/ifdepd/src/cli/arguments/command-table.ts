import { commonOptions, daemonOptions, type OptionTable } from '../../config/daemon-options.ts';

/** What is known of a command without loading it: its help and its completion are made from this. */
export interface CommandSpec {
  /** After `ifdepd `. */
  readonly usage: string;
  readonly summary: string;
  /** `--option VALUE` and what it does, for those that the command has besides --help and --version. */
  readonly help: readonly (readonly [option: string, text: string])[];
  readonly options: OptionTable;
  /** How many words may follow. */
  readonly words: number;
}

const socket = { socket: { type: 'string', short: 's' } } as const;
const json = { json: { type: 'boolean' } } as const;
const watch = { watch: { type: 'boolean', short: 'w' } } as const;
const config = { config: { type: 'string', short: 'f' } } as const;
const netns = { netns: { type: 'string' } } as const;
const socketHelp = ['-s, --socket PATH', 'the control socket of the daemon'] as const;
const jsonHelp = ['--json', 'for programs'] as const;
const watchHelp = ['-w, --watch', 'show it again whenever it changes'] as const;
const netnsHelp = ['--netns NAME', 'Linux: in a network namespace of ip-netns(8)'] as const;
const configHelp = ['-f, --config FILE', 'the configuration'] as const;

const runningHelp = ['-f, --config FILE', 'the configuration; default: of the daemon that runs'] as const;

/** Every command, in the order of the help. */
export const commandTable = {
  status: {
    usage: 'status [-s PATH] [--json] [--watch]',
    summary: 'groups, sources, destinations; who holds what down',
    help: [jsonHelp, watchHelp, socketHelp],
    options: { ...json, ...watch, ...socket, ...commonOptions },
    words: 0,
  },
  explain: {
    usage: 'explain [-s PATH] [--json] [GROUP|INTERFACE]',
    summary: 'why it is so, since when, what would release it',
    help: [jsonHelp, socketHelp],
    options: { ...json, ...socket, ...commonOptions },
    words: 1,
  },
  events: {
    usage: 'events [-s PATH] [--json] [--since TIME] [--follow]',
    summary: 'the journal; of a daemon that has ended, too',
    help: [
      ['--since TIME', 'from so long ago (10m), or a time'],
      ['-F, --follow', 'and whatever happens from now on'],
      jsonHelp,
      socketHelp,
      netnsHelp,
    ],
    options: {
      since: { type: 'string' },
      follow: { type: 'boolean', short: 'F' },
      ...json,
      ...socket,
      ...netns,
      ...commonOptions,
    },
    words: 0,
  },
  check: {
    usage: 'check [-f FILE | -S … -D …] [--unit NAME] [--json]',
    summary: 'what is wrong with a configuration, and on this host',
    help: [
      runningHelp,
      ['-S, -D, ...', 'the options of the daemon'],
      ['--unit NAME', 'the systemd unit that will run it; default ifdepd'],
      jsonHelp,
      netnsHelp,
    ],
    options: { unit: { type: 'string' }, ...json, ...daemonOptions },
    words: 0,
  },
  plan: {
    usage: 'plan [-f FILE | -S … -D …] [--json]',
    summary: 'what would change here and now; changes nothing',
    help: [runningHelp, ['-S, -D, ...', 'the options of the daemon'], jsonHelp, netnsHelp],
    options: { ...json, ...daemonOptions },
    words: 0,
  },
  simulate: {
    usage: 'simulate -f FILE TIMELINE [--json]',
    summary: 'a journal, or a written timeline, through a file',
    help: [configHelp, jsonHelp],
    options: { ...json, ...config, ...commonOptions },
    words: 1,
  },
  graph: {
    usage: 'graph [-f FILE | -s PATH] [--format mermaid|dot|text] [--json]',
    summary: 'who depends on whom',
    help: [runningHelp, ['--format FORMAT', 'text (default), mermaid, dot'], jsonHelp, socketHelp],
    options: { format: { type: 'string' }, ...json, ...config, ...socket, ...commonOptions },
    words: 0,
  },
  interfaces: {
    usage: 'interfaces [--json] [--watch]',
    summary: 'every interface: active or failed, and why',
    help: [jsonHelp, watchHelp, netnsHelp],
    options: { ...json, ...watch, ...netns, ...commonOptions },
    words: 0,
  },
  reload: {
    usage: 'reload [-s PATH]',
    summary: 'read the configuration again',
    help: [socketHelp],
    options: { ...socket, ...commonOptions },
    words: 0,
  },
  pause: {
    usage: 'pause [-s PATH] [--for TIME] GROUP',
    summary: 'leave the destinations of a group as they are',
    help: [['--for TIME', 'resume by itself after so long'], socketHelp],
    options: { for: { type: 'string' }, ...socket, ...commonOptions },
    words: 1,
  },
  resume: {
    usage: 'resume [-s PATH] GROUP',
    summary: 'act for a group again',
    help: [socketHelp],
    options: { ...socket, ...commonOptions },
    words: 1,
  },
  demo: {
    usage: 'demo',
    summary: 'Linux: the example below, in a throw-away namespace',
    help: [],
    options: { ...commonOptions },
    words: 0,
  },
  completion: {
    usage: 'completion bash|zsh|fish',
    summary: 'a script that completes this command line',
    help: [],
    options: { ...commonOptions },
    words: 1,
  },
  schema: {
    usage: 'schema',
    summary: 'the JSON Schema of the configuration',
    help: [],
    options: { ...commonOptions },
    words: 0,
  },
  help: {
    usage: 'help [COMMAND]',
    summary: 'this text, or that of a command',
    help: [],
    options: { ...commonOptions },
    words: 1,
  },
  version: {
    usage: 'version',
    summary: 'the version',
    help: [],
    options: { ...commonOptions },
    words: 0,
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;

/** A command of {@link commandTable}. */
export type CommandName = keyof typeof commandTable;

/** The names of all commands, in the order of the help. */
export const commandNames = Object.keys(commandTable) as readonly CommandName[];

/** The help of one command; 80 columns. */
export function commandHelp(name: CommandName): string {
  const spec: CommandSpec = commandTable[name];
  const lines = spec.help.map(
    ([option, text]) => `  ${option.startsWith('--') ? '    ' : ''}${option}`.padEnd(27) + text,
  );
  return [
    `usage: ifdepd ${spec.usage}`,
    '',
    `${spec.summary}`,
    ...(lines.length > 0 ? ['', ...lines] : []),
    '',
  ].join('\n');
}

/** The commands, one a line. */
export function commandList(): string {
  return commandNames.map((name) => `  ${name}`.padEnd(27) + commandTable[name].summary).join('\n');
}
