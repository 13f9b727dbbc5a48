import { type Libc, OwnedFd } from '@ifdepd/libc';

/** struct itimerspec where time_t has 64 bits: it_interval, then it_value. */
const ITIMERSPEC_SIZE = 32;
const IT_VALUE_SECONDS = 16;
const LAST_SECOND = 2n ** 63n - 1n;

/**
 * Calls back when the wall clock was set, which the kernel also does when the machine wakes from a sleep: links may have
 * come and gone meanwhile, and a driver that was reset need not have told.
 *
 * A timer at the end of time that is cancelled when the clock is set (timerfd_create(2)): nothing wakes for it. Nothing
 * here *uses* the wall clock but the times in logs: decisions and delays go by the monotonic one, which a sleep stops.
 *
 * @returns ends it; null where the system has no such timer, or not for us
 */
export function onClockStep(libc: Libc, callback: () => void): Disposable | null {
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

  /** Set anew, it is no longer readable, and waits for the next step. */
  function arm(): boolean {
    const answer = libc.timerfd_settime(timer.fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, atTheEnd);
    // ECANCELED: it is set, and the clock was, too, since the last time.
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
