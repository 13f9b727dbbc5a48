import type { Native } from './library.ts';
import { openLibrary } from './library.ts';

/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 10;

/** poll.h: the same number on Linux, the BSDs and macOS. */
const POLLIN = 0x1;

/**
 * {@link Libc.readable} where libuv cannot call back: poll(2) is asked every 10 ms, by a timer of the runtime's own. Its callback
 * runs where there is something to read or an error to report.
 */
export function polledReadable(fd: number, callback: () => void): Disposable {
  // struct pollfd { int fd; short events; short revents; } of every system.
  const entry = new Uint8Array(8);
  const view = new DataView(entry.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, POLLIN, true);
  poll ??= openLibrary(null).bind('poll', 'int', 'void *', 'unsigned long', 'int');
  const ask = poll;
  const timer = setInterval(() => {
    if (ask(entry, 1, 0) > 0) {
      callback();
    }
  }, LOOK_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

let poll: Native | undefined;
