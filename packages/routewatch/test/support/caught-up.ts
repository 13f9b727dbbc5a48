import type { RouteWatch } from '../../src/index.ts';

/** Reads all that there is: on a busy machine one call may end before. */
export function caughtUp(watch: RouteWatch): void {
  while (!watch.catchUp()) {
    // The next call goes on.
  }
}
