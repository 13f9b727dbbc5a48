import type { Settings } from '../../config/settings.ts';
import type { DaemonArguments } from '../../service/run-options.ts';
import { absolutePath } from '../../system/absolute-path.ts';
import { commandLineSettings } from './command-line-settings.ts';

/** What the command line or its file says. @throws {ConfigError} */
export async function settingsOf(args: Pick<DaemonArguments, 'config' | 'group'>): Promise<Settings> {
  if (args.group !== null) {
    return commandLineSettings(args.group);
  }
  const { loadSettings } = await import('../../config/load-settings.ts');
  return loadSettings(absolutePath(args.config ?? ''));
}
