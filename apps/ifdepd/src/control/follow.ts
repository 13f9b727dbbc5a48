import type { ServerResponse } from 'node:http';
import { LineStream } from './line-stream.ts';

/** Lines that go on for as long as the client stays connected. */
export interface Following {
  /** The lines so far. */
  readonly lines: Iterable<string>;
  readonly follow: (write: (line: string) => void) => Disposable;
}

/** The type of an answer of lines, each of them JSON. */
export const LINES = 'application/x-ndjson';

/** Half of the connections; the others remain for short requests. */
export const MOST_FOLLOWERS = 32;

/** How many bytes may wait for a client, besides the lines so far, before it is disconnected. */
const MOST_WAITING_BYTES = 256 * 1024;

/**
 * Streams to several clients. One that does not read is disconnected.
 *
 * @param report gets a message about that
 * @param turn waits for the next turn of the fair queue
 * @returns begins a stream with its head; false where {@link MOST_FOLLOWERS} clients follow already
 */
export function followers(
  report: (message: string) => void,
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
        // In a later turn: reporting here would add an event to the stream, and several clients may be slow at once.
        void turn().then(() => {
          response.destroy();
          report(`disconnected a slow events client (${waiting} bytes unsent)`);
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
