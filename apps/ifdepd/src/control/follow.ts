import type { ServerResponse } from 'node:http';
import { LineStream } from './line-stream.ts';

/** Lines, as the client takes them, that go on for as long as it stays. */
export interface Following {
  /** Those that there are already. */
  readonly lines: Iterable<string>;
  readonly follow: (write: (line: string) => void) => Disposable;
}

/** The type of an answer of lines, each of them JSON. */
export const LINES = 'application/x-ndjson';

/** Half of the connections that are served: the others are for those who ask and go. */
export const MOST_FOLLOWERS = 32;

/** What may wait for a client, besides the lines that its stream began with, before it is hung up on. */
const MOST_WAITING_BYTES = 256 * 1024;

/**
 * Streams to several clients. None is waited for: one that does not read is hung up on.
 *
 * @param tell told of that
 * @param turn resolves when something may be done for one of them
 * @returns begins a stream, behind its head; false where there are as many as may be
 */
export function followers(
  tell: (message: string) => void,
  turn: () => Promise<void>,
): (stream: Following, response: ServerResponse) => boolean {
  let count = 0;

  return ({ lines, follow }, response) => {
    if (count >= MOST_FOLLOWERS) {
      return false;
    }
    count += 1;
    response.writeHead(200, { 'content-type': LINES });
    response.flushHeaders();
    const stream = new LineStream(response, lines, turn);
    const following = follow((line) => {
      stream.push(line);
      const waiting = stream.waitingBytes;
      if (waiting > MOST_WAITING_BYTES) {
        following[Symbol.dispose]();
        // Not from within what it is told of, which would be one event more; nor for all that do not read at once.
        void turn().then(() => {
          response.destroy();
          tell(`disconnected a slow events client (${waiting} bytes unsent)`);
        });
      }
    });
    response.once('close', () => {
      count -= 1;
      following[Symbol.dispose]();
    });
    return true;
  };
}
