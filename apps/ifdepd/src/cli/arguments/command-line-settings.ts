import type { DestinationSettings, Settings } from '../../config/settings.ts';
import { absolutePath } from '../../system/directories.ts';
import { UsageError } from '../../system/errors.ts';
import type { CommandLineGroup, DaemonArguments } from './daemon-arguments.ts';

/**
 * The settings of the command line, or those of the file that it names.
 *
 * @param program the file of this program, which reads a large file in another process
 * @throws {ConfigError}
 */
export async function settingsOf(
  args: Pick<DaemonArguments, 'config' | 'group'>,
  program: string,
): Promise<Settings> {
  if (args.group !== null) {
    return commandLineSettings(args.group);
  }
  if (args.config === '-') {
    throw new UsageError(
      '-f -: a daemon reads its file again at a reload; only check, plan, simulate, graph and -n read standard input',
    );
  }
  const { loadFirst } = await import('../../config/load-first.ts');
  return loadFirst(absolutePath(args.config ?? ''), program);
}

/** As {@link settingsOf}, for a command that reads them once: also from standard input. @throws {ConfigError} */
export async function settingsOnce(args: Pick<DaemonArguments, 'config' | 'group'>): Promise<Settings> {
  if (args.group !== null) {
    return commandLineSettings(args.group);
  }
  const { loadOnce } = await import('../../config/load-once.ts');
  return loadOnce(args.config ?? '');
}

/** The settings that -S and -D stand for. */
export function commandLineSettings({ destinations, policy, action, onExit }: CommandLineGroup): Settings {
  const settings = (id: string): DestinationSettings => ({ id, action, interface: id, onExit });
  return {
    policy,
    destinations: new Map(destinations.map((id) => [id, settings(id)])),
    checks: new Map(),
    probes: new Map(),
    hooks: [],
    log: {},
    metrics: null,
    file: null,
  };
}
