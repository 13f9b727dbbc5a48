import type { LinkEvent } from './link.ts';
import type { LinkListener } from './link-watch.ts';

interface Listener {
  /** Null after the subscription was disposed. */
  call: LinkListener | null;
  readonly settled: () => void;
}

/** The listeners of a watch. An exception of one of them does not stop the others: it is thrown again by itself. */
export class Listeners {
  #all: readonly Listener[] = [];
  /** Whether events were reported since the last call of `settled`. */
  #unsettled = false;

  /** @param first the event to report at once; null when there is none yet */
  add(call: LinkListener, settled: () => void, first: LinkEvent | null): Disposable {
    const listener: Listener = { call, settled };
    this.#all = [...this.#all, listener];
    if (first !== null) {
      deliver(listener, first);
      settle(listener);
    }
    return {
      [Symbol.dispose]: () => {
        listener.call = null;
        this.#all = this.#all.filter((other) => other !== listener);
      },
    };
  }

  emit(event: LinkEvent): void {
    this.#unsettled = true;
    for (const listener of this.#all) {
      deliver(listener, event);
    }
  }

  /** Calls `settled` of each listener, if there were events since the last time. */
  settle(): void {
    if (this.#unsettled) {
      this.#unsettled = false;
      for (const listener of this.#all) {
        settle(listener);
      }
    }
  }

  clear(): void {
    this.#all = [];
  }
}

function deliver({ call }: Listener, event: LinkEvent): void {
  try {
    call?.(event);
  } catch (error) {
    throwLater(error);
  }
}

function settle({ call, settled }: Listener): void {
  try {
    if (call !== null) {
      settled();
    }
  } catch (error) {
    throwLater(error);
  }
}

function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
