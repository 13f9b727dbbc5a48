import { type BigIntStats, type FSWatcher, watch } from 'node:fs';
import { errorCode } from '../system/directories.ts';
import { realLoop } from '../system/loop.ts';

/** Milliseconds until a folder that cannot be watched is tried again: the first time, and at most. */
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

/**
 * Watches one folder at a time for what happens to one name in it.
 *
 * @param changed called when something may have happened to the name
 */
export function folderWatch(folder: string, name: string, changed: () => void) {
  let watcher: FSWatcher | undefined;
  /** Device and inode of the folder that is watched: another one may have taken its path. */
  let watched = '';
  let fault: string | null = null;
  let wait = FIRST_RETRY_MS;
  let retryAt = 0;

  function end(): void {
    watcher?.close();
    watcher = undefined;
    watched = '';
  }

  function failed(error: unknown): void {
    end();
    fault = errorCode(error) || String(error);
    retryAt = realLoop.now() + wait;
    wait = Math.min(LAST_RETRY_MS, wait * 2);
  }

  return {
    /** Why it is not watched, an errno such as `EACCES` or `ENOSPC`; null where it is, or is not there. */
    get fault(): string | null {
      return fault;
    },
    /**
     * Watches the folder that is at its path by now. To be called again and again: does nothing where it is watched already,
     * or where it could not be watched a short time ago.
     *
     * @param stat of the folder, made just before; null where there is none
     */
    follow(stat: BigIntStats | null): void {
      const identity = stat === null ? '' : `${stat.dev}:${stat.ino}`;
      if (identity === watched || (fault !== null && realLoop.now() < retryAt)) {
        return;
      }
      end();
      fault = null;
      if (identity === '') {
        return;
      }
      try {
        const started = watch(folder, (_, about) => {
          if (about === null || about === name) {
            changed();
          }
        });
        started.on('error', (error) => {
          if (watcher === started) {
            failed(error);
          }
        });
        watcher = started;
        // As it was before: a folder that was replaced meanwhile is found to be another one the next time.
        watched = identity;
        wait = FIRST_RETRY_MS;
      } catch (error) {
        failed(error);
      }
    },
    [Symbol.dispose]: end,
  };
}
