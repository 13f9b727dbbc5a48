import type { ServerResponse } from 'node:http';

/** A stream of lines that begins with some, for as long as the client stays. */
export interface Following {
  readonly lines: string;
  readonly follow: (write: (line: string) => void) => Disposable;
}

/** Half of the connections that are served: the others are for those who ask and go. */
export const MOST_FOLLOWERS = 32;

/** What may wait for a client, besides the lines that its stream began with, before it is hung up on. */
const MOST_WAITING_BYTES = 256 * 1024;

/**
 * Streams to several clients. None is waited for: one that does not read is hung up on.
 *
 * @param tell told of that
 * @returns begins a stream; false where there are as many as may be
 */
export function followers(
  tell: (message: string) => void,
): (stream: Following, response: ServerResponse) => boolean {
  let count = 0;

  return ({ lines, follow }, response) => {
    if (count >= MOST_FOLLOWERS) {
      return false;
    }
    count += 1;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(lines);
    response.flushHeaders();
    const most = response.writableLength + MOST_WAITING_BYTES;
    const following = follow((line) => {
      const waiting = response.writableLength;
      if (waiting <= most) {
        response.write(line);
        return;
      }
      following[Symbol.dispose]();
      response.destroy();
      // Not from within what it is told of: that would be one event more.
      setImmediate(() =>
        tell(
          `a client that follows the events was hung up on: it does not read, ${waiting} bytes waited for it`,
        ),
      );
    });
    response.once('close', () => {
      count -= 1;
      following[Symbol.dispose]();
    });
    return true;
  };
}
