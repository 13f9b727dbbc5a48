import { commonOptions, daemonOptions, groupOptions, type OptionTable } from '../../config/daemon-options.ts';
import { wrap } from '../output/terminal.ts';
import { type CommandName, type CommandSpec, commandNames, commandTable } from './command-table.ts';
import { synopsis } from './synopsis.ts';

/** Columns of a line, and before the text of an option. */
const [WIDTH, INDENT] = [80, 27];

const { config, ...others } = daemonOptions;
const ofGroups: OptionTable = { ...groupOptions, config };
const ofProcess = Object.fromEntries(Object.entries(others).filter(([name]) => !(name in groupOptions)));

/**
 * The text of `ifdepd --help`; 80 columns.
 *
 * @param runDirectory where the system keeps pid files and sockets
 */
export const help = (runDirectory: string): string => `${synopsis}

When any source interface fails (no carrier, set down, gone), every destination
interface is set down. When all sources are active again, every destination is
set up.

${optionLines(ofGroups, runDirectory)}

${optionLines(ofProcess, runDirectory)}

TIME is 250ms, 3s, 2m, 1h30m; a plain number is seconds.

commands (each knows --help):
${commandNames.map((name) => row(name, commandTable[name].summary)).join('\n')}

example:
  ifdepd -d -S em0:bge0 -D carp0:carp1
      Losing either of em0 and bge0 takes both carp interfaces down, so that the
      other gateway takes over on both sides.

exit codes:
  0 fine  1 interface missing, or not set with --once  64 usage
  65 bad configuration  69 no daemon answers  70 internal error
  71 system call failed  75 another daemon holds it  77 not permitted

signals:
  TERM, INT  stop, leaving the destinations as they are (twice: at once)
  HUP        read the configuration and the state of every interface again
  USR1       status to the log
`;

/** The text of `ifdepd COMMAND --help`; 80 columns. */
export function commandHelp(name: CommandName): string {
  const { summary, options, ofDaemon, before = '', word = '' }: CommandSpec = commandTable[name];
  const own = Object.entries(options).filter(([option]) => !(option in commonOptions));
  const usage = [
    name,
    before,
    ...own.flatMap(([option, { short, value }]) =>
      before.includes(`-${short} `) || (ofDaemon && option === 'netns')
        ? []
        : [value === undefined ? `[--${option}]` : `[${flagOf(short, option)} ${value}]`],
    ),
    word,
  ];
  const lines = own.length > 0 ? `\n${optionLines(Object.fromEntries(own), '')}\n` : '';
  const daemon = ofDaemon ? `${row('    -S, -D, ...', 'the options of the daemon')}\n` : '';
  return `usage: ifdepd ${usage.filter(Boolean).join(' ')}\n\n${summary}\n${lines}${daemon}`;
}

function flagOf(short: string | undefined, long: string): string {
  return short === undefined ? `--${long}` : `-${short}`;
}

/** The options of a table, one after the other. */
function optionLines(table: OptionTable, runDirectory: string): string {
  return Object.entries(table)
    .map(([name, { short, value, words, help: text }]) => {
      const flags = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
      const [first, ...rest] = words ?? [];
      const known = first === undefined ? '' : [`${first} (default)`, ...rest].join(', ');
      return row(flags, [known, text.replace('RUN', runDirectory)].filter(Boolean).join(': '));
    })
    .join('\n');
}

/** A name, and beside it a text in as many lines as it takes. */
function row(name: string, text: string): string {
  const indent = ' '.repeat(INDENT);
  const label = `  ${name}`.padEnd(INDENT);
  const [first = '', ...rest] = wrap(text, WIDTH - INDENT);
  const beginning = label.length > INDENT ? [label, indent + first] : [label + first];
  return [...beginning, ...rest.map((line) => indent + line)].map((line) => line.trimEnd()).join('\n');
}
