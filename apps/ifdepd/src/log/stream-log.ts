import { write as writeFd } from 'node:fs';
import { realLoop } from '../system/loop.ts';
import { type LineFormat, textLine } from './line-format.ts';
import { lineQueue } from './line-queue.ts';
import { type Log, lostMessage } from './log.ts';

/**
 * A log of lines on a descriptor. A thread of the pool makes one write at a time, because Node's own stderr blocks on a full
 * pipe. A descriptor that cannot be written to (closed, disk full) loses lines and nothing else.
 *
 * @param format default: `ifdepd[123]: carp0: set down`
 */
export function streamLog(fd: number, format: LineFormat = textLine()): Log {
  const queue = lineQueue((text, done) => put(Buffer.from(text), 0, done));
  let lost = 0;

  function put(bytes: Buffer, offset: number, done: () => void): void {
    writeFd(fd, bytes, offset, bytes.byteLength - offset, null, (error, written) => {
      if (error?.code === 'EAGAIN') {
        realLoop.setTimer(() => put(bytes, offset, done), 20).unref();
      } else if (error === null && offset + written < bytes.byteLength) {
        put(bytes, offset + written, done);
      } else {
        done();
      }
    });
  }

  return {
    write(entry) {
      if (queue.isFull) {
        lost += 1;
        return;
      }
      if (lost > 0) {
        const message = lostMessage(lost, 'the reader');
        queue.push(format({ event: 'lost', level: 'warning', message, fields: { lines: lost } }));
        lost = 0;
      }
      queue.push(format(entry));
    },
    close: queue.close,
  };
}
