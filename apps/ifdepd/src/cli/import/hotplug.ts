import {
  type Imported,
  type ImportedDestination,
  type ImportedGroup,
  type LeftOut,
  linesOf,
  nameFrom,
} from './imported.ts';

/* ifplugd(8) and netplugd(8) run a script when the link of an interface comes and goes: a program as a destination. */

/** Options of ifplugd that have a value, by their long names. */
const valued: Readonly<Record<string, string>> = {
  iface: 'i',
  run: 'r',
  'poll-time': 't',
  'poll-utime': 'T',
  'delay-up': 'u',
  'delay-down': 'd',
  'api-mode': 'm',
  'extra-arg': 'x',
};

/** Options of ifplugd without a value that matter here. */
const flags: Readonly<Record<string, string>> = { 'no-auto': 'a', 'no-shutdown': 'q', 'no-startup': 'p' };

/** The script of ifplugd where no other is named. */
const ACTION = '/etc/ifplugd/ifplugd.action';

/** Longer than an interface takes to get its address. Both programs wait without a limit. */
const TIMEOUT = '60s';

/** Both programs leave the processes of their scripts alone. */
const LEAVES_NOTHING =
  'ifdepd kills what the script leaves running when it ends, such as a DHCP client of ifup: let the script start a service that runs ifup';

/** Asks ifupdown, whose ifup(8) and ifdown(8) the scripts of Debian run. */
function ifquery(name: string): readonly string[] {
  return ['sh', '-c', '/sbin/ifquery --state "$0" >/dev/null && echo up || echo down', name];
}

/** A script that gets the name of an interface and a word. */
function scriptOf(
  [script, name, ...extra]: readonly [script: string, name: string, ...extra: string[]],
  [up, down]: readonly [string, string],
  read: readonly string[] | null,
): ImportedDestination {
  const run = (word: string): readonly string[] => [script, name, word, ...extra];
  return {
    exec: { up: run(up), down: run(down), ...(read === null ? {} : { read }) },
    name: nameFrom(name),
    timeout: TIMEOUT,
  };
}

/** Reads `-d10`, `-d 10`, `-qd10`, `--delay-down=10` and `--delay-down 10` by their letters. A flag has the value ''. */
function optionsOf(args: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  const words = args.split(/\s+/).values();
  for (const word of words) {
    const [, long = '', value] = /^--([\w-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (long !== '') {
      const letter = valued[long];
      options.set(letter ?? flags[long] ?? long, letter === undefined ? '' : (value ?? next(words)));
      continue;
    }
    const [, cluster = '', letter, rest = ''] = /^-([^-irtTudmx]*)(?:([irtTudmx])(.*))?$/.exec(word) ?? [];
    for (const flag of cluster) {
      options.set(flag, '');
    }
    if (letter !== undefined) {
      options.set(letter, rest === '' ? next(words) : rest);
    }
  }
  return options;
}

function next(words: IterableIterator<string>): string {
  return String(words.next().value ?? '');
}

/** Reads /etc/default/ifplugd, a text of shell variables. */
export function importIfplugd(text: string): Imported {
  const left: LeftOut[] = [];
  const values = new Map<string, { readonly line: number; readonly value: string }>();
  for (const { line, text: content } of linesOf(text, /^\s*#.*$/)) {
    const match = /^(?:export\s+)?(\w+)=(?:"([^"]*)"|'([^']*)'|([^\s;#]*))/.exec(content);
    if (match !== null) {
      values.set(match[1] ?? '', { line, value: match[2] ?? match[3] ?? match[4] ?? '' });
    }
  }
  const groups = new Map<string, ImportedGroup>();
  for (const key of ['INTERFACES', 'HOTPLUG_INTERFACES']) {
    const { line = 1, value = '' } = values.get(key) ?? {};
    for (const name of value.split(/\s+/).filter((word) => word !== '')) {
      if (/^(?:all|auto)$|[*?[$]/.test(name)) {
        left.push({ line, what: `${key} ${name}: write a group for each interface by its name` });
      } else if (!groups.has(name)) {
        // Its init script replaces the first '-' of a name.
        const own = values.get(`ARGS_${name.replace('-', '_')}`)?.value ?? '';
        groups.set(name, ifplugdGroup(name, line, key, own === '' ? (values.get('ARGS')?.value ?? '') : own));
      }
    }
  }
  if (groups.size === 0 && left.length === 0) {
    left.push({ line: 1, what: 'INTERFACES and HOTPLUG_INTERFACES name no interface' });
  }
  return { groups: [...groups.values()], checks: [], left };
}

/** The defaults are those of ifplugd(8): 0 s until a link counts, 5 s until a loss does, and its script. */
function ifplugdGroup(name: string, line: number, key: string, args: string): ImportedGroup {
  const options = optionsOf(args);
  const script = options.get('r') ?? ACTION;
  const extra = options.get('x');
  const runsAtStart = !options.has('p');
  const delay = (word: string, seconds: string): Readonly<Record<string, string>> =>
    Number(seconds) > 0 ? { [word]: `${Number(seconds)}s` } : {};
  return {
    name: nameFrom(name),
    line,
    from: `${key} ${name}, ${args === '' ? 'with the defaults' : args}`,
    remarks: [
      `take ${name} out of that file: ifplugd would run the script, too; IFPLUGD_PREVIOUS and IFPLUGD_CURRENT are not set for it`,
      LEAVES_NOTHING,
      ...(options.has('a') ? [] : [staysUp(name, 'ifplugd')]),
      ...(runsAtStart && script !== ACTION
        ? [
            `if ${name} has a link at the start, ifplugd runs the script, and ifdepd only with a 'read' that prints down`,
          ]
        : []),
    ],
    require: name,
    destinations: [
      scriptOf(
        [script, name, ...(extra === undefined ? [] : [extra])],
        ['up', 'down'],
        runsAtStart && script === ACTION ? ifquery(name) : null,
      ),
    ],
    options: {
      ...delay('up-delay', options.get('u') ?? '0'),
      ...delay('down-delay', options.get('d') ?? '5'),
      ...(options.has('q') ? {} : { 'on-exit': 'down' }),
    },
  };
}

/** Both programs set the interface up again after the script that sets it down. */
function staysUp(name: string, program: string): string {
  return `ifdepd never sets ${name} up, as ${program} does: where the script sets it down (ifdown), end it with: ip link set ${name} up`;
}

/** Reads netplugd.conf: a pattern of names on each line. */
export function importNetplugd(text: string): Imported {
  const groups: ImportedGroup[] = [];
  const left: LeftOut[] = [];
  const script = '/etc/netplug/netplug';
  for (const { line, text: name } of linesOf(text, /#.*$/)) {
    if (/[*?[]/.test(name)) {
      left.push({ line, what: `${name}: a pattern; write a group for each interface by its name` });
    } else {
      groups.push({
        name: nameFrom(name),
        line,
        from: name,
        remarks: [
          `take ${name} out of that file: netplugd would run the script, too; ${script} is its place on Debian, elsewhere /etc/netplug.d/netplug`,
          LEAVES_NOTHING,
          staysUp(name, 'netplugd'),
        ],
        require: name,
        destinations: [scriptOf([script, name], ['in', 'out'], ifquery(name))],
      });
    }
  }
  return { groups, checks: [], left };
}
