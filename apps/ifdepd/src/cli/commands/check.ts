import { loadLibc } from '@ifdepd/libc';
import { ConfigError } from '../../config/config-error.ts';
import type { Settings } from '../../config/settings.ts';
import { examineHost } from '../../diagnose/examine.ts';
import type { Finding } from '../../diagnose/findings.ts';
import { metricsFindings } from '../../diagnose/metrics-findings.ts';
import { exitCodeOf } from '../../diagnose/preconditions.ts';
import { sandboxFindings } from '../../diagnose/sandbox-findings.ts';
import { readSandbox, SHIPPED_UNIT } from '../../diagnose/service-sandbox.ts';
import { refuseUnsupported } from '../../diagnose/unsupported.ts';
import { ExitCode, UsageError } from '../../system/errors.ts';
import type { CommandWords } from '../arguments/arguments.ts';
import { settingsOnce } from '../arguments/command-line-settings.ts';
import type { DaemonArguments } from '../arguments/daemon-arguments.ts';
import { enterNamespaceOf } from '../arguments/enter-namespace.ts';
import { argumentsToExamine, sameConfigDaemon } from '../client/running-daemon.ts';
import { printAs, printJson, shown } from '../output/print.ts';
import { type Style, style } from '../output/terminal.ts';

/** `ifdepd check` */
export async function checkCommand({ values }: CommandWords<'check'>): Promise<number> {
  const { json, unit, ...rest } = values;
  const args = await argumentsToExamine(rest);
  enterNamespaceOf(args.netns);
  let settings: Settings;
  try {
    settings = await settingsOnce(args);
  } catch (error) {
    if (json === true && error instanceof ConfigError) {
      printJson({ config: error.file, ok: false, issues: error.issues, findings: [] });
      return error.exitCode;
    }
    throw error;
  }
  refuseUnsupported(settings, loadLibc());
  const found = await findingsOf(settings, args, unit);
  const exitCode = exitCodeOf(found, { file: settings.file, wait: args.wait });
  printAs(json, { config: settings.file, ok: exitCode === ExitCode.ok, issues: [], findings: found }, () =>
    checkLines(settings, args, found),
  );
  return exitCode;
}

/**
 * The findings of `check`, `plan` and `-n` on this host.
 *
 * @param unit the systemd unit that runs the configuration. Default: the shipped one
 */
export async function findingsOf(
  settings: Settings,
  args: DaemonArguments,
  unit?: string,
): Promise<readonly Finding[]> {
  return [
    ...(await examineHost(settings, await sameConfigDaemon(settings, args))),
    ...serviceFindings(settings, args, unit),
    ...(await metricsFindings(args.metrics ?? settings.metrics)),
  ];
}

/** The findings and the verdict. */
export function checkLines(
  settings: Settings,
  { group, config }: Pick<DaemonArguments, 'group' | 'config'>,
  found: readonly Finding[],
): readonly string[] {
  const groups = Object.keys(settings.policy.groups);
  const what =
    group === null
      ? config === '-'
        ? settings.file
        : config
      : `${group.sources.join(' ')} -> ${group.destinations.join(' ')}`;
  const which = group === null ? ` (${groups.length === 1 ? 'group' : 'groups'} ${groups.join(', ')})` : '';
  const errors = found.filter(({ level }) => level === 'error').length;
  const warnings = found.length - errors;
  const missing = found.filter(({ code }) => code === 'missing').length;
  const verdict =
    errors === 0 ? 'fine' : missing === errors ? `${missing} missing` : counted(errors, 'error');
  const tail = warnings > 0 ? `, with ${counted(warnings, 'warning')}` : '';
  return [...findingLines(found, style()), `${what}: ${verdict}${tail}${which}`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `warning: carp0: …` */
export function findingLines(found: readonly Finding[], paint: Style): readonly string[] {
  return found.map(({ level, subject, message }) => {
    const word = level === 'error' ? paint.bad('error') : paint.warn('warning');
    return `${word}: ${shown(`${subject}: ${message}`)}`;
  });
}

/**
 * Finds what the sandbox of a systemd unit withholds from a configuration.
 *
 * @param unit the value of --unit. Default: the shipped unit, where it runs this file
 * @throws {UsageError} where the given unit does not exist
 */
function serviceFindings(
  settings: Settings,
  args: Pick<DaemonArguments, 'metrics'>,
  unit?: string,
): readonly Finding[] {
  const sandbox = readSandbox(unit ?? SHIPPED_UNIT);
  if (sandbox === null) {
    if (unit !== undefined) {
      throw new UsageError(`--unit '${unit}': systemd knows no such unit, or does not run here`);
    }
    return [];
  }
  return unit === undefined && sandbox.config !== settings.file
    ? []
    : sandboxFindings(settings, args.metrics ?? settings.metrics, sandbox);
}
