import type { DestinationSettings, Settings } from '../../config/settings.ts';
import type { CommandLineGroup } from '../../service/run-options.ts';

/** The name of the group that -S and -D make. */
const COMMAND_LINE_GROUP = 'cli';

/** The settings that -S and -D stand for. */
export function commandLineSettings({ destinations, rule, action, onExit }: CommandLineGroup): Settings {
  const settings = (id: string): DestinationSettings => ({ id, action, interface: id, onExit });
  return {
    policy: { groups: { [COMMAND_LINE_GROUP]: rule } },
    destinations: new Map(destinations.map((id) => [id, settings(id)])),
    checks: new Map(),
    hooks: [],
    log: {},
    metrics: null,
    file: null,
  };
}
