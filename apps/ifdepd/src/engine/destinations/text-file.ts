import { closeSync, constants, openSync, readSync } from 'node:fs';
import { errorCode } from '../../system/directories.ts';
import { followPath } from '../../system/trusted-path.ts';
import { replaceText } from './replace-text.ts';

/** With these errors there is no file of that name. */
const GONE: readonly string[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

const { O_RDONLY, O_NONBLOCK } = constants;

/**
 * A file with a short text, see {@link replaceText}. Its path is followed through directories and symbolic links that nobody else
 * can change, and no others.
 *
 * @param size bytes: a longer text is cut there
 */
export function textFile(path: string, size: number) {
  const buffer = Buffer.alloc(size);
  return {
    /** The text of the file, without white space around it; null where there is no file, undefined where it cannot be read now. */
    content(): string | null | undefined {
      try {
        // O_NONBLOCK: a named pipe must not hold the daemon.
        const fd = openSync(path, O_RDONLY | O_NONBLOCK);
        try {
          return buffer.toString('utf8', 0, readSync(fd, buffer)).trim();
        } finally {
          closeSync(fd);
        }
      } catch (error) {
        return GONE.includes(errorCode(error)) ? null : undefined;
      }
    },
    /** @throws an error with a `code`: EPERM where others can change the path */
    write(text: string): void {
      const { path: file, fault } = followPath(path);
      if (fault !== null) {
        throw Object.assign(new Error(`cannot write ${path}: ${fault}`), { code: 'EPERM' });
      }
      replaceText(file, text);
    },
  };
}
