import { readFileSync } from 'node:fs';

/**
 * Whether a user is in the file of users. dbus-daemon closes the connection of a user whom it cannot look up, and systemd keeps it
 * from looking up those that DynamicUser= makes (execute.c: SYSTEMD_NSS_DYNAMIC_BYPASS). A unit with DynamicUser= takes a lasting user of
 * its name where there is one: systemd.exec(5).
 */
export function isLastingUser(name: string): boolean {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .some((line) => line.startsWith(`${name}:`));
  } catch {
    return false;
  }
}

/** Makes a user that lasts. useradd(8) refuses a name that a running unit has. */
export function makeUser(name: string): readonly string[] {
  return ['useradd', '--system', '--shell', '/usr/sbin/nologin', name];
}
