import { callable, objectWith } from '../arguments.ts';
import type { Libc } from '../libc.ts';
import { OwnedFd } from '../owned-fd.ts';

/** struct itimerspec where time_t has 64 bits: it_interval, then it_value. */
const ITIMERSPEC_SIZE = 32;
const IT_VALUE_SECONDS = 16;
const LAST_SECOND = 2n ** 63n - 1n;

/**
 * Calls back when the wall clock was set. The kernel sets it also when the machine wakes from a sleep: links may have changed
 * meanwhile without a message of a driver that was reset.
 *
 * Setting the clock cancels a timer at the end of time (timerfd_create(2)); it never wakes the process otherwise. The monotonic
 * clock is not set, and stands still in a sleep.
 *
 * @param callback runs on the event loop, once for each step
 * @returns ends it when disposed; null where the system has no such timer, or refuses it
 */
export function onClockStep(libc: Libc, callback: () => void): Disposable | null {
  objectWith('onClockStep: libc', libc, 'target');
  callable('onClockStep: callback', callback);
  const numbers = libc.target.timerfd;
  if (numbers === null) {
    return null;
  }
  const { CLOCK_REALTIME, TFD_NONBLOCK, TFD_CLOEXEC } = numbers;
  const { TFD_TIMER_ABSTIME, TFD_TIMER_CANCEL_ON_SET, ECANCELED } = numbers;
  const result = libc.timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (result < 0) {
    return null;
  }
  const timer = new OwnedFd(libc, result);
  const atTheEnd = new Uint8Array(ITIMERSPEC_SIZE);
  new DataView(atTheEnd.buffer).setBigInt64(IT_VALUE_SECONDS, LAST_SECOND, true);

  /** Arms the timer again for the next step, which makes its descriptor unreadable. */
  function arm(): boolean {
    const answer = libc.timerfd_settime(timer.fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, atTheEnd);
    // ECANCELED: armed, and the clock was set since the last call.
    return answer >= 0 || answer === -ECANCELED;
  }

  if (!arm()) {
    timer.close();
    return null;
  }
  const watching = libc.readable(timer.fd, () => {
    if (arm()) {
      callback();
    } else {
      stop();
    }
  });

  function stop(): void {
    watching[Symbol.dispose]();
    timer.close();
  }

  return {
    [Symbol.dispose]() {
      if (!timer.closed) {
        stop();
      }
    },
  };
}
