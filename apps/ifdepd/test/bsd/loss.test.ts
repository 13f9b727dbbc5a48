import type { Libc } from '@ifdepd/libc';
import type { ScriptedBsd } from '@ifdepd/scripted-kernels';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bsdHost, type System } from '../support/bsd-host.ts';
import { passTime } from '../support/stopped-clock.ts';

const RESYNC_MS = 60_000;
const SMALL = 8192;
/** sys/socket.h */
const SO_RCVBUF = 0x1002;
const SO_RERROR_OF_FREEBSD = 0x20000;

const EINVAL = 22;
const ENOBUFS = 55;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A kernel that gives no more than the 8 KiB it begins with. */
const small =
  (refused?: number) =>
  (libc: Libc): Partial<Libc> => ({
    setsockopt(fd, level, option, value) {
      const size = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
      if (option === refused) {
        return -EINVAL;
      }
      return option === SO_RCVBUF && size > SMALL ? -ENOBUFS : libc.setsockopt(fd, level, option, value);
    },
  });

/** Fills the queue with news of a card that nobody asked about, and only then cuts a cable. */
function overflow(kernel: ScriptedBsd, then: () => void): void {
  for (let left = 200; left > 0; left -= 1) {
    kernel.setAdmin('usb0', 'up');
    kernel.setAdmin('usb0', 'down');
  }
  then();
}

const before = (kernel: ScriptedBsd) => kernel.attach('usb0');

test.each(['openbsd', 'freebsd', 'netbsd', 'dragonfly'] as const)(
  '%s says that messages were lost (RTM_DESYNC, SO_RERROR): everything is read again at once',
  async (system) => {
    const { kernel, settle, up, daemon } = await bsdHost(system, { before, calls: small() });
    overflow(kernel, () => kernel.carrier('em0', 'down'));
    settle();
    expect(daemon.linkCounters.overruns).toBeGreaterThan(0);
    expect(up()).toEqual([]);
    overflow(kernel, () => kernel.carrier('em0', 'up'));
    settle();
    expect(up()).toEqual(['lan0', 'lan1']);
  },
);

test.each([
  ['netbsd7', undefined],
  // As FreeBSD before 14.
  ['freebsd', SO_RERROR_OF_FREEBSD],
] as const satisfies readonly (readonly [System, number | undefined])[])(
  '%s drops messages in silence: the list that is read once a minute sets it right, both ways',
  async (system, refused) => {
    const { kernel, settle, up, daemon } = await bsdHost(system, { before, calls: small(refused) });
    overflow(kernel, () => kernel.carrier('em0', 'down'));
    settle();
    expect(daemon.linkCounters.overruns).toBe(0);
    // Nobody can know yet.
    expect(up()).toEqual(['lan0', 'lan1']);
    passTime(RESYNC_MS);
    settle();
    expect(up()).toEqual([]);
    overflow(kernel, () => kernel.carrier('em0', 'up'));
    settle();
    passTime(RESYNC_MS);
    settle();
    expect(up()).toEqual(['lan0', 'lan1']);
  },
);

test('darwin drops messages about flags in silence: the list sets it right', async () => {
  const { kernel, settle, up } = await bsdHost('darwin', { before, calls: small() });
  overflow(kernel, () => kernel.setAdmin('em0', 'down'));
  settle();
  expect(up()).toEqual(['lan0', 'lan1']);
  passTime(RESYNC_MS);
  settle();
  expect(up()).toEqual([]);
});

test.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly'] as const)(
  '%s: a destination raised during the loss is set down again',
  async (system) => {
    const { kernel, settle, isUp } = await bsdHost(system, { before, calls: small() });
    kernel.carrier('em0', 'down');
    settle();
    overflow(kernel, () => kernel.setAdmin('lan0', 'up'));
    settle();
    expect(isUp('lan0')).toBe(false);
  },
);
