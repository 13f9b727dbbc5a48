import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  write as writeFd,
  writeSync,
} from 'node:fs';
import { lineQueue } from '../log/line-queue.ts';
import { errorCode } from '../system/directories.ts';
import { readRegular } from '../system/trusted-path.ts';

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;

/** A file of lines that takes at most twice its limit, and twice its first line: its older half is `NAME.old`. */
export type RotatingFile = ReturnType<typeof openRotatingFile>;

/**
 * Opens one, for this process and later ones. A full or stuck disk loses lines and nothing else: a thread of the pool
 * writes.
 *
 * @param first the first line of each new file
 * @param mode of a file that is made. Default: 0640
 * @throws Node's own error where it cannot be opened
 */
export function openRotatingFile(path: string, limitBytes: number, first: () => string, mode = 0o640) {
  let fd = openFile(path, mode);
  let size = endLastLine(fd);
  let closed = false;
  const queue = lineQueue((text, done) => {
    writeFd(fd, text, (error, written) => {
      size += error === null ? written : 0;
      if (size > limitBytes) {
        rotate();
      }
      done();
    });
  });

  function rotate(): void {
    try {
      moveAway();
      const old = fd;
      fd = openFile(path, mode);
      const head = first();
      // It does not count: where it alone is longer than the limit, each write of it would rotate the file again.
      size = -Buffer.byteLength(`${head}\n`);
      queue.unshift(head);
      closeSync(old);
    } catch {
      // Then the file grows; the next line tries again.
    }
  }

  /** The file may be gone: the last rotation failed after this, or somebody has removed it. */
  function moveAway(): void {
    try {
      renameSync(path, `${path}.old`);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        throw error;
      }
    }
  }

  /** From here on the descriptor may be that of another file: nothing is written any more. */
  function closeNow(): void {
    if (!closed) {
      closed = true;
      try {
        closeSync(fd);
      } catch {
        // The disk failed with the last write: the descriptor is closed all the same.
      }
    }
  }

  return {
    /** Never throws, never waits. */
    write(line: string): void {
      if (!closed && !queue.isFull) {
        queue.push(line);
      }
    },
    /**
     * Writes before it returns. A pending line of {@link write} may come after it.
     *
     * @throws Node's own error where it cannot be written
     */
    writeNow(line: string): void {
      if (closed) {
        throw Object.assign(new Error(`${path} was closed`), { code: 'EBADF' });
      }
      size += writeSync(fd, `${line}\n`);
    },
    /**
     * Opens the file once more, for the kernel to append to. The caller closes it.
     *
     * @throws Node's own error where it cannot be opened
     */
    openAgain: () => openFile(path, mode),
    /** Waits for pending writes, for as long as a stop may take. */
    close: () => queue.close(closeNow),
  };
}

function openFile(path: string, mode: number): number {
  const fd = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, mode);
  if (!fstatSync(fd).isFile()) {
    closeSync(fd);
    throw Object.assign(new Error(`${path} is not a regular file`), { code: 'ENOTSUP' });
  }
  return fd;
}

/** Ends a line that a crash has cut off. @returns the size of the file */
function endLastLine(fd: number): number {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  if (size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) {
    try {
      // Before it returns: the next line may be one of writeNow.
      return size + writeSync(fd, '\n');
    } catch {
      // The next line is lost with this one.
    }
  }
  return size;
}

/**
 * The content of a rotating file, the older half first; '' where there is none.
 *
 * @param unreadable is called for each half that cannot be read, also where there is none. Default: it counts as empty
 */
export function readRotatingFile(
  path: string,
  unreadable: (half: string, error: unknown) => void = () => {},
): string {
  return [`${path}.old`, path].map((half) => readHalf(half, unreadable)).join('');
}

/** Removes both halves of a rotating file. */
export function removeRotatingFile(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}.old`, { force: true });
}

function readHalf(path: string, unreadable: (half: string, error: unknown) => void): string {
  try {
    return readRegular(path);
  } catch (error) {
    unreadable(path, error);
    return '';
  }
}
