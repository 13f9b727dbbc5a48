import { linkRecord, newLink } from '@ifdepd/linkwatch/testing';
import { expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { countedCalls, namesOf } from '../support/counted-calls.ts';
import { quietLog } from '../support/quiet-log.ts';
import { stoppedClock } from '../support/stopped-clock.ts';

/** The system calls of one wake-up for these messages, in order. */
function callsFor(...messages: readonly Uint8Array[]) {
  using _clock = stoppedClock();
  const { libc, flags, queue } = countedCalls();
  const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0', 'carp1'] } } };
  using _daemon = startDaemon({ policy, log: quietLog, libc, earlyLoss: 'off' });
  const before = libc.calls.length;
  queue.push(...messages);
  // The control socket is opened first.
  expect(libc.wake(101)).toBe(true);
  return { calls: namesOf(libc.calls.slice(before)), flags };
}

const set = ['ioctl SIOCGIFFLAGS', 'ioctl SIOCSIFFLAGS', 'ioctl SIOCGIFFLAGS'];
const lost = newLink(linkRecord({ index: 2, name: 'em0', carrier: false }));

test('a lost carrier: the queue is read to its end, and once more before each further write', () => {
  const { calls, flags } = callsFor(lost);
  expect(calls).toEqual(['recvfrom', 'recvfrom', ...set, 'recvfrom', ...set]);
  expect([...flags.values()]).toEqual([0, 0]);
});

test('the same message again: only the receives', () => {
  const { calls } = callsFor(lost, lost);
  expect(calls).toEqual(['recvfrom', 'recvfrom', 'recvfrom', ...set, 'recvfrom', ...set]);
});

test('a message about a destination: it is read once', () => {
  const { calls } = callsFor(newLink(linkRecord({ index: 3, name: 'carp0', alias: 'x' })));
  expect(calls).toEqual(['recvfrom', 'recvfrom', 'ioctl SIOCGIFFLAGS']);
});

test('messages about other links, where the kernel does not filter: only the receives', () => {
  const others = Array.from({ length: 50 }, (_, at) =>
    newLink(linkRecord({ index: 100 + at, name: `x${at}` })),
  );
  const { calls } = callsFor(...others);
  expect(calls).toEqual(Array.from({ length: 51 }, () => 'recvfrom'));
});
