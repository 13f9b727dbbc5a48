import type { Settings } from '../config/settings.ts';
import type { Running } from './running.ts';

/** Keys of a configuration that a daemon reads at its start alone. */
const AT_START = ['log', 'metrics'] as const;

/** What the daemon was started with of them. */
export type StartSettings = Pick<Settings, (typeof AT_START)[number]>;

/** Those that the file says otherwise by now: they take effect at the next start. */
export function needsRestart({
  started,
  settings,
}: Pick<Running, 'started' | 'settings'>): readonly string[] {
  return AT_START.filter((key) => JSON.stringify(started[key]) !== JSON.stringify(settings[key]));
}

/** `metrics: takes effect at the next start`; '' where nothing does. */
export function restartWords(keys: readonly string[]): string {
  return keys.length === 0
    ? ''
    : `${keys.join(' and ')} ${keys.length === 1 ? 'takes' : 'take'} effect at the next start`;
}
