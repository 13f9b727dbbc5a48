import { type PolicyConfig, PolicyError } from '@ifdepd/policy';
import { compiled } from '../../config/compiled-policy.ts';
import {
  CONFLICTS,
  type DaemonOption,
  daemonOptions,
  groupOptions,
  type Option,
} from '../../config/daemon-options.ts';
import { interfaceList } from '../../config/interface-list.ts';
import type { LogSettings } from '../../config/settings.ts';
import type { Verbosity } from '../../log/index.ts';
import { UsageError } from '../../system/errors.ts';
import {
  durationValue,
  earlyLossValue,
  fileValue,
  listenValue,
  namespaceValue,
  requireValue,
} from './option-values.ts';
import { type Values, wrongValue } from './parse-words.ts';

type DaemonValues = Values<typeof daemonOptions>;

/** The name of the group that -S and -D make. */
const COMMAND_LINE_GROUP = 'cli';

/** What the command line of the daemon asks for. */
export type DaemonArguments = ReturnType<typeof daemonArguments>;

/** The one group that -S and -D describe. */
export type CommandLineGroup = ReturnType<typeof commandLineGroup>;

/** @throws {UsageError} with one line that names the mistake */
export function daemonArguments(values: DaemonValues) {
  for (const [name, other, way] of CONFLICTS) {
    if (isGiven(values[name]) && isGiven(values[other])) {
      throw new UsageError(`${flagOf(name)} cannot be combined with ${flagOf(other)}; ${way}`);
    }
  }
  const { 'log-format': format, 'log-target': target } = values;
  if (values.daemon === true) {
    refuseUnseenLog(target, `--log-target ${target}`);
  }
  const config = fileValue('-f', values.config);
  const verbosity: Verbosity =
    values.quiet === true ? 'quiet' : values.verbose === true ? 'verbose' : 'normal';
  return {
    config,
    group: config === null ? commandLineGroup(values) : null,
    verbosity,
    background: values.daemon === true,
    check: values.check === true,
    pidfile: fileValue('-p', values.pidfile),
    wait: values.wait === true,
    once: values.once === true,
    dryRun: values['dry-run'] === true,
    earlyLoss: earlyLossValue(values['early-loss'] ?? 'auto'),
    kernelFailover: values['kernel-failover'] !== 'off',
    log: { ...(format && { format }), ...(target && { target }) },
    netns: namespaceValue(values.netns),
    /** 'default' where none was asked for, null with --no-socket. */
    socket: values['no-socket'] === true ? null : (fileValue('-s', values.socket) ?? 'default'),
    metrics: listenValue('--metrics', values.metrics),
    force: values.force === true,
  };
}

/** A switch may be given as false where an option is repeated; it never is here. */
function isGiven(value: DaemonValues[DaemonOption]): boolean {
  return value !== undefined && value !== false;
}

/** `-f`; an option of the group in full, as its key in a file. */
function flagOf(name: DaemonOption): string {
  const { short }: Option = daemonOptions[name];
  return short === undefined || name in groupOptions ? `--${name}` : `-${short}`;
}

/**
 * In the background there is no standard error, which the lines for the journal are written to as well.
 *
 * @param words what named the target
 * @throws {UsageError}
 */
export function refuseUnseenLog(target: LogSettings['target'], words: string): void {
  if (target === 'stderr' || target === 'journal') {
    throw new UsageError(`-d cannot be combined with ${words}; in the background nobody would see the log`);
  }
}

function commandLineGroup(values: DaemonValues) {
  const written = { sources: values.source ?? [], destinations: values.destination ?? [] };
  if (written.sources.length === 0) {
    throw new UsageError('no source interface: name at least one with -S, or a file with -f');
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
  const { action = 'admin', 'on-exit': onExit = 'leave' } = values;
  return {
    sources,
    destinations,
    /** The values of -S and -D as they were written. */
    written,
    policy: policyOf(values, sources, destinations),
    action,
    onExit,
  };
}

/** @throws {UsageError} where so many sources cannot be required */
function policyOf(
  values: DaemonValues,
  sources: readonly string[],
  destinations: readonly string[],
): PolicyConfig {
  const { require = 'all', enforce, raise, restore } = values;
  const knobs = {
    upDelayMs: durationValue('--up-delay', values['up-delay']),
    downDelayMs: durationValue('--down-delay', values['down-delay']),
    startDelayMs: durationValue('--start-delay', values['start-delay']),
    startHoldMs: durationValue('--start-hold', values['start-hold']),
    enforce,
    raise,
    restore,
  };
  const given = Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined));
  const rule = { require: requireValue(require, sources), destinations, ...given };
  const policy: PolicyConfig = { groups: { [COMMAND_LINE_GROUP]: rule } };
  try {
    compiled(policy);
  } catch (error) {
    if (!(error instanceof PolicyError)) {
      throw error;
    }
    // Everything else was looked at above.
    const message = error.issues[0]?.message ?? error.message;
    throw wrongValue('--require', require, message.replace(/^must be /, 'must be all, any, '));
  }
  return policy;
}
