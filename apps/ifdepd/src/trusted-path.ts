import { lstatSync, type Stats, statSync } from 'node:fs';

/** What others than the owner may do: write. */
const OTHERS_WRITE = 0o022;
/** Only the owner of a file may take it away or replace it. */
const STICKY = 0o1000;

/**
 * Why what we put into a directory may become something else, or lead somewhere else; null where it is ours or root's
 * alone to change. A symbolic link is followed where one of these two made it: systemd makes some.
 *
 * @param shared whether everybody may write to it, as to /tmp, as long as nobody can take away what is another's
 */
export function directoryFault(path: string, shared = false): string | null {
  const link = lstatSync(path);
  // Before it is followed: where fs.protected_symlinks is set, that is refused with a mere EACCES.
  if (!isTrusted(link)) {
    return `${path} ${link.isSymbolicLink() ? 'is a symbolic link of' : 'belongs to'} user ${link.uid}, who could replace what is in it`;
  }
  const stat = statSync(path);
  if (!stat.isDirectory()) {
    return `${path} is there and is no directory`;
  }
  if (!isTrusted(stat)) {
    return `${path} belongs to user ${stat.uid}, who could replace what is in it`;
  }
  const open = (stat.mode & OTHERS_WRITE) !== 0 && !(shared && (stat.mode & STICKY) !== 0);
  return open
    ? `${path} is writable by others than its owner (mode ${(stat.mode & 0o7777).toString(8)}), who could replace what is in it: chmod go-w ${path}`
    : null;
}

/** Of a file that nobody but this user and root can have written. */
export function isPrivate(stat: Stats): boolean {
  return stat.isFile() && isTrusted(stat) && (stat.mode & OTHERS_WRITE) === 0;
}

/** Of this user, or of root. */
export function isTrusted({ uid }: Pick<Stats, 'uid'>): boolean {
  return uid === 0 || uid === process.geteuid?.();
}
