import { readBlocks, type Statement } from './blocks.ts';
import { commandWords } from './command-words.ts';
import {
  allOf,
  type Imported,
  type ImportedCheck,
  type ImportedDestination,
  type ImportedGroup,
  type LeftOut,
  nameFrom,
  type Requirement,
} from './imported.ts';

/*
 * keepalived.conf(5). An instance is in fault when one of the things it tracks without a weight fails; instances of a sync group
 * are in fault together. That is a group of ifdepd. A weight changes a priority, which stays keepalived's affair.
 */

/** An instance with what it tracks. */
interface Instance {
  readonly name: string;
  readonly line: number;
  readonly sources: readonly Requirement[];
  readonly destination: ImportedDestination;
  readonly remarks: readonly string[];
}

/** Top-level statements that say nothing about what depends on what. */
const UNRELATED = new Set([
  'global_defs',
  'static_ipaddress',
  'static_routes',
  'static_rules',
  'linkbeat_interfaces',
]);

/** Reads keepalived.conf(5). */
export function importKeepalived(text: string): Imported {
  const statements = readBlocks(text, '#!');
  const left: LeftOut[] = [];
  const named = (kind: string) => statements.filter(({ words }) => words[0] === kind);
  const prefix = settingOf(named('global_defs')[0], 'vmac_prefix') ?? 'vrrp';
  const scripts = new Map(
    [...named('vrrp_script'), ...named('vrrp_track_process')].map((script) => [
      script.words[1] ?? '',
      script,
    ]),
  );
  const used = new Map<string, ImportedCheck>();
  const context = { scripts, used, left, prefix };
  const instances = named('vrrp_instance').map((statement) => readInstance(statement, context));
  const groups: ImportedGroup[] = [];
  const grouped = new Set<string>();
  for (const sync of named('vrrp_sync_group')) {
    const members = memberNames(sync);
    const found = instances.filter(({ name }) => members.includes(name));
    if (found.length > 0) {
      groups.push(
        groupOf(
          sync.words[1] ?? 'group',
          sync.line,
          `vrrp_sync_group of ${members.join(' and ')}`,
          found,
          [
            'remove the vrrp_sync_group from keepalived: ifdepd couples the instances, and both would disturb each other',
            ...trackedBy(sync, context).remarks,
          ],
          trackedBy(sync, context).sources,
        ),
      );
      for (const { name } of found) {
        grouped.add(name);
      }
    }
  }
  for (const instance of instances) {
    if (!grouped.has(instance.name)) {
      groups.push(
        groupOf(instance.name, instance.line, `vrrp_instance ${instance.name}`, [instance], [], []),
      );
    }
  }
  for (const { line, words } of statements) {
    const [kind = ''] = words;
    if (!kind.startsWith('vrrp_') && !UNRELATED.has(kind)) {
      left.push({ line, what: `${kind}: not about interfaces that depend on others` });
    }
  }
  return { groups, checks: [...used.values()], left };
}

interface Context {
  readonly scripts: ReadonlyMap<string, Statement>;
  readonly used: Map<string, ImportedCheck>;
  readonly left: LeftOut[];
  readonly prefix: string;
}

function groupOf(
  name: string,
  line: number,
  from: string,
  instances: readonly Instance[],
  remarks: readonly string[],
  sources: readonly Requirement[],
): ImportedGroup {
  return {
    name: nameFrom(name),
    line,
    from,
    remarks: [...remarks, ...new Set(instances.flatMap((instance) => instance.remarks))],
    require: allOf([...instances.flatMap((instance) => instance.sources), ...sources]),
    destinations: instances.map(({ destination }) => destination),
  };
}

/** `group { VI_1 VI_2 }`, a name a line or all in one. */
function memberNames(sync: Statement): readonly string[] {
  return (sync.inner ?? [])
    .filter(({ words }) => words[0] === 'group')
    .flatMap(({ inner }) => (inner ?? []).flatMap(({ words }) => words));
}

function readInstance(statement: Statement, context: Context): Instance {
  const name = statement.words[1] ?? 'instance';
  const own = settingOf(statement, 'interface');
  const { sources, remarks } = trackedBy(statement, context);
  const primary = own === undefined || has(statement, 'dont_track_primary') ? [] : [own];
  const notify = (statement.inner ?? []).find(({ words }) => words[0]?.startsWith('notify'));
  if (notify !== undefined) {
    context.left.push({
      line: notify.line,
      what: `${notify.words[0]} of ${name}: keepalived goes on to call it when its own state changes`,
    });
  }
  const { destination, ...made } = destinationOf(statement, name, context.prefix);
  return {
    name,
    line: statement.line,
    sources: [...primary, ...sources],
    destination,
    remarks: [...made.remarks, ...remarks],
  };
}

function destinationOf(
  statement: Statement,
  name: string,
  prefix: string,
): { readonly destination: ImportedDestination; readonly remarks: readonly string[] } {
  const vmac = (statement.inner ?? []).find(({ words }) => words[0] === 'use_vmac');
  if (vmac === undefined) {
    const label = `ifdepd_${name.replace(/\W+/g, '_')}`;
    const file = `/run/keepalived/${label}`;
    return {
      destination: { file, up: '0', down: '1' },
      remarks: [
        `${name} has no use_vmac, so that there is no interface to set down; keepalived reads a file instead. Add to keepalived.conf:`,
        `  track_file ${label} { file ${file}  weight 0 }`,
        `  and in vrrp_instance ${name}:  track_file { ${label} }`,
      ],
    };
  }
  const six =
    (statement.inner ?? []).some(
      ({ words, inner }) => words[0] === 'virtual_ipaddress' && (inner?.[0]?.words[0] ?? '').includes(':'),
    ) || has(statement, 'native_ipv6');
  const given = vmac.words[1];
  return {
    destination: given ?? `${prefix}${six ? '6' : ''}.${settingOf(statement, 'virtual_router_id') ?? '1'}`,
    remarks: has(statement, 'vmac_xmit_base')
      ? []
      : [
          `add vmac_xmit_base to vrrp_instance ${name}: without it the peer does not hear that this router gives up, and waits for its timer`,
        ],
  };
}

/** What an instance or a sync group tracks. */
function trackedBy(
  statement: Statement,
  context: Context,
): { readonly sources: readonly Requirement[]; readonly remarks: readonly string[] } {
  const sources: Requirement[] = [];
  const remarks: string[] = [];
  for (const {
    line,
    words: [kind = ''],
    inner,
  } of statement.inner ?? []) {
    const tracked = (inner ?? []).flatMap(trackedItems);
    if (kind === 'track_interface') {
      for (const { name, weight, line: at } of tracked) {
        take(name, weight, name, at);
      }
    } else if (kind === 'track_script' || kind === 'track_process') {
      for (const { name, weight, line: at } of tracked) {
        const script = context.scripts.get(name);
        if (script === undefined) {
          context.left.push({ line: at, what: `${kind} ${name}: the file does not define it` });
        } else if (take(name, weight ?? weightOf(script), { check: nameFrom(name) }, at)) {
          context.used.set(name, checkOf(name, script));
        }
      }
    } else if (kind === 'track_file' || kind === 'track_bfd') {
      context.left.push({ line, what: `${kind}: keepalived goes on to read it` });
    }
  }
  return { sources, remarks };

  /** @returns whether it became a source */
  function take(name: string, weight: string | undefined, source: Requirement, line: number): boolean {
    if (weight === undefined || Number(weight) === 0) {
      sources.push(source);
      return true;
    }
    context.left.push({
      line,
      what: `${name} weight ${weight}: it changes the priority of the router and takes nothing down; it stays in keepalived`,
    });
    return false;
  }
}

/** A thing that an instance tracks. */
interface Tracked {
  readonly line: number;
  readonly name: string;
  readonly weight: string | undefined;
}

/** `eth0 weight -20 reverse`, or several names in a line. */
function trackedItems({ line, words }: Statement): readonly Tracked[] {
  const place = words.indexOf('weight');
  if (place > 0) {
    return [
      ...words.slice(0, place - 1).map((name) => ({ line, name, weight: undefined })),
      { line, name: words[place - 1] ?? '', weight: words[place + 1] },
    ];
  }
  return words
    .filter((word) => word !== 'reverse' && word !== 'no_reverse')
    .map((name) => ({ line, name, weight: undefined }));
}

function checkOf(name: string, script: Statement): ImportedCheck {
  const process = script.words[0] === 'vrrp_track_process';
  const number = (key: string) => settingOf(script, key);
  const every = number('interval') ?? '1';
  return {
    name: nameFrom(name),
    line: script.line,
    from: `${script.words[0]} ${name}`,
    exec: process
      ? ['pgrep', '-x', settingOf(script, 'process') ?? name]
      : commandWords(
          (script.inner ?? [])
            .find(({ words }) => words[0] === 'script')
            ?.words.slice(1)
            .join(' ') ?? 'true',
        ),
    options: {
      every: `${every}s`,
      ...(number('timeout') === undefined ? {} : { timeout: `${number('timeout')}s` }),
      rise: Number(number('rise') ?? 1),
      fall: Number(number('fall') ?? 1),
    },
  };
}

function weightOf(script: Statement): string | undefined {
  return settingOf(script, 'weight');
}

function settingOf(statement: Statement | undefined, key: string): string | undefined {
  return statement?.inner?.find(({ words }) => words[0] === key)?.words[1];
}

function has(statement: Statement, key: string): boolean {
  return (statement.inner ?? []).some(({ words }) => words[0] === key);
}
