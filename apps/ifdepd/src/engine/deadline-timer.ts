/** The longest that setTimeout() can be asked to wait. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * One timer, for the next deadline there is; none while there is none.
 *
 * @param look feeds what the kernel has reported by then, which came before the deadline; false where it could not be read to its end
 * @param passed called when a deadline has come
 */
export function deadlineTimer(now: () => number, look: () => boolean, passed: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let at: number | null = null;

  function due(): void {
    if (look()) {
      at = null;
      passed();
    } else {
      clearTimeout(timer);
      timer = setTimeout(due, 1);
    }
  }

  return {
    arm(deadline: number | null): void {
      if (deadline === at) {
        return;
      }
      clearTimeout(timer);
      at = deadline;
      timer = undefined;
      if (deadline !== null) {
        timer = setTimeout(due, Math.min(LONGEST_TIMEOUT_MS, Math.max(1, Math.ceil(deadline - now()))));
      }
    },
  };
}
