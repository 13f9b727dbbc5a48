import { absolutePath } from '../absolute-path.ts';
import type { Settings } from '../settings.ts';
import { commandLineSettings } from './command-line-settings.ts';
import type { DaemonArguments } from './daemon-arguments.ts';

/** What the command line or its file says. @throws {ConfigError} */
export async function settingsOf(args: Pick<DaemonArguments, 'config' | 'group'>): Promise<Settings> {
  if (args.group !== null) {
    return commandLineSettings(args.group);
  }
  const { loadSettings } = await import('../config/load-settings.ts');
  return loadSettings(absolutePath(args.config ?? ''));
}
