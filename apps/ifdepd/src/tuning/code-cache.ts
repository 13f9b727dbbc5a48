import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  lstatSync,
  mkdirSync,
  open,
  openSync,
  readFileSync,
  rename,
  renameSync,
  statSync,
  unlinkSync,
  writeFile,
} from 'node:fs';
import { directoryFault, isPrivate } from '../system/trusted-path.ts';

const FILE = 'core.code';
/** While it is loaded. */
const TAKEN = 'core.taken';
/** While it is written. */
const NEW = 'core.new';

/** Milliseconds after which a file that is being written was left behind by a process that ended. */
const LEFT_BEHIND_MS = 60_000;

/** Compiled code of an earlier process. */
export interface TakenCode {
  readonly code: Buffer;
  /** It was loaded, and nothing happened: for the next one. */
  putBack(): void;
}

/**
 * Takes the code that was kept of a source, by this interpreter; null where there is none, or somebody else could have
 * written it.
 *
 * It is gone until it is put back. V8 does not examine what it loads, and ends the process where it makes no sense: a
 * file by which that happened all the same is not there for the next start.
 */
export function takeCode(directory: string, source: Buffer): TakenCode | null {
  try {
    if (directoryFault(directory) !== null) {
      return null;
    }
    const [file, taken] = [`${directory}/${FILE}`, `${directory}/${TAKEN}`];
    renameSync(file, taken);
    const code = codeIn(read(taken), source);
    return code === null ? null : { code, putBack: () => renameSync(taken, file) };
  } catch {
    return null;
  }
}

/**
 * Keeps code for the next process. Whoever cannot, for a directory that is not there or not ours, goes without.
 *
 * @param code what V8 has made of the source
 */
export async function keepCode(directory: string, source: Buffer, code: Buffer): Promise<void> {
  const unfinished = `${directory}/${NEW}`;
  try {
    makeDirectory(directory);
    if (directoryFault(directory) !== null) {
      return;
    }
    removeLeftBehind(unfinished);
    await write(unfinished, Buffer.concat([code, code, source, identity()]));
    await told((done) => rename(unfinished, `${directory}/${FILE}`, done));
  } catch {}
}

/** Writes a new file, and waits until the disk has it: else one without its contents might follow a loss of power. */
async function write(path: string, bytes: Buffer): Promise<void> {
  const fd = await told<number>((done) => open(path, 'wx', 0o600, done));
  try {
    await told((done) => writeFile(fd, bytes, done));
    await told((done) => fsync(fd, done));
  } finally {
    closeSync(fd);
  }
}

/** The promises of `node:fs` bring readline and half a megabyte along. */
function told<Value = void>(
  call: (done: (error: Error | null, value?: Value) => void) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    call((error, value) => (error === null ? resolve(value as Value) : reject(error)));
  });
}

/** A file that only this user or root can have written. */
function read(path: string): Buffer {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return isPrivate(fstatSync(fd)) ? readFileSync(fd) : Buffer.alloc(0);
  } finally {
    closeSync(fd);
  }
}

/**
 * The file holds the code twice, then all of the source, then which interpreter it is for. To compare is the one
 * examination that costs nothing: what computes a checksum takes Node longer to load than there is to gain.
 */
function codeIn(kept: Buffer, source: Buffer): Buffer | null {
  const from = identity();
  const sourceAt = kept.length - from.length - source.length;
  const length = sourceAt / 2;
  const intact =
    length > 0 &&
    kept.compare(from, 0, from.length, sourceAt + source.length) === 0 &&
    kept.compare(source, 0, source.length, sourceAt, sourceAt + source.length) === 0 &&
    kept.compare(kept, length, sourceAt, 0, length) === 0;
  return intact ? kept.subarray(0, length) : null;
}

/** V8 looks at its own version and flags; a build of the same version may differ in what code refers to. */
function identity(): Buffer {
  const { size, mtimeMs, ctimeMs } = statSync(process.execPath);
  return Buffer.from(`\nifdepd 1 ${process.version} ${process.arch} ${size} ${mtimeMs} ${ctimeMs}\n`);
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, 0o700);
  } catch {}
}

function removeLeftBehind(path: string): void {
  try {
    if (lstatSync(path).mtimeMs < Date.now() - LEFT_BEHIND_MS) {
      unlinkSync(path);
    }
  } catch {}
}
