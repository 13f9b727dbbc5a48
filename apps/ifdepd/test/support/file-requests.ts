import { createHook } from 'node:async_hooks';

/** How many operations on files this process has left to its threads since. */
export interface FileRequests extends Disposable {
  readonly count: number;
}

/** Counts them from now on: Node makes an FSREQCALLBACK for each. */
export function fileRequests(): FileRequests {
  let count = 0;
  const hook = createHook({
    init(_id, type) {
      count += type === 'FSREQCALLBACK' ? 1 : 0;
    },
  }).enable();
  return {
    get count() {
      return count;
    },
    [Symbol.dispose]: () => void hook.disable(),
  };
}
