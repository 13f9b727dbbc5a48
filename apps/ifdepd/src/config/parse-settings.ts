import { PolicyError } from '@ifdepd/policy';
import { compiled } from './compiled-policy.ts';
import { ConfigError, type ConfigIssue, fileError, MOST_ISSUES } from './config-error.ts';
import { type ConfigDocument, type ConfigPath, type Position, parseYaml } from './document.ts';
import { durationOf } from './duration.ts';
import { type Fault, faultsOf } from './faults.ts';
import { type ReadIncluded, withIncluded } from './included.ts';
import { isMapping, plainValue } from './odd-number.ts';
import { commandOf } from './read-destination.ts';
import { checkId, type ReadGroups, readGroups } from './read-groups.ts';
import { probeFaults, probeId, readProbe } from './read-probes.ts';
import { type CheckSettings, parseListenAddress, type Settings } from './settings.ts';
import { type ConfigFile, fileShape } from './shape.ts';

/**
 * Settings from the text of a configuration, YAML or JSON.
 *
 * @param file its name, for messages
 * @param included finds and reads what `include` names. Default: nothing may be included
 * @throws {ConfigError} with everything that is wrong with it
 *
 * @example
 * ```ts
 * import { ConfigError, parseSettings } from 'ifdepd';
 *
 * const { policy } = parseSettings('groups: {gateway: {sources: [eth0], destinations: [vrrp.51]}}', 'ifdepd.conf');
 * console.log(Object.keys(policy.groups).join()); // gateway
 *
 * try {
 *   parseSettings('groups: {gateway: {sources: [eth0], destinatoins: [vrrp.51]}}', 'ifdepd.conf');
 * } catch (error) {
 *   console.log(error instanceof ConfigError && error.issues.length); // 1
 * }
 * ```
 */
export function parseSettings(text: string, file: string, included: ReadIncluded = refuseInclude): Settings {
  for (const [name, value] of Object.entries({ text, file })) {
    if (typeof value !== 'string') {
      throw new TypeError(`parseSettings: ${name} must be a string, not ${String(value)}`);
    }
  }
  const document = withIncluded(parseYaml(text), file, included);
  if (document.value === undefined) {
    throw mistakes(file, document.issues);
  }
  const written = withoutOwnKeys(document.value);
  const shape = fileShape.safeParse(written);
  // A large file can have many thousands.
  const issues = shape.error?.issues.slice(0, MOST_ISSUES) ?? [];
  const faults = issues.flatMap((issue) => faultsOf(issue, document));
  if (faults.length < MOST_ISSUES) {
    const { groups, checks, probes } = Object(written);
    const read = readGroups(groups, { check: namesOf(checks), probe: namesOf(probes) });
    const others = shape.success ? othersOf(shape.data) : null;
    faults.push(...read.faults);
    faults.push(...policyFaults(read, faults), ...probeFaults(others?.probes ?? new Map()));
    if (others !== null && faults.length === 0 && document.issues.length === 0) {
      const { policy, patterns, destinations } = read;
      return { policy, ...(patterns && { patterns }), destinations, ...others, file };
    }
  }
  throw mistakes(file, inOrder(faults.slice(0, MOST_ISSUES), document));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function refuseInclude(pattern: string): never {
  throw fileError(
    pattern,
    'cannot be included: only a configuration that is read from a file includes others',
  );
}

function namesOf(entries: unknown): ReadonlySet<string> {
  return new Set(isMapping(entries) ? Object.keys(entries) : []);
}

/** The file without the keys that hold anchors: `x-uplinks: &uplinks [em0, bge0]`. */
function withoutOwnKeys(value: unknown): unknown {
  return isMapping(value)
    ? Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')))
    : value;
}

/** The mistakes that the policy finds, except in values that were refused already. */
function policyFaults({ policy, filePath }: ReadGroups, known: readonly Fault[]): readonly Fault[] {
  try {
    compiled(policy);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) {
      throw error;
    }
    return error.issues
      .map(({ path, message }): Fault => ({ path: filePath(path), what: 'value', message }))
      .filter((fault) => !known.some((earlier) => covers(earlier, fault.path)));
  }
}

/** Whether an earlier fault concerns a path: its own, or that of a value around it. */
function covers({ path: faulty, what }: Fault, path: ConfigPath): boolean {
  return (
    faulty.every((step, index) => path[index] === step) && (what === 'value' || faulty.length === path.length)
  );
}

/** The faults with line and column, together with those of the YAML, sorted by position. */
function inOrder(faults: readonly Fault[], document: ConfigDocument): readonly ConfigIssue[] {
  const found = faults.map(({ path, what, message }) => ({
    ...document.locate(path, what),
    key: path.map(shortStep).join('.'),
    message,
  }));
  // A fault at the place of a YAML fault follows from it, and is not reported.
  const placeOf = ({ file = '', line, column }: Position) => `${file}:${line}:${column}`;
  const known = new Set(document.issues.map(placeOf));
  return [...document.issues, ...found.filter((issue) => !known.has(placeOf(issue)))].sort(
    (one, other) =>
      compare(one.file ?? '', other.file ?? '') || one.line - other.line || one.column - other.column,
  );
}

/** Longer keys are cut short in messages, since each mistake below one would repeat it. */
const LONGEST_KEY = 80;

function shortStep(step: string | number): string | number {
  return typeof step === 'string' && step.length > LONGEST_KEY ? `${step.slice(0, LONGEST_KEY)}…` : step;
}

function mistakes(file: string, issues: readonly ConfigIssue[]): ConfigError {
  const message = `there may be more mistakes: these are the first ${MOST_ISSUES}`;
  const unread = { line: 0, column: 0, key: '', message };
  return new ConfigError(
    file,
    issues.length < MOST_ISSUES ? issues : [...issues.slice(0, MOST_ISSUES), unread],
  );
}

/** Everything but the groups. */
function othersOf({ checks = {}, probes = {}, hooks = [], log = {}, metrics }: ConfigFile) {
  return {
    checks: new Map(
      Object.entries(checks).map(([name, check]) => [checkId(name), checkOf(name, check)] as const),
    ),
    probes: new Map(
      Object.entries(probes).map(([name, probe]) => [probeId(name), readProbe(name, probe)] as const),
    ),
    hooks: hooks.map(({ on = ['up', 'down'] as const, exec, timeout }) => ({
      on: [on].flat(),
      command: commandOf(exec) ?? [],
      timeoutMs: durationOf(timeout) ?? TIMEOUT_MS,
    })),
    log,
    metrics: metrics === undefined ? null : parseListenAddress(String(metrics.listen)),
  };
}

const EVERY_MS = 10_000;
const TIMEOUT_MS = 10_000;

function checkOf(name: string, check: NonNullable<ConfigFile['checks']>[string]): CheckSettings {
  if ('file' in check) {
    return { name, kind: 'file', path: check.file, activeWhen: check['active-when'] ?? 'present' };
  }
  const everyMs = durationOf(check.every) ?? EVERY_MS;
  return {
    name,
    kind: 'exec',
    command: commandOf(check.exec) ?? [],
    everyMs,
    timeoutMs: durationOf(check.timeout) ?? Math.min(TIMEOUT_MS, everyMs),
    rise: Number(plainValue(check.rise ?? 1)),
    fall: Number(plainValue(check.fall ?? 1)),
  };
}
