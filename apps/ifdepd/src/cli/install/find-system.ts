import { existsSync } from 'node:fs';
import { hostTarget } from '@ifdepd/libc';
import { ExitCode, ExitError, UsageError } from '../../system/errors.ts';
import { type ServiceSystem, serviceRules } from './service-files.ts';

const names = Object.keys(serviceRules) as readonly ServiceSystem[];

/**
 * The system of services of this machine, or the one that --system names.
 *
 * @throws {ExitError} 69 where this machine has none that is known
 */
export function serviceSystem(given: string | undefined): ServiceSystem {
  if (given !== undefined) {
    const known = names.find((name) => name === given);
    if (known === undefined) {
      throw new UsageError(`--system '${given}': must be one of ${names.join(', ')}`);
    }
    return known;
  }
  const { platform } = hostTarget();
  switch (platform) {
    case 'darwin':
      return 'launchd';
    case 'dragonfly':
      return 'freebsd';
    case 'linux':
      // sd_booted(3), and what openrc(8) makes when it boots.
      if (existsSync('/run/systemd/system')) {
        return 'systemd';
      }
      if (existsSync('/run/openrc')) {
        return 'openrc';
      }
      throw new ExitError(
        ExitCode.unavailable,
        `neither systemd nor OpenRC runs here; --dry-run --system NAME prints the file for ${names.join(', ')}`,
      );
    default:
      return platform;
  }
}
