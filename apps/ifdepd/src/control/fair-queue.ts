/**
 * Gives each who asks a turn of the event loop of its own: between two of them, whatever else has come is done.
 *
 * @returns resolves when it is one's turn
 */
export function fairQueue(): () => Promise<void> {
  const waiting: (() => void)[] = [];

  function next(): void {
    waiting.shift()?.();
    if (waiting.length > 0) {
      setImmediate(next);
    }
  }

  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) === 1) {
        setImmediate(next);
      }
    });
}
