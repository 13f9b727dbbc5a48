import { linkRecord, newLink } from '@ifdepd/linkwatch/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startDaemon } from '../../../src/daemon/start-daemon.ts';
import { countedCalls, namesOf } from '../../support/counted-calls.ts';
import { quietLog } from '../../support/quiet-log.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setImmediate'] });
  // Between two sweeps.
  vi.spyOn(process, 'uptime').mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const folder = '/sys/class/net/em0';
const shown: readonly (readonly [string, string])[] = [
  [`${folder}/carrier_changes`, '1\n'],
  [`${folder}/ifindex`, '2\n'],
  [`${folder}/address`, '00:00:00:00:00:00\n'],
];

/** The calls of the first three looks after a link event. */
function looks(files: readonly (readonly [string, string])[]): readonly (readonly string[])[] {
  const { libc, queue, files: present } = countedCalls();
  for (const [path, text] of files) {
    present.set(path, text);
  }
  const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0'] } } };
  using daemon = startDaemon({ policy, log: quietLog, libc, earlyLoss: { everyMs: 10 } });
  queue.push(newLink(linkRecord({ index: 2, name: 'em0', alias: 'x' })));
  expect(libc.wake(101)).toBe(true);
  const calls = [1, 2, 3].map(() => {
    const before = libc.calls.length;
    vi.advanceTimersByTime(10);
    return namesOf(libc.calls.slice(before));
  });
  expect(daemon.earlyLoss.looks).toBe(3);
  return calls;
}

test('a look of the probe is one pread(2); the first one opens the counter and asks the driver', () => {
  const file = ['open', 'pread', 'close'];
  expect(looks(shown)).toEqual([
    [
      'open',
      ...file,
      ...file,
      'socket',
      'ioctl SIOCGIFINDEX',
      'ioctl SIOCGIFHWADDR',
      'close',
      // That it counts; that it agrees with the messages; whether it has moved.
      'pread',
      'pread',
      'pread',
      'ioctl SIOCETHTOOL',
    ],
    ['pread'],
    ['pread'],
  ]);
});

test('a source fails and is active again: the counter that was opened is read', () => {
  const { libc, queue, files } = countedCalls();
  for (const [path, text] of shown) {
    files.set(path, text);
  }
  const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0'] } } };
  using daemon = startDaemon({ policy, log: quietLog, libc, earlyLoss: { everyMs: 10 } });
  const changed = (carrier: boolean) => {
    queue.push(newLink(linkRecord({ index: 2, name: 'em0', carrier })));
    expect(libc.wake(101)).toBe(true);
    const before = libc.calls.length;
    vi.advanceTimersByTime(10);
    return namesOf(libc.calls.slice(before));
  };
  changed(true);
  changed(false);
  expect(changed(true)).not.toContain('open');
  expect(daemon.earlyLoss.looks).toBe(3);
});

test('a look of the probe is one ioctl(2) where em0 has no counter, or one of another interface', () => {
  const link = ['ioctl SIOCETHTOOL'];
  expect(looks([])).toEqual([['open', ...link], link, link]);
  const other = [...shown.slice(0, 1), [`${folder}/ifindex`, '3\n'] as const, ...shown.slice(2)];
  const [first, ...rest] = looks(other);
  expect(first?.slice(-2)).toEqual(['close', ...link]);
  expect(rest).toEqual([link, link]);
});
