import { write as writeFd } from 'node:fs';
import { type LineFormat, textLine } from './line-format.ts';
import { type Log, type LogEntry, lostMessage, MOST_WAITING } from './log.ts';

/** How long a stop waits for a stuck reader. */
const CLOSE_LIMIT_MS = 300;

/**
 * A log of lines on a descriptor. A thread of the pool makes one write at a time, because Node's own stderr blocks on a full
 * pipe. A descriptor that cannot be written to (closed, disk full) loses lines and nothing else.
 *
 * @param format default: `ifdepd[123]: carp0: set down`
 */
export function streamLog(fd: number, format: LineFormat = textLine()): Log {
  const waiting: string[] = [];
  /** Characters that wait. */
  let length = 0;
  let lost = 0;
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
    put(Buffer.from(text), 0);
  }

  function put(bytes: Buffer, offset: number): void {
    writeFd(fd, bytes, offset, bytes.byteLength - offset, null, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(() => put(bytes, offset), 20).unref();
      } else if (error === null && offset + written < bytes.byteLength) {
        put(bytes, offset + written);
      } else {
        next();
      }
    });
  }

  function queue(line: string): void {
    waiting.push(line);
    length += line.length;
    if (!busy) {
      busy = true;
      // One write for all lines of one decision.
      process.nextTick(next);
    }
  }

  return {
    write(entry: LogEntry): void {
      if (length >= MOST_WAITING) {
        lost += 1;
        return;
      }
      if (lost > 0) {
        const message = lostMessage(lost, 'the reader');
        queue(`${format({ event: 'lost', level: 'warning', message, fields: { lines: lost } })}\n`);
        lost = 0;
      }
      queue(`${format(entry)}\n`);
    },
    close(): Promise<void> {
      return new Promise((resolve) => {
        if (!busy) {
          resolve();
          return;
        }
        const limit = setTimeout(resolve, CLOSE_LIMIT_MS);
        idle = () => {
          clearTimeout(limit);
          resolve();
        };
      });
    },
  };
}
