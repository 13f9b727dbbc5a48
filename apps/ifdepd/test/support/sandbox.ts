import { spawnSync } from 'node:child_process';
import { otherUserFault, STRANGER } from './stranger.ts';

/** Bit 12 of linux/capability.h, as /proc/PID/status shows a set of it alone. */
export const CAP_NET_ADMIN = '0000000000001000';

/** Whether a sandbox can run its program as {@link STRANGER}; as this user otherwise. */
export const asStranger: boolean = otherUserFault() === null;

/** Why there can be no sandbox here; null where there can. */
export function sandboxFault(): string | null {
  const missing = ['bwrap', 'setpriv'].filter((name) => spawnSync(name, ['--version']).error !== undefined);
  if (missing.length > 0) {
    return `${missing.join(' and ')} (bubblewrap, util-linux) is not installed`;
  }
  const [command = '', ...words] = sandbox([]);
  const { status, stderr } = spawnSync(command, [...words, 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `no sandbox can be made here: ${stderr.trim()}`;
}

/**
 * What to run a program under, so that it has of the unit's restrictions those that need no service manager: a file
 * system to read but for some folders, CAP_NET_ADMIN and no other capability in any set, no new privileges, and where
 * this is root, another user.
 *
 * @param writable the folders
 */
export function sandbox(writable: readonly string[]): readonly string[] {
  // setpriv(1) gives the last three away, with itself.
  const kept = ['CAP_NET_ADMIN', 'CAP_SETPCAP', ...(asStranger ? ['CAP_SETUID', 'CAP_SETGID'] : [])];
  const user = asStranger ? [`--reuid=${STRANGER}`, `--regid=${STRANGER}`, '--clear-groups'] : [];
  const sets = ['--inh-caps', '--ambient-caps', '--bounding-set'];
  return [
    'bwrap',
    ...['--die-with-parent', '--ro-bind', '/', '/', '--dev', '/dev', '--remount-ro', '/dev'],
    ...writable.flatMap((folder) => ['--bind', folder, folder]),
    ...['--cap-drop', 'ALL', ...kept.flatMap((name) => ['--cap-add', name])],
    ...['setpriv', ...user, ...sets.map((option) => `${option}=-all,+net_admin`)],
  ];
}
