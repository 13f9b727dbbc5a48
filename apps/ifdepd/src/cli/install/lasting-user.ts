import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { loadSettings } from '../../config/load-settings.ts';
import { isLastingUser, makeUser } from '../../diagnose/bus-user.ts';
import { sandboxFindings } from '../../diagnose/sandbox-findings.ts';
import { shippedSandbox } from '../../diagnose/service-sandbox.ts';
import type { Installation } from './installation.ts';

const USER = 'ifdepd';

/**
 * Commands that give the unit of systemd a user that dbus-daemon can look up, where the configuration asks about units. useradd(8) refuses
 * the name while the unit runs with a user of that name that systemd made.
 *
 * @param lasts whether a user is in the file of users. Default: the file is read
 */
export function lastingUser(
  { config, user }: Pick<Installation, 'config' | 'user'>,
  lasts = isLastingUser,
): readonly (readonly string[])[] {
  if (user !== null || !existsSync(config) || lasts(USER)) {
    return [];
  }
  const isRefused = sandboxFindings(loadSettings(config), null, shippedSandbox).some(({ message }) =>
    message.includes(makeUser(USER).join(' ')),
  );
  if (!isRefused) {
    return [];
  }
  const isActive =
    spawnSync('systemctl', ['is-active', '--quiet', 'ifdepd'], { stdio: 'ignore' }).status === 0;
  return isActive
    ? [['systemctl', 'stop', 'ifdepd'], makeUser(USER), ['systemctl', 'start', 'ifdepd']]
    : [makeUser(USER)];
}
