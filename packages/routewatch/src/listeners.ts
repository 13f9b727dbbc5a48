import type { RouteEvent } from './events.ts';

/** A listener of {@link RouteWatch.subscribe}. */
export type RouteListener = (event: RouteEvent) => void;

interface Listener {
  /** Null after the subscription was disposed. */
  call: RouteListener | null;
  readonly settled: () => void;
}

/** The listeners of a watch. An exception of one does not stop the others: it is thrown again by itself. */
export class Listeners {
  #all: readonly Listener[] = [];
  /** Whether events were reported since the last call of `settled`. */
  #unsettled = false;

  /** @param first the event to report at once; null where there is none yet */
  add(call: RouteListener, settled: () => void, first: RouteEvent | null): Disposable {
    const listener: Listener = { call, settled };
    this.#all = [...this.#all, listener];
    if (first !== null) {
      guarded(() => listener.call?.(first));
      guarded(() => settle(listener));
    }
    return {
      [Symbol.dispose]: () => {
        listener.call = null;
        this.#all = this.#all.filter((other) => other !== listener);
      },
    };
  }

  emit(event: RouteEvent): void {
    this.#unsettled = true;
    for (const listener of this.#all) {
      guarded(() => listener.call?.(event));
    }
  }

  /** Calls `settled` of each listener, where there were events since the last time. */
  settle(): void {
    if (this.#unsettled) {
      this.#unsettled = false;
      for (const listener of this.#all) {
        guarded(() => settle(listener));
      }
    }
  }

  clear(): void {
    this.#all = [];
  }
}

function settle({ call, settled }: Listener): void {
  if (call !== null) {
    settled();
  }
}

function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
