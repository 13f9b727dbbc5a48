import type { node } from 'koffi';
import { koffi } from './koffi.ts';
import type { ReadableWatch } from './libc.ts';
import { POLLIN, POLLOUT, polled } from './polled.ts';
import { hostLetsLibuvCall } from './target.ts';

/** The callback of koffi. Its declarations say `(events)`, but koffi passes `(status, events)`, as libuv does. */
type PollCallback = Parameters<typeof node.poll>[1];

const readableEvents = { readable: true, writable: false, disconnect: false } as const;
const writableEvents = { readable: false, writable: true, disconnect: false } as const;

/**
 * The open watches. libuv frees a handle together with its JavaScript object, and events then stop silently. koffi holds the
 * callback and nothing else, which may or may not lead back to the handle. So this set holds each watch until it is disposed.
 */
const watched = new Set<Watch>();

class Watch implements ReadableWatch {
  readonly #events: typeof readableEvents | typeof writableEvents;
  readonly #callback: () => void;
  readonly #onPoll = ((status: number) => this.#wake(status)) as unknown as PollCallback;
  readonly #handle: node.PollHandle;
  #open = true;

  constructor(fd: number, events: typeof readableEvents | typeof writableEvents, callback: () => void) {
    this.#events = events;
    this.#callback = callback;
    this.#handle = koffi.node.poll(fd, events, this.#onPoll);
    watched.add(this);
  }

  #wake(status: number): void {
    let after = nothing;
    try {
      this.#callback();
    } catch (error) {
      // koffi leaves an exception pending that nothing catches: on Node 22 the process aborts at a later garbage
      // collection, on 24 and 26 no callback runs any more. So it is thrown again where Node looks for it.
      after = () => {
        throw error;
      };
    }
    // On a pending error of the socket (a receive overrun), libuv stops the handle for good and passes a negative
    // status. The callback has read the error by now. Without a new start no event would ever come again, and a
    // process that waits for nothing else would end by itself.
    if (status < 0 && this.#open) {
      this.#handle.start(this.#events, this.#onPoll);
    }
    // Node 26 runs no promise job after this callback until another callback has run. So this adds one.
    setImmediate(after);
  }

  ref(): void {
    this.#handle.ref();
  }

  unref(): void {
    this.#handle.unref();
  }

  [Symbol.dispose](): void {
    if (this.#open) {
      this.#open = false;
      watched.delete(this);
      this.#handle.stop();
      this.#handle.close();
    }
  }
}

function nothing(): void {}

/**
 * {@link Libc.readable} through libuv: no thread, and the callback runs inside the poll phase of the event loop. Where that may
 * end the process, {@link polled} does it.
 */
export function readable(fd: number, callback: () => void): ReadableWatch {
  return hostLetsLibuvCall() ? new Watch(fd, readableEvents, callback) : polled(fd, POLLIN, callback);
}

/** {@link Libc.writable}, in the same two ways. */
export function writable(fd: number, callback: () => void): ReadableWatch {
  return hostLetsLibuvCall() ? new Watch(fd, writableEvents, callback) : polled(fd, POLLOUT, callback);
}
