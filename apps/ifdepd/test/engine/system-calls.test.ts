import { type ScriptedCall, scriptedLibc } from '@ifdepd/libc/testing';
import { datagram, done, linkRecord, newLink } from '@ifdepd/linkwatch/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { quietLog } from '../support/quiet-log.ts';

const ENOENT = 2;
const EAGAIN = 11;
const IFF_UP = 1;

/** linux/sockios.h */
const REQUESTS: Readonly<Record<number, string>> = {
  35091: 'SIOCGIFFLAGS',
  35092: 'SIOCSIFFLAGS',
  35111: 'SIOCGIFHWADDR',
  35123: 'SIOCGIFINDEX',
  35142: 'SIOCETHTOOL',
};

/** Links that are told on a socket, destinations that have flags, and every system call that is made. */
function world() {
  const flags = new Map([
    ['carp0', IFF_UP],
    ['carp1', IFF_UP],
  ]);
  const queue: Uint8Array[] = [];
  const list = { sequence: 1, multi: true };
  /** What the files of em0 say, where there are any. */
  const files = new Map<string, string>();
  const open: string[] = [];
  const libc = scriptedLibc({
    open: (path) => (files.has(path) ? 1000 + open.push(path) - 1 : -ENOENT),
    pread(fd, into) {
      const text = files.get(open[fd - 1000] ?? '') ?? '';
      return new TextEncoder().encodeInto(text, into).written;
    },
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
      } else if (REQUESTS[request] === 'SIOCETHTOOL') {
        // struct ethtool_value: a carrier.
        new DataView(libc.at(view.getBigUint64(16, true)).buffer).setUint32(4, 1, true);
      } else if (REQUESTS[request] === 'SIOCGIFINDEX') {
        view.setInt32(16, 2, true);
      } else if (REQUESTS[request] === 'SIOCGIFFLAGS') {
        view.setUint16(16, flags.get(name) ?? 0, true);
      }
      return 0;
    },
  });
  return { libc, flags, queue, files };
}

/** The system calls of one wake-up for these messages, in order. */
function callsFor(...messages: readonly Uint8Array[]) {
  const { libc, flags, queue } = world();
  const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0', 'carp1'] } } };
  using _daemon = startDaemon({ policy, log: quietLog, libc, earlyLoss: 'off' });
  const before = libc.calls.length;
  queue.push(...messages);
  // The control socket is opened first.
  expect(libc.wake(101)).toBe(true);
  return { calls: namesOf(libc.calls.slice(before)), flags };
}

function namesOf(calls: readonly ScriptedCall[]): readonly string[] {
  return calls.map(({ name, values }) => {
    const [, request] = values;
    return name === 'ioctl' ? `${name} ${REQUESTS[Number(request)]}` : name;
  });
}

const set = ['ioctl SIOCGIFFLAGS', 'ioctl SIOCSIFFLAGS', 'ioctl SIOCGIFFLAGS'];
const lost = newLink(linkRecord({ index: 2, name: 'em0', carrier: false }));

test('a lost carrier: the queue is read to its end, and once more before each further write', () => {
  const { calls, flags } = callsFor(lost);
  expect(calls).toEqual(['recvfrom', 'recvfrom', ...set, 'recvfrom', ...set]);
  expect([...flags.values()]).toEqual([0, 0]);
});

test('the same news again: nothing but the receives', () => {
  const { calls } = callsFor(lost, lost);
  expect(calls).toEqual(['recvfrom', 'recvfrom', 'recvfrom', ...set, 'recvfrom', ...set]);
});

test('news of a destination: it is read once', () => {
  const { calls } = callsFor(newLink(linkRecord({ index: 3, name: 'carp0', alias: 'x' })));
  expect(calls).toEqual(['recvfrom', 'recvfrom', 'ioctl SIOCGIFFLAGS']);
});

test('news of others, where the kernel does not filter: nothing but the receives', () => {
  const others = Array.from({ length: 50 }, (_, at) =>
    newLink(linkRecord({ index: 100 + at, name: `x${at}` })),
  );
  const { calls } = callsFor(...others);
  expect(calls).toEqual(Array.from({ length: 51 }, () => 'recvfrom'));
});

describe('a look of the probe', () => {
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
    const { libc, queue, files: present } = world();
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

  test('is one pread(2); the first one opens the counter and reads the driver', () => {
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
        // That it counts; that it says what was told; whether it has moved.
        'pread',
        'pread',
        'pread',
        'ioctl SIOCETHTOOL',
      ],
      ['pread'],
      ['pread'],
    ]);
  });

  test('is one ioctl(2) where there is no counter, or one of another interface', () => {
    const link = ['ioctl SIOCETHTOOL'];
    expect(looks([])).toEqual([['open', ...link], link, link]);
    const other = [...shown.slice(0, 1), [`${folder}/ifindex`, '3\n'] as const, ...shown.slice(2)];
    const [first, ...rest] = looks(other);
    expect(first?.slice(-2)).toEqual(['close', ...link]);
    expect(rest).toEqual([link, link]);
  });
});
