import { lstatSync, readdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

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

/** As many symbolic links as Linux follows in one path. */
const MOST_LINKS = 40;

/** Where a path leads to, and whether others could make it lead elsewhere. */
export interface FollowedPath {
  /** The path without symbolic links. What it names need not exist, the directory that it is in does. */
  readonly path: string;
  /** Why others could; null where they cannot. */
  readonly fault: string | null;
}

/**
 * Follows a path as the kernel does, and looks at each directory and symbolic link on the way: they have to be ours or
 * root's alone to change. Everybody may write to a directory as long as nobody can take away what is another's, as in
 * /tmp.
 *
 * @param path an absolute path
 * @throws Node's own error where it leads nowhere
 */
export function followPath(path: string): FollowedPath {
  const left = path.split('/').reverse();
  let links = 0;
  let here = '/';
  let fault = directoryFault('/', true);
  while (left.length > 0) {
    const name = left.pop() ?? '';
    if (name === '' || name === '.') {
      continue;
    }
    const next = name === '..' ? dirname(here) : join(here, name);
    const last = left.every((rest) => rest === '');
    const stat = lstatSync(next, { throwIfNoEntry: !last });
    if (stat?.isSymbolicLink() === true) {
      links += 1;
      fault ??= isTrusted(stat)
        ? null
        : `${next} is a symbolic link of user ${stat.uid}, who could have it lead elsewhere`;
      const target = readlinkSync(next);
      left.push(...target.split('/').reverse());
      here = target.startsWith('/') ? '/' : here;
      if (links > MOST_LINKS) {
        // The kernel's own error.
        statSync(path);
      }
      continue;
    }
    if (!last) {
      fault ??= directoryFault(next, true);
    }
    here = next;
  }
  return { path: here, fault };
}

/** Of a file that nobody but this user and root can have written. */
export function isPrivate(stat: Stats): boolean {
  return stat.isFile() && isTrusted(stat) && (stat.mode & OTHERS_WRITE) === 0;
}

/** Of this user, or of root. */
export function isTrusted({ uid }: Pick<Stats, 'uid'>): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

/** The names in a folder; none where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
