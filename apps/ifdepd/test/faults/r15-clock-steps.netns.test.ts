import { loadLibc } from '@ifdepd/libc';
import { onClockStep } from '@ifdepd/libc/linux';
import { until } from '@ifdepd/netlab';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { host } from '../support/host.ts';
import { quietLog } from '../support/quiet-log.ts';

const DAY_MS = 86_400_000;

// The wall clock belongs to the whole machine: no namespace has its own, and a test that steps it would step it for the
// others. `npm run chaos -- --fault R15` does, by a microsecond and back. Here a timer runs out where the clock would be
// set: to the descriptor and the event loop it is the same.
function libcWhoseClockIsSet(): ReturnType<typeof loadLibc> {
  const libc = loadLibc();
  let armed = 0;
  return {
    ...libc,
    timerfd_settime(fd, flags, value) {
      armed += 1;
      if (armed > 1) {
        return libc.timerfd_settime(fd, flags, value);
      }
      const inAMillisecond = new Uint8Array(value.byteLength);
      new DataView(inAMillisecond.buffer).setBigInt64(24, 1_000_000n, true);
      return libc.timerfd_settime(fd, 0, inAMillisecond);
    },
  };
}

describe('after a step, or a sleep', () => {
  test('every interface is read again, once', async () => {
    using _lab = host('em0', 'carp0');
    const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0'] } } };
    using running = startDaemon({ policy, log: quietLog });
    let steps = 0;
    using _steps = onClockStep(libcWhoseClockIsSet(), () => {
      steps += 1;
      running.resync();
    });
    await until('the step', () => steps > 0);
    // It is armed for the next one, and quiet until then.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([steps, running.linkCounters.snapshots]).toEqual([1, 2]);
  });
});

describe('the wall clock', () => {
  afterEach(() => void vi.restoreAllMocks());

  test.each([
    ['forwards', DAY_MS],
    ['backwards', -DAY_MS],
  ])('a day %s: no delay ends early, none is late', async (_, by) => {
    using lab = host('em0', 'carp0');
    const cli = { require: { all: ['em0'] }, destinations: ['carp0'], downDelayMs: 300 };
    const real = Date.now.bind(Date);
    using running = startDaemon({ policy: { groups: { cli } }, log: quietLog });
    const before = performance.now();
    lab.cables.em0.cut();
    await until('the delay to begin', () => running.status.groups[0]?.phase === 'going-down');
    vi.spyOn(Date, 'now').mockImplementation(() => real() + by);
    expect(running.status.groups[0]?.phase).toBe('going-down');
    await lab.allAre('down', ['carp0']);
    expect(performance.now() - before).toBeGreaterThanOrEqual(300);
  });
});
