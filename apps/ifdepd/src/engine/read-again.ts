/** Milliseconds until a destination that could not be read is read again. */
const AGAIN_MS = 1000;

/** Destinations that could not be read. */
export interface ReadAgain extends Disposable {
  readonly add: (destination: string) => void;
}

/** Reads destinations once more, a while later. No message would say that they can be read by then. */
export function readAgain(read: (destination: string) => void): ReadAgain {
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function readAll(): void {
    timer = undefined;
    for (const id of [...waiting]) {
      waiting.delete(id);
      read(id);
    }
  }

  return {
    add(id) {
      waiting.add(id);
      timer ??= setTimeout(readAll, AGAIN_MS);
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
