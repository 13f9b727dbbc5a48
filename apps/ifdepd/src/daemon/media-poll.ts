import type { Health } from '@ifdepd/policy';

/** What the poll works on. */
export interface MediaPollOptions {
  /** Milliseconds between two reads. */
  readonly everyMs: number;
  /** The sources whose carrier only their driver tells. */
  readonly silent: () => readonly string[];
  /** What one of them is good for now. */
  readonly read: (source: string) => Health;
  /** That differs from what was read before. */
  readonly changed: (source: string) => void;
}

/**
 * Reads the carriers that no message tells: of network cards of a BSD whose driver has no link state and answers
 * SIOCGIFMEDIA. Sleeps where no source is of that kind.
 */
export interface MediaPoll extends Disposable {
  /** Links have changed: there may be such a source now. */
  heard(): void;
  readonly running: boolean;
}

/** Stopped until {@link MediaPoll.heard}. */
export function mediaPoll({ everyMs, silent, read, changed }: MediaPollOptions): MediaPoll {
  const last = new Map<string, Health>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function tick(): void {
    const sources = silent();
    for (const source of sources) {
      const health = read(source);
      if (health !== last.get(source)) {
        last.set(source, health);
        changed(source);
      }
    }
    if (sources.length === 0) {
      stop();
    }
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    last.clear();
  }

  return {
    heard() {
      if (!closed && timer === undefined && silent().length > 0) {
        timer = setInterval(tick, everyMs);
      }
    },
    get running() {
      return timer !== undefined;
    },
    [Symbol.dispose]() {
      closed = true;
      stop();
    },
  };
}
