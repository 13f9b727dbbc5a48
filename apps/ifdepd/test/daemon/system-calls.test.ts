import { scriptedLibc } from '@ifdepd/libc/testing';
import { datagram, done, linkRecord, newLink } from '@ifdepd/linkwatch/testing';
import { expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { quietLog } from '../support/quiet-log.ts';

const EAGAIN = 11;
const IFF_UP = 1;

/** linux/sockios.h */
const REQUESTS: Readonly<Record<number, string>> = { 35091: 'SIOCGIFFLAGS', 35092: 'SIOCSIFFLAGS' };

/** Links that are told on a socket, destinations that have flags, and every system call that is made. */
function world() {
  const flags = new Map([
    ['carp0', IFF_UP],
    ['carp1', IFF_UP],
  ]);
  const queue: Uint8Array[] = [];
  const list = { sequence: 1, multi: true };
  const libc = scriptedLibc({
    bind: () => 0,
    setsockopt: () => 0,
    sendto(_fd, bytes) {
      const links = ['em0', 'carp0', 'carp1'].map((name, at) => linkRecord({ index: at + 2, name }));
      queue.push(datagram(...links.map((link) => newLink(link, list)), done(list)));
      return bytes.byteLength;
    },
    recvfrom(_fd, into) {
      const message = queue.shift();
      into.set(message ?? []);
      return message?.byteLength ?? -EAGAIN;
    },
    ioctl(_fd, request, ifreq) {
      const name = new TextDecoder().decode(ifreq.subarray(0, ifreq.indexOf(0)));
      const view = new DataView(ifreq.buffer, ifreq.byteOffset, ifreq.byteLength);
      if (REQUESTS[request] === 'SIOCSIFFLAGS') {
        flags.set(name, view.getUint16(16, true));
      } else {
        view.setUint16(16, flags.get(name) ?? 0, true);
      }
      return 0;
    },
  });
  return { libc, flags, queue };
}

/** The system calls of one wake-up for these messages, in order. */
function callsFor(...messages: readonly Uint8Array[]) {
  const { libc, flags, queue } = world();
  const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0', 'carp1'] } } };
  using _daemon = startDaemon({ policy, log: quietLog, libc, probe: 'off' });
  const before = libc.calls.length;
  queue.push(...messages);
  // The control socket is opened first.
  expect(libc.wake(101)).toBe(true);
  const calls = libc.calls.slice(before).map(({ name, values }) => {
    const [, request] = values;
    return name === 'ioctl' ? `${name} ${REQUESTS[Number(request)]}` : name;
  });
  return { calls, flags };
}

const set = ['ioctl SIOCGIFFLAGS', 'ioctl SIOCSIFFLAGS', 'ioctl SIOCGIFFLAGS'];
const lost = newLink(linkRecord({ index: 2, name: 'em0', carrier: false }));

test('a lost carrier: one receive, then for each destination read, write, read back, then the end of the queue', () => {
  const { calls, flags } = callsFor(lost);
  expect(calls).toEqual(['recvfrom', ...set, ...set, 'recvfrom']);
  expect([...flags.values()]).toEqual([0, 0]);
});

test('the same news again: nothing but the receives', () => {
  const { calls } = callsFor(lost, lost);
  expect(calls).toEqual(['recvfrom', ...set, ...set, 'recvfrom', 'recvfrom']);
});

test('news of a destination: it is read once', () => {
  const { calls } = callsFor(newLink(linkRecord({ index: 3, name: 'carp0', alias: 'x' })));
  expect(calls).toEqual(['recvfrom', 'ioctl SIOCGIFFLAGS', 'recvfrom']);
});

test('news of others, where the kernel does not filter: nothing but the receives', () => {
  const others = Array.from({ length: 50 }, (_, at) =>
    newLink(linkRecord({ index: 100 + at, name: `x${at}` })),
  );
  const { calls } = callsFor(...others);
  expect(calls).toEqual(Array.from({ length: 51 }, () => 'recvfrom'));
});
