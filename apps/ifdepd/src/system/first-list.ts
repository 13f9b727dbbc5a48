import type { LinkWatch } from '@ifdepd/linkwatch';
import { type Loop, realLoop, type Timer } from './loop.ts';

/** Milliseconds for the first list of a watch. The list of 3,000 links takes some 50 ms. */
const LIST_MS = 2000;

/**
 * Waits for the first list of a watch that does not wait by itself: up to {@link LIST_MS}, while the event loop goes on. On a
 * small host it is there by now.
 */
export async function firstList(links: Pick<LinkWatch, 'subscribe'>, loop: Loop = realLoop): Promise<void> {
  let here = false;
  let arrived = (): void => {};
  using _subscription = links.subscribe(() => {
    here = true;
    arrived();
  });
  if (!here) {
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      arrived = resolve;
      timer = loop.setTimer(resolve, LIST_MS);
    });
    loop.clearTimer(timer);
  }
}
