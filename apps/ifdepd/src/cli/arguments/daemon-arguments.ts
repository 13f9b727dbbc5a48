import type { GroupConfig } from '@ifdepd/policy';
import { daemonOptions, groupOptions } from '../../config/daemon-options.ts';
import { interfaceList } from '../../config/interface-list.ts';
import { ACTIONS, LOG_FORMATS, LOG_TARGETS, type LogSettings, ON_EXIT } from '../../config/settings.ts';
import type { CommandLineGroup, DaemonArguments } from '../../service/run-options.ts';
import { UsageError } from '../../system/errors.ts';
import {
  choiceValue,
  durationValue,
  earlyLossValue,
  fileValue,
  listenValue,
  namespaceValue,
  requireValue,
} from './option-values.ts';
import { parseWords } from './parse-words.ts';

type Values = ReturnType<typeof parseDaemonWords>['values'];

/** @throws {UsageError} */
export function parseDaemonWords(words: readonly string[]) {
  return parseWords(words, daemonOptions);
}

/** @throws {UsageError} with one line that names the mistake */
export function daemonArguments(values: Values): DaemonArguments {
  if (values.verbose === true && values.quiet === true) {
    throw new UsageError('-v and -q exclude each other: give one of them');
  }
  if (values.daemon === true && values.once === true) {
    throw new UsageError('-d and --once exclude each other: --once ends by itself');
  }
  if (values.daemon === true && values['dry-run'] === true) {
    throw new UsageError('-d and --dry-run exclude each other: what it says would go to the system log');
  }
  const format = choiceValue('--log-format', values['log-format'], LOG_FORMATS);
  const target = choiceValue('--log-target', values['log-target'], LOG_TARGETS);
  if (values.daemon === true) {
    refuseUnseenLog(target, `--log-target ${target}`);
  }
  return {
    ...whatToWatch(values),
    verbosity: values.quiet === true ? 'quiet' : values.verbose === true ? 'verbose' : 'normal',
    background: values.daemon === true,
    check: values.check === true,
    pidfile: fileValue('-p', values.pidfile),
    wait: values.wait === true,
    once: values.once === true,
    dryRun: values['dry-run'] === true,
    earlyLoss: earlyLossValue(values['early-loss']),
    kernelFailover: choiceValue('--kernel-failover', values['kernel-failover'], ['auto', 'off']) !== 'off',
    log: { ...(format === undefined ? {} : { format }), ...(target === undefined ? {} : { target }) },
    netns: namespaceValue(values.netns),
    socket: socketOf(values),
    metrics: listenValue('--metrics', values.metrics),
    force: values.force === true,
  };
}

/**
 * In the background there is no standard error, which the lines for the journal are written to as well.
 *
 * @param words what named the target
 * @throws {UsageError}
 */
export function refuseUnseenLog(target: LogSettings['target'], words: string): void {
  if (target === 'stderr' || target === 'journal') {
    throw new UsageError(`-d and ${words} exclude each other: in the background nobody would see it`);
  }
}

function socketOf(values: Values): string | null {
  const path = fileValue('-s', values.socket);
  if (values['no-socket'] === true && path !== null) {
    throw new UsageError('-s and --no-socket exclude each other: give one of them');
  }
  return values['no-socket'] === true ? null : (path ?? 'default');
}

function whatToWatch(values: Values): Pick<DaemonArguments, 'group' | 'config'> {
  const config = fileValue('-f', values.config);
  if (config === null) {
    return { group: commandLineGroup(values), config };
  }
  const misplaced = groupOptions.find((name) => values[name] !== undefined);
  if (misplaced !== undefined) {
    throw new UsageError(`--${misplaced} and -f exclude each other: what it says belongs into the file`);
  }
  return { group: null, config };
}

function commandLineGroup(values: Values): CommandLineGroup {
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
  return {
    sources,
    destinations,
    written,
    rule: ruleOf(values, sources, destinations),
    action: choiceValue('--action', values.action, ACTIONS) ?? 'admin',
    onExit: choiceValue('--on-exit', values['on-exit'], ON_EXIT) ?? 'leave',
  };
}

function ruleOf(values: Values, sources: readonly string[], destinations: readonly string[]): GroupConfig {
  const rule: GroupConfig = { require: requireValue(values.require, sources), destinations };
  const knobs = {
    upDelayMs: durationValue('--up-delay', values['up-delay']),
    downDelayMs: durationValue('--down-delay', values['down-delay']),
    startDelayMs: durationValue('--start-delay', values['start-delay']),
    startHoldMs: durationValue('--start-hold', values['start-hold']),
    enforce: choiceValue('--enforce', values.enforce, ['down', 'always', 'never']),
    raise: choiceValue('--raise', values.raise, ['always', 'owned']),
  };
  const given = Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined));
  return { ...rule, ...given };
}
