import type { Settings } from '../../config/settings.ts';
import type { Finding } from '../../diagnose/findings.ts';
import { sandboxFindings } from '../../diagnose/sandbox-findings.ts';
import { readSandbox, SHIPPED_UNIT } from '../../diagnose/service-sandbox.ts';
import type { DaemonArguments } from '../../service/run-options.ts';
import { UsageError } from '../../system/errors.ts';

/**
 * What the service manager of this host does not let a configuration do, where a unit of it runs this file.
 *
 * @param unit that of --unit, whatever file it runs. Default: ours, where it is installed and runs this one
 * @throws {UsageError} where a unit is named that there is not
 */
export function serviceFindings(
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
