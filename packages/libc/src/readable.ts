import type { node } from 'koffi';
import { koffi } from './koffi.ts';
import { polledReadable } from './polled-readable.ts';
import { hostLetsLibuvCall } from './target.ts';

/** What koffi calls back: its declarations say `(events)`, it really passes `(status, events)`, as libuv does. */
type PollCallback = Parameters<typeof node.poll>[1];

const readableEvents = { readable: true, writable: false, disconnect: false } as const;

/**
 * Handles that are being watched. libuv's handle is freed with its JavaScript object, and events then stop without a
 * word. koffi holds the callback and nothing else; whether that leads back to the handle is chance. This set holds
 * each one until it is disposed.
 */
const watched = new Set<Watch>();

class Watch implements Disposable {
  readonly #callback: () => void;
  readonly #onPoll = ((status: number) => this.#wake(status)) as unknown as PollCallback;
  readonly #handle: node.PollHandle;
  #open = true;

  constructor(fd: number, callback: () => void) {
    this.#callback = callback;
    this.#handle = koffi.node.poll(fd, readableEvents, this.#onPoll);
    watched.add(this);
  }

  #wake(status: number): void {
    let after = nothing;
    try {
      this.#callback();
    } catch (error) {
      // koffi leaves an exception pending with nobody to take it: on Node 22 the process aborts at a later
      // collection, on 24 and 26 nothing runs any more. Thrown again where Node looks for it.
      after = () => {
        throw error;
      };
    }
    // A pending error of the socket (a receive overrun) makes libuv stop the handle for good and say so with a
    // negative status. The callback has read the error away; without a new start nothing would ever come again,
    // and a process with nothing else to wait for would end by itself.
    if (status < 0 && this.#open) {
      this.#handle.start(readableEvents, this.#onPoll);
    }
    // Node 26 runs no promise job after this callback until another callback has run: give it one.
    setImmediate(after);
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
 * {@link Libc.readable} by libuv: no thread, the callback runs inside the loop's poll phase. Where that may end the process,
 * {@link polledReadable}.
 */
export function readable(fd: number, callback: () => void): Disposable {
  return hostLetsLibuvCall() ? new Watch(fd, callback) : polledReadable(fd, callback);
}
