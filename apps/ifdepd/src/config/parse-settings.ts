import { PolicyError, type PolicyIssue } from '@ifdepd/policy';
import { compiled } from './compiled-policy.ts';
import { ConfigError, type ConfigIssue, MOST_ISSUES } from './config-error.ts';
import { daemonOptions, groupOptions } from './daemon-options.ts';
import { type ConfigPath, parseYaml } from './document.ts';
import { readCheck, readHook } from './read-check.ts';
import { checkId, type Names } from './read-expression.ts';
import { GROUP_KEYS, type ReadGroup, readGroup } from './read-group.ts';
import { type Members, movedKey } from './read-members.ts';
import { type Fault, Reader, TooManyFaults } from './reader.ts';
import {
  type CheckSettings,
  type DestinationSettings,
  LOG_FORMATS,
  LOG_TARGETS,
  type LogSettings,
  parseListenAddress,
  type Settings,
} from './settings.ts';

/** The keys of the file. */
const TOP_KEYS = ['groups', 'checks', 'hooks', 'log', 'metrics'] as const;

/**
 * Settings from the text of a configuration, YAML or JSON.
 *
 * @param file its name, for messages
 * @throws {ConfigError} with everything that is wrong with it
 */
export function parseSettings(text: string, file: string): Settings {
  const document = parseYaml(text);
  if (document.value === undefined) {
    throw mistakes(file, document.issues);
  }
  const faults: Fault[] = [];
  const moved: Members['moved'] = new Map();
  const settings = readUpTo(new Reader(faults, document.value), file, moved);
  if (settings !== null) {
    faults.push(...policyFaults(settings, document.value, moved).slice(0, MOST_ISSUES - faults.length));
    if (faults.length === 0 && document.issues.length === 0) {
      return settings;
    }
  }
  const found = faults.map(({ path, what, message }) => ({
    ...document.locate(path, what),
    key: path.map(shortStep).join('.'),
    message,
  }));
  // What is wrong with a value because of a fault of the language at the same place is no second mistake.
  const known = new Set(document.issues.map(({ line, column }) => `${line}:${column}`));
  const issues = [...document.issues, ...found.filter(({ line, column }) => !known.has(`${line}:${column}`))];
  issues.sort((one, other) => one.line - other.line || one.column - other.column);
  throw mistakes(file, issues.slice(0, MOST_ISSUES));
}

function mistakes(file: string, issues: readonly ConfigIssue[]): ConfigError {
  return new ConfigError(file, issues.length < MOST_ISSUES ? issues : [...issues, UNREAD]);
}

const UNREAD: ConfigIssue = {
  line: 0,
  column: 0,
  key: '',
  message: `there may be more mistakes: these are the first ${MOST_ISSUES}`,
};

/** Longer keys are cut short in messages: nobody has written one, and each mistake below it would repeat it. */
const LONGEST_KEY = 80;

function shortStep(step: string | number): string | number {
  return typeof step === 'string' && step.length > LONGEST_KEY ? `${step.slice(0, LONGEST_KEY)}…` : step;
}

/** Null where there were too many faults to go on. */
function readUpTo(root: Reader, file: string, moved: Members['moved']): Settings | null {
  try {
    return readSettings(root, file, moved);
  } catch (error) {
    if (error instanceof TooManyFaults) {
      return null;
    }
    throw error;
  }
}

function readSettings(root: Reader, file: string, moved: Members['moved']): Settings {
  root.keys([...TOP_KEYS, '$schema', ...ownKeys(root)], elsewhere);
  const groupNames = namesIn(root, 'groups');
  const checkNames = namesIn(root, 'checks');
  const names: Names = { groups: new Set(groupNames), checks: new Set(checkNames), moved };
  if (groupNames.length === 0 && !root.in('groups').failed) {
    root
      .in('groups')
      .fail('must be a mapping with at least one group: its name, and below it sources and destinations');
  }
  const groups = groupNames.map((name) => {
    const reader = root.in('groups').in(name);
    if (!/^[^\s/:\p{Cc}\p{Cs}\ufffd]{1,63}$/u.test(name)) {
      reader.fail(
        "the name of a group has 1 to 63 characters, no control characters, and no white space, '/' or ':'",
        'key',
      );
    }
    return { name, reader, ...readGroup(reader, names) };
  });
  const checks = new Map<string, CheckSettings>();
  for (const name of checkNames) {
    const reader = root.in('checks').in(name);
    if (name === '' || /[\p{Cc}\p{Cs}\ufffd]/u.test(name)) {
      reader.fail('the name of a check has at least one character, and no control characters', 'key');
    }
    const check = readCheck(reader, name);
    if (check !== null) {
      checks.set(checkId(name), check);
    }
  }
  return {
    policy: { groups: Object.fromEntries(groups.map(({ name, group }) => [name, group])) },
    destinations: destinationsOf(groups),
    checks,
    hooks: root.has('hooks') ? root.in('hooks').items('hooks').map(readHook) : [],
    log: root.has('log') ? readLog(root.in('log')) : {},
    metrics: root.has('metrics') ? readMetrics(root.in('metrics')) : null,
    file,
  };
}

/** Keys for the anchors of the file's author: `x-uplinks: &uplinks [em0, bge0]`. Nothing is read there. */
function ownKeys({ value }: Reader): readonly string[] {
  return Object.keys(Object(value)).filter((key) => key.startsWith('x-'));
}

/** Where a key at the top belongs. */
function elsewhere(key: string): string | undefined {
  if (GROUP_KEYS.some((known) => known === key)) {
    return `belongs to a group: groups: {NAME: {${key}: …}}`;
  }
  return !groupOptions.some((known) => known === key) && Object.hasOwn(daemonOptions, key)
    ? `belongs to the command line: --${key}`
    : undefined;
}

function namesIn(root: Reader, key: string): readonly string[] {
  return root.has(key) ? (root.in(key).keys() ?? []) : [];
}

/** One way to set each destination, whichever groups name it. */
function destinationsOf(
  groups: readonly (ReadGroup & { readonly name: string; readonly reader: Reader })[],
): ReadonlyMap<string, DestinationSettings> {
  const all = new Map<string, { readonly settings: DestinationSettings; readonly group: string }>();
  for (const { name, reader, destinations } of groups) {
    for (const [index, settings] of destinations.entries()) {
      const other = all.get(settings.id);
      if (other !== undefined && JSON.stringify(other.settings) !== JSON.stringify(settings)) {
        reader
          .in('destinations')
          .in(index)
          .fail(
            `group '${other.group}' sets ${settings.id} in another way (action or on-exit): they must agree`,
          );
      }
      all.set(settings.id, { settings, group: name });
    }
  }
  return new Map([...all].map(([id, { settings }]) => [id, settings]));
}

function readLog(reader: Reader): LogSettings {
  if (typeof reader.value === 'string') {
    reader.fail(`must be a mapping: write {format: ${reader.value}} or {target: ${reader.value}}`);
    return {};
  }
  reader.keys(['format', 'target']);
  return {
    ...(reader.has('format') ? { format: reader.in('format').choice(LOG_FORMATS) } : {}),
    ...(reader.has('target') ? { target: reader.in('target').choice(LOG_TARGETS) } : {}),
  };
}

function readMetrics(reader: Reader): Settings['metrics'] {
  if (typeof reader.value === 'string' || reader.written !== undefined) {
    reader.fail(`must be a mapping: write {listen: ${reader.shown}}`);
    return null;
  }
  if (reader.keys(['listen']) === undefined) {
    return null;
  }
  const listen = reader.in('listen');
  const text = typeof listen.value === 'number' ? String(listen.value) : listen.text('ADDRESS:PORT');
  const address = parseListenAddress(text);
  if (address === null && text !== '') {
    listen.fail('must be ADDRESS:PORT or PORT, such as "127.0.0.1:9817" or "[::1]:9817"');
  }
  return address;
}

/** What the policy refuses, put where it stands in the file. */
function policyFaults({ policy }: Settings, value: unknown, moved: Members['moved']): readonly Fault[] {
  try {
    compiled(policy);
    return [];
  } catch (error) {
    if (error instanceof PolicyError) {
      return error.issues.map((issue) => ({
        path: filePath(issue, value, moved),
        what: 'value',
        message: plainly(issue.message),
      }));
    }
    throw error;
  }
}

/** A sentence of the policy as the others are: it goes on behind the key. */
function plainly(sentence: string): string {
  return `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}

/** From the words of the policy to those of the file: `atLeast` is `at-least`, `require.all` may be `sources`. */
function filePath({ path }: PolicyIssue, value: unknown, moved: Members['moved']): ConfigPath {
  const [, group = '', ...rest] = path;
  const words = rest.map((step) =>
    typeof step === 'string'
      ? step.replace(/Ms$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      : step,
  );
  const reader = new Reader([], value).in('groups').in(group);
  if (reader.has('sources') && words[0] === 'require') {
    // Beside the sources stands how many of them are enough.
    words.splice(0, 2, ...(words[1] === 'at-least' ? ['require'] : ['sources']));
  }
  const found: (string | number)[] = ['groups', group];
  for (const step of words) {
    const places = moved.get(movedKey(found));
    found.push(...(typeof step === 'number' ? (places?.[step] ?? [step]) : [step]));
  }
  return found;
}
