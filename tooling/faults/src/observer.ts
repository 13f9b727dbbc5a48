import { type LinkWatch, watchLinks } from '@ifdepd/linkwatch';

/** Counts what the kernel reports of interfaces, on its own socket. */
export interface Observer extends Disposable {
  readonly links: LinkWatch;
  /** How often an interface was set the other way, up to down or down to up, since this was opened. */
  flips(name: string): number;
  /** Waits until a condition holds, asking again after each message about a link. */
  when(what: () => string, condition: () => boolean, limitMs?: number): Promise<void>;
}

/** Messages wait in the kernel while this process is busy: enough for a storm. */
const RECEIVE_BUFFER_BYTES = 64 * 1024 * 1024;

/** The limit of {@link Observer.when}: it ends a broken run, and does not time a working one. */
const LIMIT_MS = 60_000;

export function observe(): Observer {
  const links = watchLinks({ receiveBufferBytes: RECEIVE_BUFFER_BYTES });
  const counts = new Map<string, number>();
  const waiting = new Set<() => void>();
  const subscription = links.subscribe((event) => {
    if (event.type === 'changed' && event.was.adminUp !== event.link.adminUp) {
      counts.set(event.link.name, (counts.get(event.link.name) ?? 0) + 1);
    }
    for (const ask of [...waiting]) {
      ask();
    }
  });
  return {
    links,
    flips: (name) => counts.get(name) ?? 0,
    when(what, condition, limitMs = LIMIT_MS) {
      return new Promise((resolve, reject) => {
        const finish = (error?: Error): void => {
          clearTimeout(limit);
          waiting.delete(ask);
          if (error === undefined) {
            resolve();
          } else {
            reject(error);
          }
        };
        const ask = (): void => {
          if (condition()) {
            finish();
          }
        };
        const limit = setTimeout(() => {
          finish(condition() ? undefined : new Error(`waited ${limitMs} ms in vain: ${what()}`));
        }, limitMs);
        waiting.add(ask);
        ask();
      });
    },
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      links.close();
    },
  };
}
