import type { ReadableWatch } from './libc.ts';
import type { Native } from './library.ts';
import { openLibrary } from './library.ts';

/** Milliseconds between two polls. */
const POLL_EVERY_MS = 10;

/** poll.h: the same numbers on Linux, the BSDs and macOS. */
export const POLLIN = 0x1;
export const POLLOUT = 0x4;

/**
 * {@link Libc.readable} and {@link Libc.writable} on runtimes where libuv cannot call back: a timer calls poll(2) every 10 ms, and
 * the callback runs when the descriptor is ready or has an error to report.
 */
export function polled(fd: number, events: number, callback: () => void): ReadableWatch {
  // struct pollfd { int fd; short events; short revents; } of every system.
  const entry = new Uint8Array(8);
  const view = new DataView(entry.buffer);
  view.setInt32(0, fd, true);
  view.setInt16(4, events, true);
  poll ??= openLibrary(null).bind('poll', 'int', 'void *', 'unsigned long', 'int');
  const call = poll;
  const timer = setInterval(() => {
    if (call(entry, 1, 0) > 0) {
      callback();
    }
  }, POLL_EVERY_MS);
  return {
    ref: () => void timer.ref(),
    unref: () => void timer.unref(),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

let poll: Native | undefined;
