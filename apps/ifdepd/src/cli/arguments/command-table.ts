import { commonOptions, daemonOptions, type Offer, type OptionTable } from '../../config/daemon-options.ts';

/** A command, as far as it is known without loading it: parsing, help and completion are derived from this. */
export interface CommandSpec {
  readonly summary: string;
  /** Its options, --help and --version besides. */
  readonly options: OptionTable;
  /** It also takes the options of the daemon. */
  readonly ofDaemon?: true;
  /** The beginning of its usage, before the other options. Default: none. */
  readonly before?: string;
  /** The one word that may follow, as the usage has it. */
  readonly word?: string;
  /** Several such words may follow. */
  readonly many?: true;
  /** The words that a shell offers for it. */
  readonly offer?: Offer | readonly string[];
}

/** The shells that there is a completion for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

const socket = { ...daemonOptions.socket, help: 'the control socket of the daemon' } as const;
const json = { help: 'print JSON, for programs' } as const;
const watch = { short: 'w', help: 'print it again whenever it changes' } as const;
const netns = { ...daemonOptions.netns, help: 'Linux: in a network namespace of ip-netns(8)' } as const;
const config = { ...daemonOptions.config, help: 'the configuration; - for standard input' } as const;
const runningConfig = {
  ...config,
  help: 'the configuration, - for standard input; default: of the running daemon',
} as const;

/** Every command, in the order of the help. */
export const commandTable = {
  status: {
    summary: 'groups, sources, destinations; what holds them down',
    options: {
      socket,
      json,
      watch,
      check: {
        help: 'one line, and an exit code for monitoring: 0 all up, 1 held down, 2 not as wanted, 69 no daemon',
      },
      ...commonOptions,
    },
  },
  explain: {
    summary: 'why it is so, since when, and what would release it',
    options: { socket, json, ...commonOptions },
    word: '[GROUP|INTERFACE]',
    offer: 'group',
  },
  events: {
    summary: 'the journal, also of a daemon that has ended',
    options: {
      socket,
      json,
      since: { value: 'TIME', help: 'from a time, or from this long ago (10m)' },
      lines: {
        short: 'n',
        value: 'N',
        help: 'the last N; default: 50 on a terminal without --since, else all',
      },
      group: { value: 'GROUP', offer: 'group', help: 'only those of a group' },
      interface: {
        value: 'NAME',
        offer: 'interface',
        help: 'only those that concern a source or a destination',
      },
      follow: { short: 'F', help: 'go on with what happens from now on' },
      netns,
      ...commonOptions,
    },
  },
  check: {
    summary: 'what is wrong with a configuration, and on this host',
    before: '[-f FILE | -S … -D …]',
    ofDaemon: true,
    options: {
      config: runningConfig,
      unit: { value: 'NAME', help: 'the systemd unit that will run it; default ifdepd' },
      json,
      netns,
      ...commonOptions,
    },
  },
  plan: {
    summary: 'what would change here and now; changes nothing',
    before: '[-f FILE | -S … -D …]',
    ofDaemon: true,
    options: { config: runningConfig, json, netns, ...commonOptions },
  },
  simulate: {
    summary: 'a journal or a written timeline through a file',
    before: '-f FILE',
    options: { config, json, ...commonOptions },
    word: 'TIMELINE',
    offer: 'file',
  },
  import: {
    summary: 'a configuration of another program as one of ifdepd',
    options: {
      from: {
        value: 'PROGRAM',
        offer: ['keepalived', 'ifstated', 'networkd', 'ifplugd', 'netplugd', 'cisco', 'junos', 'arista'],
        help: 'whose it is; default: by the content, or the name',
      },
      json,
      ...commonOptions,
    },
    word: 'FILE...',
    many: true,
    offer: 'file',
  },
  graph: {
    summary: 'what depends on what',
    before: '[-f FILE | -s PATH]',
    options: {
      config: runningConfig,
      socket,
      format: { value: 'FORMAT', words: ['text', 'mermaid', 'dot'], help: '' },
      json,
      ...commonOptions,
    },
  },
  interfaces: {
    summary: 'every interface: active or failed, and why',
    options: { json, watch, netns, ...commonOptions },
  },
  reload: {
    summary: 'read the configuration again, and say what changed',
    options: { socket, json, ...commonOptions },
  },
  pause: {
    summary: 'leave the destinations of a group as they are',
    options: {
      socket,
      for: { value: 'TIME', help: 'resume after this time' },
      ...commonOptions,
    },
    word: 'GROUP',
    offer: 'group',
  },
  resume: {
    summary: 'act for a group again',
    options: { socket, ...commonOptions },
    word: 'GROUP',
    offer: 'group',
  },
  down: {
    summary: 'set the destinations of a group down and hold them',
    options: {
      socket,
      for: { value: 'TIME', help: 'end it after this time' },
      ...commonOptions,
    },
    word: 'GROUP',
    offer: 'group',
  },
  up: {
    summary: "end 'down': the sources decide again",
    options: { socket, ...commonOptions },
    word: 'GROUP',
    offer: 'group',
  },
  restore: {
    summary: 'bring up a group that restore: manual holds down',
    options: { socket, ...commonOptions },
    word: 'GROUP',
    offer: 'group',
  },
  service: {
    summary: 'a service file of this system that runs this installation',
    options: {
      config: { ...config, help: 'the configuration; default /etc/ifdepd.conf' },
      user: { value: 'USER', help: 'systemd, launchd: run it as this user' },
      system: {
        value: 'NAME',
        offer: ['systemd', 'openrc', 'freebsd', 'openbsd', 'netbsd', 'launchd'],
        help: 'whose file; default: the one that runs here',
      },
      now: { help: 'also start it, now and at each boot' },
      'dry-run': { help: 'print the files and commands, and change nothing' },
      json,
      ...commonOptions,
    },
    word: 'install|status|uninstall',
    offer: ['install', 'status', 'uninstall'],
  },
  demo: { summary: 'Linux: the example below, in a throw-away namespace', options: commonOptions },
  completion: {
    summary: 'a script that completes this command line',
    options: commonOptions,
    word: SHELLS.join('|'),
    offer: SHELLS,
  },
  schema: { summary: 'the JSON Schema of the configuration', options: commonOptions },
  help: { summary: 'this text, or that of a command', options: commonOptions, word: '[COMMAND]' },
  version: { summary: 'the version', options: commonOptions },
} as const satisfies Readonly<Record<string, CommandSpec>>;

/** A command of {@link commandTable}. */
export type CommandName = keyof typeof commandTable;

/** The names of all commands, in the order of the help. */
export const commandNames = Object.keys(commandTable) as readonly CommandName[];

/** All options that a command takes. */
export type OptionsOf<Name extends CommandName> = (typeof commandTable)[Name] extends {
  readonly ofDaemon: true;
}
  ? Omit<typeof daemonOptions, keyof (typeof commandTable)[Name]['options']> &
      (typeof commandTable)[Name]['options']
  : (typeof commandTable)[Name]['options'];

/** All options that a command takes. */
export function optionsOf<Name extends CommandName>(name: Name): OptionsOf<Name> {
  const { options, ofDaemon }: CommandSpec = commandTable[name];
  return (ofDaemon ? { ...daemonOptions, ...options } : options) as OptionsOf<Name>;
}
