import type { Loop, Timer } from '../system/loop.ts';
import type { RotatingFile } from './rotating-file.ts';

/** Milliseconds between two attempts, at least. */
const GAP_MS = 1000;

/** Milliseconds to the next attempt where nothing is written meanwhile. */
const IDLE_MS = 60_000;

/** How a {@link lateFile} is opened. */
export interface LateFileOptions {
  /**
   * Opens it. @param isLate whether an earlier attempt failed
   *
   * @throws where it cannot be opened
   */
  readonly open: (isLate: boolean) => RotatingFile;
  /** Called for the first failure. */
  readonly failed: (error: unknown) => void;
}

/**
 * A rotating file that may not be open yet: a disk may be full at the start, or not yet be mounted. A timer tries again, sooner
 * where there is something to write.
 */
export function lateFile({ open, failed }: LateFileOptions, loop: Loop) {
  let file: RotatingFile | null = null;
  let timer: Timer | undefined;
  let triedAt = 0;
  let dueAt = Number.POSITIVE_INFINITY;
  let isLate = false;
  attempt();

  function attempt(): void {
    triedAt = loop.now();
    dueAt = Number.POSITIVE_INFINITY;
    try {
      file = open(isLate);
    } catch (error) {
      if (!isLate) {
        isLate = true;
        failed(error);
      }
      attemptAt(triedAt + IDLE_MS);
    }
  }

  function attemptAt(at: number): void {
    if (at < dueAt) {
      dueAt = at;
      loop.clearTimer(timer);
      timer = loop.setTimer(attempt, Math.max(0, at - loop.now())).unref();
    }
  }

  return {
    /** The file; null where it is not open. */
    get file(): RotatingFile | null {
      return file;
    },
    /** Reports that there is something to write: where the file is not open, the next attempt comes sooner. */
    wanted(): void {
      if (file === null) {
        attemptAt(triedAt + GAP_MS);
      }
    },
    /** Waits for pending writes. */
    close(): Promise<void> {
      loop.clearTimer(timer);
      // Nothing sets the timer again.
      dueAt = Number.NEGATIVE_INFINITY;
      return file?.close() ?? Promise.resolve();
    },
  };
}
