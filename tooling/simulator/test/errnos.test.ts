import { expect, test } from 'vitest';
import type { Operation } from '../src/operation.ts';
import { play } from '../src/play.ts';

/**
 * By call, as the manual pages of Linux name them. A socket that is refused with EACCES or EAFNOSUPPORT is left out: the daemon
 * reads /sys/class/net instead then, and that of this machine has other links than the scripted kernel.
 */
const ERRNOS = {
  socket: ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'],
  bind: ['EADDRINUSE', 'ENOMEM'],
  setsockopt: ['ENOMEM', 'EPERM', 'EINVAL'],
  sendto: ['ENOBUFS', 'ENOMEM', 'EINTR', 'EAGAIN', 'EPERM'],
  recvfrom: ['ENOBUFS', 'ENOMEM', 'EINTR', 'EAGAIN', 'EIO'],
  ioctl: ['EBUSY', 'EPERM', 'ENOMEM', 'EINTR', 'ENODEV', 'EIO'],
  open: ['EMFILE', 'ENFILE', 'EACCES', 'EINTR', 'ENOMEM'],
  pread: ['EIO', 'EINTR', 'ENOMEM'],
  close: ['EIO', 'EINTR'],
  if_nameindex: ['ENOBUFS', 'ENOMEM', 'EMFILE'],
} as const;

/** The last of the calls that fail alone. */
const LAST = 20;

/** Failures in one moment that are no loop. */
const MOST_AT_ONCE = 200;

/** When a call fails: the n-th one after the start has begun, or all of them for a minute. */
type When = number | 'for ever';

const ALL = process.env['IFDEPD_TEST_SWEEP'] === 'all';

const combinations = Object.entries(ERRNOS).flatMap(([call, errnos]) =>
  errnos.flatMap((errno, at) => {
    const every = Array.from({ length: LAST + 1 }, (_, n): When => n);
    const some: readonly When[] = [at];
    return [...(ALL ? every : some), 'for ever' as const].map((when) => ({ call, errno, when }));
  }),
);

function historyOf(call: string, errno: string, when: When): readonly Operation[] {
  const fail: Operation =
    when === 'for ever'
      ? { afterMs: 1000, do: 'fail', call, errno, times: Number.MAX_SAFE_INTEGER }
      : { afterMs: 1000, do: 'fail', call, errno, times: 1, skip: when };
  const losses: readonly Operation[] = [
    { afterMs: 1000, do: 'cable', name: 'wan0', to: 'down' },
    { afterMs: 40, do: 'cable', name: 'wan1', to: 'down' },
    { afterMs: 5000, do: 'reload', config: 1 },
    { afterMs: 5000, do: 'cable', name: 'wan0', to: 'up' },
    { afterMs: 50_000, do: 'heal' },
  ];
  // A start that is refused has healed the fault: the next one succeeds.
  return when === 'for ever'
    ? [fail, ...losses]
    : [{ afterMs: 0, do: 'stop' }, fail, { afterMs: 0, do: 'start' }, { afterMs: 0, do: 'start' }, ...losses];
}

test('each call fails with each of its errnos, the n-th time or for a minute: no exception, no loop, the right end state', async () => {
  const wrong: string[] = [];
  const struck = new Set<string>();
  for (const { call, errno, when } of combinations) {
    const { violation, failed, mostAtOnce } = await play(historyOf(call, errno, when));
    if (failed > 0) {
      struck.add(call);
    }
    if (violation !== null || mostAtOnce > MOST_AT_ONCE) {
      wrong.push(`${call} ${errno} ${when}: ${violation ?? `${mostAtOnce} failures in one moment`}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(Object.keys(ERRNOS).filter((call) => !struck.has(call))).toEqual([]);
}, 600_000);
