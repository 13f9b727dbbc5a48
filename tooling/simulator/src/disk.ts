import { constants } from 'node:fs';
import { DESTINATIONS } from './host.ts';
import type { Mortal } from './mortal.ts';
import { type DiskCalls, FIRST_DESCRIPTOR } from './simulated-files.ts';

/** A file; null in {@link Disk} stands for a folder. */
interface File {
  bytes: Buffer;
  /** How much of it a power cut leaves at least. */
  durable: number;
}

interface Open {
  readonly file: File;
  readonly append: boolean;
}

/** Of Linux. */
const EAGAIN = 11;

let lastDescriptor = FIRST_DESCRIPTOR;

/** What a call comes to: it returns, or throws an error with a code. */
type Work = () => unknown;

/**
 * The files of one host, in memory. A call that waits for a thread in Node is made in the next {@link Disk.turn}, in the order
 * of the calls.
 */
export class Disk {
  readonly #files = new Map<string, File | null>();
  readonly #open = new Map<number, Open>();
  readonly #locks = new Map<File, number>();
  #process: Mortal;
  #waiting: (() => void)[] = [];
  #fault = { errno: '', left: 0, skip: 0 };
  #failed = 0;
  /** Destinations of which the latest record of the ledger was not written. */
  readonly #unrecorded = new Set<string>();
  /** Whether the present process could not open a ledger. */
  #hasNoLedger = false;

  /**
   * @param root its folder
   * @param process the process that uses it
   */
  constructor(root: string, process: Mortal) {
    this.#files.set(root, null);
    this.#process = process;
  }

  /** How many calls have failed. */
  get failed(): number {
    return this.#failed;
  }

  /** Destinations that the next process may not know to have been set: their latest records, or all of them, were refused since the last call. */
  takeUnrecorded(): readonly string[] {
    const found = this.#hasNoLedger ? DESTINATIONS : [...this.#unrecorded];
    this.#unrecorded.clear();
    return found;
  }

  /** Of the calls that change something, some succeed from now on, and then so many fail with an errno. */
  fail(errno: string, times: number, skip = 0): void {
    this.#fault = { errno, left: times, skip };
  }

  /** Whether a descriptor is one of this disk. */
  owns(fd: number): boolean {
    return this.#open.has(fd);
  }

  /** Whether calls wait. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Makes the calls that wait. @returns whether there were any */
  turn(): boolean {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) {
      call();
    }
    return waiting.length > 0;
  }

  /** A new process uses it. The kernel has closed the files of the former one, and given up its locks. */
  begin(process: Mortal): void {
    this.#process = process;
    this.#open.clear();
    this.#locks.clear();
    this.#waiting = [];
    this.#hasNoLedger = false;
  }

  /** The power fails: of what was appended since the last time, a part is left. @param part 0 to 1 */
  cutPower(part: number): void {
    for (const file of this.#files.values()) {
      if (file !== null) {
        const { bytes, durable } = file;
        file.bytes = bytes.subarray(0, durable + Math.floor((bytes.length - durable) * part));
        file.durable = file.bytes.length;
      }
    }
  }

  /** flock(2) of an exclusive lock, without waiting. @returns 0, or the negated EAGAIN where another descriptor has it */
  lock(fd: number): number {
    const { file } = this.#descriptor(fd);
    if ((this.#locks.get(file) ?? fd) !== fd) {
      return -EAGAIN;
    }
    this.#locks.set(file, fd);
    return 0;
  }

  readonly calls: DiskCalls = {
    closeSync: (fd) => {
      const open = this.#open.get(Number(fd));
      this.#open.delete(Number(fd));
      if (open !== undefined && this.#locks.get(open.file) === fd) {
        this.#locks.delete(open.file);
      }
    },
    fstatSync: (fd) => statOf(this.#descriptor(Number(fd)).file),
    ftruncateSync: (fd) =>
      this.#now('ftruncate', '', () => {
        const { file } = this.#descriptor(Number(fd));
        file.bytes = Buffer.alloc(0);
        file.durable = 0;
      }),
    lstatSync: (path) => statOf(this.#at(String(path))),
    mkdirSync: (path) =>
      this.#now('mkdir', String(path), () => {
        if (this.#files.has(String(path))) {
          throw failure('EEXIST', String(path));
        }
        this.#files.set(String(path), null);
      }),
    openSync: (path, flags) =>
      this.#now('open', String(path), () => this.#openFile(String(path), Number(flags))),
    readFileSync: (subject) => {
      const file = typeof subject === 'number' ? this.#descriptor(subject).file : this.#at(String(subject));
      return file?.bytes.toString('utf8');
    },
    readSync: (fd, into, offset, length, position) =>
      this.#descriptor(Number(fd)).file.bytes.copy(
        into as Buffer,
        Number(offset),
        Number(position),
        Number(position) + Number(length),
      ),
    readdirSync: (path) =>
      [...this.#files.keys()].flatMap((one) => {
        const name = one.startsWith(`${path}/`) ? one.slice(`${path}/`.length) : '';
        return name === '' || name.includes('/') ? [] : [name];
      }),
    rename: (from, to, done) => this.#later('rename', '', () => this.#rename(String(from), String(to)), done),
    renameSync: (from, to) => this.#now('rename', '', () => this.#rename(String(from), String(to))),
    rmSync: (path) => this.#now('unlink', '', () => void this.#files.delete(String(path))),
    statSync: (path) => statOf(this.#at(String(path))),
    write: (fd, text, done) =>
      this.#later('write', String(text), () => this.#write(Number(fd), String(text)), done),
    writeFile: (path, text, _, done) =>
      this.#later(
        'write',
        '',
        () => {
          if (this.#files.has(String(path))) {
            throw failure('EEXIST', String(path));
          }
          this.#files.set(String(path), { bytes: Buffer.from(String(text)), durable: 0 });
        },
        done,
      ),
    writeSync: (fd, text, position) =>
      this.#now('write', String(text), () =>
        this.#write(Number(fd), String(text), position as number | undefined),
      ),
  };

  /** @param subject the path, or what is written */
  #now(call: string, subject: string, work: Work): unknown {
    if (this.#process.call()) {
      throw failure('EIO', call);
    }
    if (this.#fault.left > 0 && this.#fault.skip > 0) {
      this.#fault.skip -= 1;
    } else if (this.#fault.left > 0) {
      this.#fault.left -= 1;
      this.#failed += 1;
      this.#hasNoLedger ||= call === 'mkdir' || /\.ledger(\.old)?$/.test(subject);
      for (const id of recordedIn(subject)) {
        this.#unrecorded.add(id);
      }
      throw failure(this.#fault.errno, call);
    }
    const result = work();
    if (this.#unrecorded.size > 0) {
      for (const id of recordedIn(subject)) {
        this.#unrecorded.delete(id);
      }
    }
    return result;
  }

  #later(call: string, subject: string, work: Work, done: unknown): void {
    this.#waiting.push(() => {
      let result: unknown;
      try {
        result = this.#now(call, subject, work);
      } catch (error) {
        (done as (error: unknown) => void)(error);
        return;
      }
      (done as (error: null, result: unknown) => void)(null, result);
    });
  }

  #at(path: string): File | null {
    const found = this.#files.get(path);
    if (found === undefined) {
      throw failure('ENOENT', path);
    }
    return found;
  }

  #descriptor(fd: number): Open {
    const found = this.#open.get(fd);
    if (found === undefined) {
      throw failure('EBADF', `descriptor ${fd}`);
    }
    return found;
  }

  #openFile(path: string, flags: number): number {
    let file = this.#files.get(path);
    if (file === null || (file === undefined && (flags & constants.O_CREAT) === 0)) {
      throw failure(file === null ? 'EISDIR' : 'ENOENT', path);
    }
    if (file === undefined) {
      this.#at(path.slice(0, path.lastIndexOf('/')));
      file = { bytes: Buffer.alloc(0), durable: 0 };
      this.#files.set(path, file);
    }
    lastDescriptor += 1;
    this.#open.set(lastDescriptor, { file, append: (flags & constants.O_APPEND) !== 0 });
    return lastDescriptor;
  }

  #write(fd: number, text: string, position = 0): number {
    const { file, append } = this.#descriptor(fd);
    const bytes = Buffer.from(text);
    file.bytes = append
      ? Buffer.concat([file.bytes, bytes])
      : Buffer.concat([
          file.bytes.subarray(0, position),
          bytes,
          file.bytes.subarray(position + bytes.length),
        ]);
    return bytes.length;
  }

  #rename(from: string, to: string): void {
    const file = this.#at(from);
    this.#files.delete(from);
    this.#files.set(to, file);
  }
}

/** What is read of fs.Stats: a file or folder of root that nobody else may write to. */
function statOf(file: File | null) {
  return {
    isFile: () => file !== null,
    isDirectory: () => file === null,
    isSymbolicLink: () => false,
    size: file?.bytes.length ?? 0,
    mode: file === null ? 0o750 : 0o600,
    uid: 0,
  };
}

/** The destinations of which a text has records of the ledger. */
function recordedIn(text: string): readonly string[] {
  return [...text.matchAll(/"id":"([^"]+)","was"/g)].map(([, id = '']) => id);
}

function failure(code: string, subject: string): Error {
  return Object.assign(new Error(`${code}: ${subject}`), { code });
}
