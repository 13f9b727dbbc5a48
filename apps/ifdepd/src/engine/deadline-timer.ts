import type { Loop, Timer } from '../system/loop.ts';

/** The longest that a timer of Node waits. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * One timer, for the next deadline there is; none while there is none.
 *
 * @param look feeds what the kernel has reported by then, which came before the deadline; false where it could not be read to its end
 * @param passed called when a deadline has come
 */
export function deadlineTimer(loop: Loop, look: () => boolean, passed: () => void) {
  let timer: Timer | undefined;
  let at: number | null = null;

  function due(): void {
    const isRead = look();
    if (at === null) {
      // What was read has taken the deadline away, or a listener has closed the daemon.
      return;
    }
    if (isRead) {
      at = null;
      passed();
    } else {
      loop.clearTimer(timer);
      timer = loop.setTimer(due, 1);
    }
  }

  return {
    arm(deadline: number | null): void {
      if (deadline === at) {
        return;
      }
      loop.clearTimer(timer);
      at = deadline;
      timer = undefined;
      if (deadline !== null) {
        timer = loop.setTimer(
          due,
          Math.min(LONGEST_TIMEOUT_MS, Math.max(1, Math.ceil(deadline - loop.now()))),
        );
      }
    },
  };
}
