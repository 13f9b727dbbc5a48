import { realLoop } from '../system/loop.ts';
/**
 * A fair queue: each caller gets its own turn of the event loop, and link events are handled between two of them. Node's own
 * limits do not replace it: 60 pipelining clients block the loop for 0.1 to 0.9 s with them.
 *
 * @returns waits for the turn of the caller
 */
export function fairQueue(): () => Promise<void> {
  const waiting: (() => void)[] = [];

  function next(): void {
    waiting.shift()?.();
    if (waiting.length > 0) {
      realLoop.defer(next);
    }
  }

  return () =>
    new Promise((resolve) => {
      if (waiting.push(resolve) === 1) {
        realLoop.defer(next);
      }
    });
}
