import { realLoop } from '../system/loop.ts';
/**
 * How many characters may wait for the reader of a log: more than one decision over 10,000 groups logs, so that a reader that
 * keeps up gets all of it. Further lines are dropped.
 */
export const MOST_WAITING = 4 * 1024 * 1024;

/** How long a stop waits for a stuck reader or disk, in milliseconds. */
const CLOSE_LIMIT_MS = 300;

/**
 * Lines that wait to be written. One write is made at a time: all lines of one decision together.
 *
 * @param put writes, without waiting, and calls back when it has ended
 */
export function lineQueue(put: (text: string, done: () => void) => void) {
  const waiting: string[] = [];
  let length = 0;
  /** Whether a write is due or under way. */
  let busy = false;
  let idle: (() => void) | undefined;

  function next(): void {
    if (waiting.length === 0) {
      busy = false;
      idle?.();
      return;
    }
    const text = waiting.splice(0).join('');
    length = 0;
    put(text, next);
  }

  return {
    push(line: string): void {
      waiting.push(`${line}\n`);
      length += line.length + 1;
      if (!busy) {
        busy = true;
        realLoop.soon(next);
      }
    },
    /** Puts a line before all others. */
    unshift: (line: string) => void waiting.unshift(`${line}\n`),
    /** Whether no more lines should be added. */
    get isFull(): boolean {
      return length >= MOST_WAITING;
    },
    /** Resolves when all is written, or time is up. @param written called when all is written, even after that */
    close(written: () => void = () => {}): Promise<void> {
      return new Promise((resolve) => {
        const limit = realLoop.setTimer(resolve, CLOSE_LIMIT_MS);
        idle = () => {
          idle = undefined;
          realLoop.clearTimer(limit);
          written();
          resolve();
        };
        if (!busy) {
          idle();
        }
      });
    },
  };
}
