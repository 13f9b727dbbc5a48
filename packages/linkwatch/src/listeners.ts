import type { LinkEvent } from './link.ts';
import type { LinkListener } from './link-watch.ts';

interface Listener {
  /** Null after it was disposed. */
  call: LinkListener | null;
  readonly settled: () => void;
}

/** Those who listen to a watch. What one of them throws stops nobody: it is thrown again by itself. */
export class Listeners {
  #all: readonly Listener[] = [];
  /** Whether they were told of events, and not yet that those were all. */
  #unsettled = false;

  /** @param first what the new one is told at once; null for nothing yet */
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

  /** Those were all the events there are; nothing where there were none since the last time. */
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
