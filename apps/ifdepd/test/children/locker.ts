import { loadLibc } from '@ifdepd/libc';
import { destinationLocks } from '../../src/state/destination-locks.ts';

/** What it is asked: to take carp0 at a moment of the wall clock, or to let go of it. */
export type Order = { readonly takeAt: number } | 'drop';

/** What it answers: null where it has carp0 now, or has let go of it; else why not. */
export type Answer = { readonly refusal: string | null };

const locks = destinationLocks(loadLibc(), 0, (reason) => answer(reason));

function answer(refusal: string | null): void {
  process.send?.({ refusal } satisfies Answer);
}

function take(): void {
  try {
    locks.take(['carp0']);
    answer(null);
  } catch (error) {
    answer(error instanceof Error ? error.message : String(error));
  }
}

process.on('message', (order: Order) => {
  if (order === 'drop') {
    locks.drop(['carp0']);
    answer(null);
  } else {
    setTimeout(take, Math.max(0, order.takeAt - Date.now()));
  }
});
