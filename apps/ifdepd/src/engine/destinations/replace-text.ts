import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';

const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** The mode of a file that was not there. */
const NEW_MODE = 0o644;

/**
 * Gives a file another text. In one step (rename(2)), so that nobody reads half of it, where the new file can have the mode,
 * owner and group of the old one. Where it cannot, or the file may not be replaced (a mount point, a directory that is
 * read-only), the text is written into the file that is there.
 *
 * @param file where it really is: no symbolic link is followed
 * @throws Node's own error where neither is possible, one with the code EINVAL where it is no regular file
 */
export function replaceText(file: string, text: string): void {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before?.isFile() === false) {
    throw Object.assign(new Error(`${file} exists and is not a regular file`), { code: 'EINVAL' });
  }
  try {
    replace(file, text, before);
  } catch (error) {
    if (before === undefined) {
      throw error;
    }
    overwrite(file, text);
  }
}

function replace(file: string, text: string, before: Stats | undefined): void {
  const next = `${file}.ifdepd`;
  rmSync(next, { force: true });
  const fd = openSync(next, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, NEW_MODE);
  try {
    try {
      if (before !== undefined) {
        beLike(fd, before);
      }
      writeFileSync(fd, text);
    } finally {
      closeSync(fd);
    }
    renameSync(next, file);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/** @throws EPERM where a file cannot be given to its owner */
function beLike(fd: number, { uid, gid, mode }: Stats): void {
  const now = fstatSync(fd);
  if (now.uid !== uid || now.gid !== gid) {
    fchownSync(fd, uid, gid);
  }
  fchmodSync(fd, mode & 0o777);
}

/** Not in one step: the new text is written over the old one, and the rest is cut off. */
function overwrite(file: string, text: string): void {
  const fd = openSync(file, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (fstatSync(fd).nlink > 1) {
      throw Object.assign(new Error(`${file} has other names, of which one may be another's file`), {
        code: 'EMLINK',
      });
    }
    writeFileSync(fd, text);
    ftruncateSync(fd, Buffer.byteLength(text));
  } finally {
    closeSync(fd);
  }
}
