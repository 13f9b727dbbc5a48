import { ACTIONS, ENFORCE, LOG_FORMATS, LOG_TARGETS, ON_EXIT, RAISE, RESTORE } from './settings.ts';

/** Values and words that a shell looks up when it completes a command line. */
export type Offer = 'file' | 'interface' | 'netns' | 'group';

/** An option: parsing, help, completion and the check of the manual page are derived from it. */
export interface Option {
  readonly short?: string;
  /** The name of its value in the help; a switch has none. */
  readonly value?: string;
  /** The only valid values; the first is the default. */
  readonly words?: readonly string[];
  /** Values that a shell offers, where there are others too. */
  readonly offer?: Offer | readonly string[];
  readonly multiple?: true;
  /** For the help, after the words. RUN is where the system keeps pid files and sockets. */
  readonly help: string;
}

/** Options by their long names, in the order of the help. */
export type OptionTable = Readonly<Record<string, Option>>;

/** The options that describe the one group of -S and -D. */
export const groupOptions = {
  source: {
    short: 'S',
    value: 'LIST',
    offer: 'interface',
    multiple: true,
    help: "interfaces to watch, with ':' or ',' between them",
  },
  destination: {
    short: 'D',
    value: 'LIST',
    offer: 'interface',
    multiple: true,
    help: 'interfaces to set, likewise; both may be repeated',
  },
  require: { value: 'WHAT', offer: ['all', 'any'], help: 'all (default), any, N or P% of the sources' },
  'down-delay': { value: 'TIME', help: 'go down after a failure of this length' },
  'up-delay': { value: 'TIME', help: 'come up after this time without a failure' },
  'start-delay': { value: 'TIME', help: 'ignore failures for this time after the start' },
  'start-hold': { value: 'TIME', help: 'stay down for this time after the start' },
  enforce: { value: 'HOW', words: ENFORCE, help: 'when another program sets a destination' },
  raise: { value: 'WHICH', words: RAISE, help: 'only what ifdepd lowered' },
  restore: { value: 'HOW', words: RESTORE, help: 'once down, up only by ifdepd restore' },
  'on-exit': { value: 'WHAT', words: ON_EXIT, help: '' },
  action: { value: 'HOW', words: ACTIONS, help: 'IFLA_PROTO_DOWN of Linux' },
} as const satisfies OptionTable;

/** Every command has these. */
export const commonOptions = {
  help: { short: 'h', help: 'print this text' },
  version: { short: 'V', help: 'print the version' },
} as const satisfies OptionTable;

/** The options of the daemon. */
export const daemonOptions = {
  ...groupOptions,
  config: { short: 'f', value: 'FILE', offer: 'file', help: 'several groups, checks, hooks: ifdepd.conf(5)' },
  daemon: {
    short: 'd',
    help: 'run in the background and log to syslog; return when the first decision has been applied',
  },
  verbose: { short: 'v', help: 'log every transition with its cause' },
  quiet: { short: 'q', help: 'log nothing at all' },
  check: { short: 'n', help: 'check names and privilege, then exit' },
  pidfile: {
    short: 'p',
    value: 'FILE',
    offer: 'file',
    help: 'process id file; with -d, default RUN/ifdepd.pid',
  },
  'log-format': { value: 'FORMAT', words: LOG_FORMATS, help: '' },
  'log-target': { value: 'WHERE', words: LOG_TARGETS, help: '' },
  'early-loss': {
    value: 'WHEN',
    offer: ['auto', 'off'],
    help: 'auto (default), off, TIME: poll the carrier counters while the kernel may delay its messages',
  },
  'kernel-failover': {
    value: 'WHEN',
    words: ['auto', 'off'],
    help: 'the Linux kernel sets destinations down by itself where it can',
  },
  socket: {
    short: 's',
    value: 'PATH',
    offer: 'file',
    help: 'control socket (default RUN/ifdepd/ifdepd.sock)',
  },
  'no-socket': { help: 'no control socket' },
  metrics: { value: 'ADDRESS', help: 'ADDR:PORT or PORT: Prometheus' },
  force: { help: 'start although another daemon holds a destination' },
  wait: { help: 'start although interfaces are missing: a missing source has failed' },
  once: { help: 'decide, apply, exit' },
  'dry-run': { help: 'decide and print what would be set; set nothing' },
  netns: { value: 'NAME', offer: 'netns', help: 'Linux: work in a network namespace of ip-netns(8)' },
  ...commonOptions,
} as const satisfies OptionTable;

/** The name of an option of the daemon. */
export type DaemonOption = keyof typeof daemonOptions;

/** Options that cannot be combined, each with the reason or the way out. */
export const CONFLICTS: readonly (readonly [option: DaemonOption, other: DaemonOption, way: string])[] = [
  ['verbose', 'quiet', 'choose one'],
  ['socket', 'no-socket', 'choose one'],
  ['daemon', 'once', '--once ends by itself'],
  ['daemon', 'dry-run', 'its report would go to the system log'],
  ...(Object.keys(groupOptions) as (keyof typeof groupOptions)[]).map((name) => {
    const what = name === 'source' || name === 'destination' ? `the ${name}s` : 'it';
    return [name, 'config', `put ${what} in the file`] as const;
  }),
];
