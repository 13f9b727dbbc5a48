import type { DestinationSettings, Settings } from '../../config/settings.ts';
import { absolutePath } from '../../system/directories.ts';
import type { CommandLineGroup, DaemonArguments } from './daemon-arguments.ts';

/** The settings of the command line, or those of the file that it names. @throws {ConfigError} */
export async function settingsOf(args: Pick<DaemonArguments, 'config' | 'group'>): Promise<Settings> {
  if (args.group !== null) {
    return commandLineSettings(args.group);
  }
  const { loadSettings } = await import('../../config/load-settings.ts');
  return loadSettings(absolutePath(args.config ?? ''));
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
