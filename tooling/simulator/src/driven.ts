import type { Mortal } from './mortal.ts';

/** Turns of the event loop that a process that has ended gets to be put away. */
const MOST_TURNS = 20;

/**
 * Has the event loop of a process go on until a promise is settled.
 *
 * @param turn does what can be done at this moment
 * @param wait lets time pass; default: none passes
 * @returns undefined where the process has ended before
 */
export async function driven<Result>(
  promise: Promise<Result>,
  process: Mortal,
  turn: () => Promise<void>,
  wait = () => {},
): Promise<Result | undefined> {
  let isSettled = false;
  const settled = promise.finally(() => {
    isSettled = true;
  });
  settled.catch(() => {});
  for (let left = MOST_TURNS; !isSettled && (left > 0 || !process.isDead); left -= 1) {
    await turn();
    if (!isSettled) {
      wait();
    }
  }
  if (!isSettled) {
    return undefined;
  }
  try {
    return await settled;
  } catch (error) {
    if (process.isDead) {
      return undefined;
    }
    throw error;
  }
}
