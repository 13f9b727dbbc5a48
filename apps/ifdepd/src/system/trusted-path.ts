import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Write permission for group and others. */
const OTHERS_WRITE = 0o022;
/** Only the owner of a file may remove or replace it. */
const STICKY = 0o1000;

/**
 * Why another user could replace files in a directory; null where only this user and root can. Follows a symbolic link of this
 * user or root: systemd makes some.
 *
 * @param shared whether everybody may write to it, as to /tmp, if nobody can remove the files of others
 */
export function directoryFault(path: string, shared = false): string | null {
  const link = lstatSync(path);
  // Before following it: with fs.protected_symlinks, that fails with a mere EACCES.
  if (!isTrusted(link)) {
    return `${path} ${link.isSymbolicLink() ? 'is a symbolic link of' : 'belongs to'} user ${link.uid}, who could replace what is in it`;
  }
  const stat = statSync(path);
  if (!stat.isDirectory()) {
    return `${path} exists and is not a directory`;
  }
  if (!isTrusted(stat)) {
    return `${path} belongs to user ${stat.uid}, who could replace what is in it`;
  }
  const open = (stat.mode & OTHERS_WRITE) !== 0 && !(shared && (stat.mode & STICKY) !== 0);
  return open
    ? `${path} is writable by others than its owner (mode ${(stat.mode & 0o7777).toString(8)}), who could replace what is in it: chmod go-w ${path}`
    : null;
}

/** How many symbolic links Linux follows in one path. */
const MOST_LINKS = 40;

/** Where a path leads, and whether another user could redirect it. */
export interface FollowedPath {
  /** The path without symbolic links. Its directory exists; the file itself may not. */
  readonly path: string;
  /** Why another user could redirect it; null where none can. */
  readonly fault: string | null;
}

/**
 * Follows a path as the kernel does, and examines each directory and symbolic link in it: only this user and root may be able
 * to change them. A directory like /tmp is accepted.
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

/** An absolute path without symbolic links; the same where it leads nowhere, or is no absolute path. */
export function realPath(path: string): string {
  try {
    return path.startsWith('/') ? followPath(path).path : path;
  } catch {
    return path;
  }
}

/** Whether a file belongs to this user or root. */
export function isTrusted({ uid }: Pick<Stats, 'uid'>): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

/** The names in a folder; none where it cannot be read. @param unreadable is called then. Default: nothing is said */
export function namesIn(
  folder: string,
  unreadable: (folder: string, error: unknown) => void = () => {},
): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    unreadable(folder, error);
    return [];
  }
}

/**
 * The text of a regular file; never follows a symbolic link.
 *
 * @param mostBytes a larger file is refused. Default: no limit
 * @throws Node's own error where it cannot be read, or is no such file
 */
export function readRegular(path: string, mostBytes = Number.POSITIVE_INFINITY): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(fd);
    if (!found.isFile() || found.size > mostBytes) {
      throw Object.assign(new Error(`${path} is not a file of ifdepd`), { code: 'ENOTSUP' });
    }
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}
