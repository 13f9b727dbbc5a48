import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { linux } from '@ifdepd/netlink';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openRtnetlink } from '../../src/backends/rtnetlink.ts';
import { watchLinks } from '../../src/index.ts';
import { datagram, done, linkRecord, newLink, refusal } from '../../src/testing/index.ts';
import { stillClock } from '../support/still-clock.ts';

const EPERM = 1;
const EINTR = 4;
const EAGAIN = 11;
const ENOMEM = 12;
const EBADF = 9;
const ENOBUFS = 105;
const { SOL_SOCKET, SO_RCVBUF } = targetOf('linux').socket;
const { SO_RCVBUFFORCE } = linux.socket;

/** A kernel whose receive answers one after the other; EAGAIN at the end. */
function kernel(
  ...answers: readonly (number | Uint8Array | ((into: Uint8Array, from: Uint8Array) => number))[]
) {
  const left = [...answers];
  return scriptedLibc({
    bind: () => 0,
    setsockopt: () => 0,
    sendto: (_fd, bytes) => bytes.byteLength,
    recvfrom(_fd, into, _flags, from) {
      const answer = left.shift() ?? -EAGAIN;
      if (typeof answer === 'number') {
        return answer;
      }
      if (typeof answer === 'function') {
        return answer(into, from as Uint8Array);
      }
      into.set(answer);
      return answer.byteLength;
    },
  });
}

const open = (libc: ReturnType<typeof kernel>) => openRtnetlink({ libc, receiveBufferBytes: 4096 });
const list = datagram(
  newLink(linkRecord({ index: 1, name: 'lo' }), { sequence: 1, multi: true }),
  done({ sequence: 1, multi: true }),
);

test('rtnetlink listens before the first request', () => {
  const libc = kernel(-EAGAIN, list);
  using watch = watchLinks({ libc });
  expect(watch.links.size).toBe(1);
  const names = libc.calls.map(({ name }) => name);
  expect(names.indexOf('bind')).toBeLessThan(names.indexOf('sendto'));
});

test('the request of a list is a dump by RTM_GETLINK of all families without statistics', () => {
  const libc = kernel();
  open(libc).requestSnapshot();
  const [, bytes, , to] = libc.calls.find(({ name }) => name === 'sendto')?.values ?? [];
  expect(Buffer.from(bytes as Uint8Array).toString('hex')).toBe(
    ['28000000120001030100000000000000', '00000000000000000000000000000000', '08001d0008000000'].join(''),
  );
  expect(to).toEqual(Uint8Array.of(16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
});

describe('the receive buffer', () => {
  const options = (libc: ReturnType<typeof kernel>) =>
    libc.calls
      .filter(({ name, values }) => name === 'setsockopt' && values[1] === SOL_SOCKET)
      .map(({ values }) => [values[2], new DataView((values[3] as Uint8Array).buffer).getInt32(0, true)]);

  test('the receive buffer exceeds the limit with CAP_NET_ADMIN', () => {
    const libc = kernel();
    open(libc);
    expect(options(libc)).toEqual([[SO_RCVBUFFORCE, 4096]]);
  });

  test('the receive buffer has the limit without CAP_NET_ADMIN', () => {
    const libc = scriptedLibc({
      bind: () => 0,
      setsockopt: (_fd, _level, option) => (option === SO_RCVBUFFORCE ? -EPERM : 0),
    });
    open(libc);
    expect(options(libc)).toEqual([
      [SO_RCVBUFFORCE, 4096],
      [SO_RCVBUF, 4096],
    ]);
  });
});

test('a socket that cannot be bound is closed', () => {
  const libc = scriptedLibc({ setsockopt: () => 0, bind: () => -EPERM });
  expect(() => open(libc)).toThrow('rtnetlink socket: operation not permitted (bind: EPERM)');
  expect(libc.calls.at(-1)).toMatchObject({ name: 'close', values: [100] });
});

describe('receive', () => {
  test.each([
    ['nothing', [-EAGAIN], { type: 'nothing' }],
    ['interrupted by a signal: again', [-EINTR, -EINTR, -EAGAIN], { type: 'nothing' }],
    ['an overrun', [-ENOBUFS], { type: 'overrun' }],
    ['no memory for the list', [-ENOMEM], { type: 'overrun' }],
    ['bytes', [Uint8Array.of(1, 2, 3)], { type: 'bytes', length: 3 }],
  ] as const)('%s', (_, answers, received) => {
    expect(open(kernel(...answers)).receive()).toMatchObject(received);
  });

  test('receive throws any other error', () => {
    expect(() => open(kernel(-EBADF)).receive()).toThrow(
      'rtnetlink socket: bad file descriptor (recvfrom: EBADF)',
    );
  });

  test('a message of another port than the kernel is foreign', () => {
    const backend = open(
      kernel((_into, from) => {
        new DataView(from.buffer).setUint32(4, 4711, true);
        return 100;
      }),
    );
    expect(backend.receive()).toEqual({ type: 'foreign' });
  });

  test('the buffer grows for a longer message, but not for an impossible length', () => {
    const sizes: number[] = [];
    const longer = (length: number) => (into: Uint8Array) => {
      sizes.push(into.byteLength);
      return length;
    };
    const backend = open(kernel(longer(40_000), longer(0x7fff_ffff), longer(1), longer(1)));
    expect(backend.receive()).toEqual({ type: 'truncated' });
    expect(backend.receive()).toEqual({ type: 'truncated' });
    expect(backend.receive()).toMatchObject({ type: 'bytes', length: 1 });
    expect(sizes).toEqual([32 * 1024, 64 * 1024, 1024 * 1024]);
  });
});

test('an overrun is cleared, older messages are reported, and one list follows', () => {
  const later = datagram(
    newLink(linkRecord({ index: 2, name: 'eth0' }), { sequence: 2, multi: true }),
    done({ sequence: 2, multi: true }),
  );
  const older = datagram(newLink(linkRecord({ index: 1, name: 'lo', alias: 'older' })));
  const libc = kernel(-EAGAIN, list, -EAGAIN, -ENOBUFS, older, older, -EAGAIN, later);
  using watch = watchLinks({ libc });
  const events: string[] = [];
  watch.subscribe((event) => void events.push(event.type));
  libc.wake(100);
  expect(events).toEqual(['snapshot', 'changed', 'snapshot']);
  expect([...watch.links.keys()]).toEqual(['eth0']);
  expect(watch.counters).toMatchObject({ overruns: 1, snapshots: 2 });
});

test.each([true, false])(
  'overruns that never end: the start with waitForList %s does not spin, and the list comes after them',
  (waitForList) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let receives = 0;
    let broken = true;
    const working = kernel(-EAGAIN, list);
    const recvfrom: typeof working.recvfrom = (...words) => {
      receives += 1;
      return broken && receives < 100_000 ? -ENOBUFS : working.recvfrom(...words);
    };
    using watch = watchLinks({ libc: { ...working, recvfrom }, waitForList, loop: stillClock });
    expect(receives).toBeLessThan(200);
    vi.advanceTimersByTime(1000);
    expect(receives).toBeLessThan(2000);
    broken = false;
    vi.advanceTimersByTime(1000);
    expect([...watch.links.keys()]).toEqual(['lo']);
  },
);

test('close stops watching before it closes the socket', () => {
  const libc = kernel(-EAGAIN, list);
  const watch = watchLinks({ libc });
  watch.close();
  expect(libc.wake(100)).toBe(false);
  expect(libc.calls.filter(({ name }) => name === 'close')).toHaveLength(1);
});

describe('a refused first list', () => {
  const refusing = () => kernel(-EAGAIN, refusal({ sequence: 1 }, EPERM));
  const reason = 'rtnetlink socket: operation not permitted (list of links: EPERM)';

  test('auto falls back to polling and gives the reason', () => {
    const sysClassNet = mkdtempSync(join(tmpdir(), 'class-net-'));
    try {
      const libc = refusing();
      using watch = watchLinks({ libc, sysClassNet });
      expect([watch.backend, watch.backendReason]).toEqual(['polling', `no link messages: ${reason}`]);
      expect(libc.calls.at(-1)).toMatchObject({ name: 'close', values: [100] });
    } finally {
      rmdirSync(sysClassNet);
    }
  });

  test('auto throws the first error with the second as its cause when polling fails too', () => {
    const start = () => watchLinks({ libc: refusing(), sysClassNet: '/nowhere' });
    expect(start).toThrow(
      expect.objectContaining({
        message: reason,
        cause: expect.objectContaining({
          message: '/nowhere: no such file or directory (list of links: ENOENT)',
        }),
      }),
    );
  });

  test('backend rtnetlink throws and does not poll', () => {
    expect(() => watchLinks({ libc: refusing(), backend: 'rtnetlink' })).toThrow(reason);
  });
});
