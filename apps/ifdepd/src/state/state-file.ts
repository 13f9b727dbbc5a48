import { readlinkSync, rename, rmSync, writeFile } from 'node:fs';
import { promisify } from 'node:util';
import { ensureDirectory, errorCode, errorText } from '../system/directories.ts';
import { type Loop, realLoop, type Timer } from '../system/loop.ts';
import { readRegular } from '../system/trusted-path.ts';
import { version } from '../system/version.ts';
import type { DaemonFile } from './journal.ts';

/** The options of a state file. */
export interface StateFileOptions extends DaemonFile {
  /** The state as it is now; null where there is none. */
  readonly text: () => string | null;
  /** Called where the saved state cannot be resumed. */
  readonly refused: (reason: string) => void;
}

const write = promisify(writeFile);
const move = promisify(rename);

/** The first line of the file. */
interface Header {
  readonly format: 1;
  readonly boot: string;
  readonly clock: string;
  readonly version: string;
}

/** Milliseconds from a change to its saving: changes of one decision are saved once. */
const SOON_MS = 1;

/** Milliseconds between two savings, at least. A delay that began in this time begins anew in the next process. */
const GAP_MS = 5;

/** Saving takes at most one part in this many of the time, whatever the size of the state. */
const SHARE = 20;

/** A larger file is not ours: 10,000 groups take some 5 MB. */
const MOST_BYTES = 64 * 1024 * 1024;

/** How long a stop waits for a disk that is stuck. */
const CLOSE_LIMIT_MS = 300;

/** The state of the policy, kept for the next process of the same boot. */
export type StateFile = ReturnType<typeof openStateFile>;

/** Opens the file of a daemon: reads what is there, and writes what changes. */
export function openStateFile(options: StateFileOptions, loop: Loop = realLoop) {
  const { directory, key, text, refused, unavailable, available } = options;
  const path = `${directory}/${key}.state`;
  const next = `${path}.new`;
  const header: Header = { format: 1, boot: options.boot, clock: clockNamespace(), version };
  let reported = false;
  let usable = canBeUsed();
  // A file in the directory of another user is not trusted either.
  const saved = usable ? readSaved(path, header, refused) : null;
  let timer: Timer | undefined;
  let writing: Promise<void> | null = null;
  let dirty = false;
  let closed = false;
  let last: string | null = null;
  /** What is in the file, without the clock and the count of events. */
  let written: string | null = null;
  let savedAt = Number.NEGATIVE_INFINITY;
  let gapMs = GAP_MS;

  function content(): string | null {
    const state = text();
    return state === null ? null : `${JSON.stringify(header)}\n${state}\n`;
  }

  /** Makes the directory: a disk may be full at the start, or not yet be writable, and each saving tries again. */
  function canBeUsed(): boolean {
    try {
      ensureDirectory(directory, 0o750);
    } catch (error) {
      failed(error);
      return false;
    }
    tidy();
    return true;
  }

  function failed(error: unknown): void {
    if (!reported) {
      reported = true;
      const effect = 'after a restart, delays and pauses begin anew';
      unavailable(`the state cannot be saved: ${path}: ${errorText(error)}; ${effect}`);
    }
  }

  function save(): void {
    timer = undefined;
    dirty = false;
    const began = loop.now();
    const now = content();
    savedAt = loop.now();
    gapMs = Math.max(GAP_MS, (savedAt - began) * SHARE);
    if (now !== null && (written === null || withoutClock(now) !== written)) {
      writing = replace(now).then(() => {
        writing = null;
        if (dirty && !closed) {
          schedule();
        }
      });
    }
  }

  /** Replaces the file in one step: a killed process leaves the former state or this one. */
  async function replace(content: string): Promise<void> {
    written = null;
    usable ||= canBeUsed();
    if (!usable) {
      return;
    }
    try {
      // Never writes to an existing file or symbolic link.
      await write(next, content, { flag: 'wx', mode: 0o600 });
      await move(next, path);
      written = withoutClock(content);
      if (reported) {
        reported = false;
        available(`the state is saved from now on: ${path}`);
      }
    } catch (error) {
      failed(error);
      tidy();
    }
  }

  /** Removes the partial file of a killed process. */
  function tidy(): void {
    try {
      rmSync(next, { force: true });
    } catch (error) {
      failed(error);
    }
  }

  function schedule(): void {
    timer ??= loop.setTimer(save, Math.max(SOON_MS, savedAt + gapMs - loop.now())).unref();
  }

  return {
    /** The state that an earlier process saved, written by `serialize` of the policy; null where there is none to resume. */
    saved,
    /** Reports that the state may have changed: a timer saves it within milliseconds. Never throws. */
    changed(): void {
      if (last === null && !closed) {
        dirty = true;
        if (writing === null) {
          schedule();
        }
      }
    },
    /** Takes the state as the final one: {@link close} saves it, and later changes are ignored. */
    end(): void {
      last = content();
    },
    /** Waits for the write under way. Later changes are lost, as in a crash, unless {@link end} came before. */
    async close(): Promise<void> {
      closed = true;
      loop.clearTimer(timer);
      await new Promise<void>((resolve) => {
        const limit = realLoop.setTimer(resolve, CLOSE_LIMIT_MS);
        void finish().then(() => {
          realLoop.clearTimer(limit);
          resolve();
        });
      });
    },
  };

  async function finish(): Promise<void> {
    await writing;
    if (last !== null) {
      await replace(last);
    }
  }
}

/** What follows the clock and the counters in the text: a confirmed write and a repeated message change only those. */
function withoutClock(content: string): string {
  return content.slice(content.indexOf('"sources":'));
}

function readSaved(path: string, wanted: Header, refused: (reason: string) => void): string | null {
  let text: string;
  try {
    text = readRegular(path, MOST_BYTES);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      refused(`the saved state cannot be read: ${path}: ${errorText(error)}; starting without it`);
    }
    return null;
  }
  const end = text.indexOf('\n');
  const found = headerOf(text.slice(0, Math.max(0, end)));
  if (found === null || found.format !== wanted.format) {
    refused(`the saved state is of another format: ${path}; starting without it`);
    return null;
  }
  if (found.boot !== wanted.boot || found.clock !== wanted.clock) {
    refused('the saved state is of another boot, or of another namespace: starting without it');
    return null;
  }
  return text.slice(end + 1);
}

function headerOf(line: string): Partial<Readonly<Record<keyof Header, unknown>>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** The time namespace: a Linux container may have its own monotonic clock. '' where the system has none. */
function clockNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    return '';
  }
}
