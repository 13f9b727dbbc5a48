import type { Settings } from '../config/settings.ts';
import type { Running } from './running.ts';

/** Keys of a configuration that take effect only at a start. */
const AT_START = ['log', 'metrics'] as const;

/** Their values at the start of the daemon. */
export type StartSettings = Pick<Settings, (typeof AT_START)[number]>;

/** The keys whose values have changed since. */
export function needsRestart({
  started,
  settings,
}: Pick<Running, 'started' | 'settings'>): readonly string[] {
  return AT_START.filter((key) => JSON.stringify(started[key]) !== JSON.stringify(settings[key]));
}

/** `metrics takes effect at the next start`; '' where there are none. */
export function restartNotice(keys: readonly string[]): string {
  return keys.length === 0
    ? ''
    : `${keys.join(' and ')} ${keys.length === 1 ? 'takes' : 'take'} effect at the next start`;
}
