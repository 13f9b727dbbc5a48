import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type Libc, must } from '@ifdepd/libc';
import { evenIfItFails } from '../system/even-if-it-fails.ts';
import { realLoop, type Timer } from '../system/loop.ts';
import { lastLineOf } from './last-line.ts';

/** Bytes: what a pipe of Linux holds. */
const ONE_READ = 65_536;

/** Milliseconds between two reads: at most 6.5 MB/s are read, and a program that prints more waits. */
const PAUSE_MS = 10;

/** Milliseconds until the pipe is watched where that failed. */
const AGAIN_MS = 100;

/** Bytes of the end of the output that are kept: more than a line that is shown. */
const KEPT = 1024;

/** All outputs are read into this, one after the other. */
let buffer: Buffer | undefined;

/**
 * Opens a pipe for an output of a program, its errors as a rule. It is read whenever something is in it, so that a program that prints much
 * is not stopped for good, but slowly, so that it takes no time from a failover.
 *
 * @throws {SystemError} where no descriptor is left
 */
export function errorOutput(libc: Libc) {
  const { F_SETFD, F_SETFL, FD_CLOEXEC, O_NONBLOCK } = libc.target.fcntl;
  const ends = new Int32Array(2);
  must(libc, libc.pipe(ends), 'pipe', 'output of a program');
  const [reading = -1, writing = -1] = ends;
  for (const end of ends) {
    libc.fcntl(end, F_SETFD, FD_CLOEXEC);
  }
  libc.fcntl(reading, F_SETFL, O_NONBLOCK);
  let handed: number | null = bothEnds(libc.target.descriptorDirectory, writing);
  let tail: Buffer = Buffer.alloc(0);
  let pause: Timer | undefined;
  let watching: Disposable | undefined;
  watch();

  /** Waits until there is something to read. Where the kernel refuses (no memory), that is tried again. */
  function watch(): void {
    try {
      watching = libc.readable(reading, heard);
    } catch {
      pause = realLoop.setTimer(watch, AGAIN_MS).unref();
    }
  }

  /** @returns whether there may be more */
  function readOnce(): boolean {
    buffer ??= Buffer.allocUnsafe(ONE_READ);
    try {
      const length = readSync(reading, buffer);
      const kept = Math.min(length, KEPT);
      tail = Buffer.concat([tail, buffer.subarray(length - kept, length)]).subarray(-KEPT);
      return length > 0;
    } catch {
      // EAGAIN: it is empty.
      return false;
    }
  }

  function heard(): void {
    watching?.[Symbol.dispose]();
    watching = undefined;
    if (readOnce()) {
      pause = realLoop.setTimer(watch, PAUSE_MS).unref();
    }
  }

  /** Closes our copy of `fd`: the program has its own by now. */
  function handedOver(): void {
    if (handed !== null) {
      const fd = handed;
      evenIfItFails(() => closeSync(fd));
      handed = null;
    }
  }

  let open = true;
  function close(): void {
    if (open) {
      open = false;
      realLoop.clearTimer(pause);
      watching?.[Symbol.dispose]();
      handedOver();
      evenIfItFails(() => closeSync(reading));
    }
  }

  return {
    /** The descriptor to hand to the program. */
    fd: handed,
    handedOver,
    /** Reads what is there, and ends. @returns the last line, see {@link lastLineOf} */
    end(): string {
      // A pipe holds no more than this. One that is being filled all the time is not read for ever.
      if (open) {
        readOnce();
        close();
      }
      return lastLineOf(tail);
    },
    [Symbol.dispose]: close,
  };
}

/**
 * The same pipe opened for both directions, where the system lets us: a program that goes on after the daemon has ended
 * is then not killed by SIGPIPE when it writes. Closes the first descriptor.
 */
function bothEnds(directory: string | null, writing: number): number {
  try {
    if (directory !== null) {
      const both = openSync(`${directory}/${writing}`, constants.O_RDWR);
      closeSync(writing);
      return both;
    }
  } catch {
    // No procfs, or one that is hidden.
  }
  return writing;
}
