import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadLibc, must, type OwnedFd, openSocket, targetOf } from '../src/index.ts';
import { openRing, type Ring } from '../src/linux/index.ts';
import { scriptedLibc } from '../src/testing/index.ts';
import { listOfLinks, type WaitingSocket, waitingSocket } from './support/ring-sockets.ts';

const EAGAIN = 11;
const EPERM = 1;
const ENOENT = 2;
const ECANCELED = 125;
const ENOMEM = 12;
const ENOSPC = 28;

describe('a ring', () => {
  const libc = loadLibc();
  const message = libc.pin(64);
  const request = libc.pin(32);
  request.bytes.set(listOfLinks);
  let ring: Ring | null;
  let netlink: OwnedFd;

  beforeEach(() => {
    ring = openRing(libc, 4);
    netlink = openSocket(libc, 16, 3, 0, 'rtnetlink socket');
  });

  afterEach(() => {
    ring?.[Symbol.dispose]();
    netlink.close();
  });

  function ends(of: Ring): (readonly [token: number, result: number])[] {
    const found: (readonly [number, number])[] = [];
    of.reap((token, result) => found.push([token, result]));
    return found;
  }

  /** Receives from `from`, then asks the kernel for a list of its links. */
  function chain(of: Ring, from: number, token: number): void {
    must(
      libc,
      of.chain([
        { operation: 'recv', fd: from, memory: message, length: 64, token },
        { operation: 'send', fd: netlink.fd, memory: request, length: 32, token: token + 1 },
      ]),
      'io_uring_enter',
      'ring',
    );
  }

  /** Receives, appends three bytes of that to a file, then asks the kernel for a list of its links. @returns how each call ended */
  function recorded(of: Ring, socket: ReturnType<typeof waitingSocket>, file: number) {
    const calls = [
      { operation: 'recv', fd: socket.fd, memory: message, length: 64, token: 1 },
      { operation: 'write', fd: file, memory: message, length: 3, token: 2 },
      { operation: 'send', fd: netlink.fd, memory: request, length: 32, token: 3 },
    ] as const;
    must(libc, of.chain(calls), 'io_uring_enter', 'ring');
    socket.send('now');
    const found = ends(of);
    while (found.length < calls.length) {
      of.wait();
      found.push(...ends(of));
    }
    return found;
  }

  /** Bytes of the answer to the request; −EAGAIN where there is none. */
  const answer = () => libc.recvfrom(netlink.fd, new Uint8Array(64), libc.target.socket.MSG_DONTWAIT, null);

  test('the kernel makes the second call by itself when the first has ended', (ctx) => {
    if (ring === null) {
      return ctx.skip('no io_uring here');
    }
    using socket = waitingSocket(libc);
    chain(ring, socket.fd, 1);
    expect(ends(ring)).toEqual([]);
    expect(answer()).toBe(-EAGAIN);
    socket.send('now');
    expect(answer()).toBeGreaterThan(0);
    expect(ends(ring)).toEqual([
      [1, 3],
      [2, 32],
    ]);
    expect(new TextDecoder().decode(message.bytes.subarray(0, 3))).toBe('now');
    expect(ends(ring)).toEqual([]);
  });

  test('a write between the two appends to a file, and the call behind it waits for that', (ctx) => {
    if (ring === null) {
      return ctx.skip('no io_uring here');
    }
    const folder = mkdtempSync(join(tmpdir(), 'ifdepd-ring-'));
    const file = join(folder, 'record');
    writeFileSync(file, 'first ');
    const fd = openSync(file, 'a');
    using socket = waitingSocket(libc);
    try {
      expect(recorded(ring, socket, fd)).toEqual([
        [1, 3],
        [2, 3],
        [3, 32],
      ]);
      expect(readFileSync(file, 'latin1')).toBe('first now');
      expect(answer()).toBeGreaterThan(0);
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  });

  test('a write that fails ends the calls behind it', (ctx) => {
    if (ring === null) {
      return ctx.skip('no io_uring here');
    }
    using socket = waitingSocket(libc);
    const full = openSync('/dev/full', 'a');
    try {
      expect(recorded(ring, socket, full)).toEqual([
        [1, 3],
        [2, -ENOSPC],
        [3, -ECANCELED],
      ]);
      expect(answer()).toBe(-EAGAIN);
    } finally {
      closeSync(full);
    }
  });

  test('a thousand pairs of calls through four entries are each reported once', (ctx) => {
    if (ring === null) {
      return ctx.skip('no io_uring here');
    }
    using socket = waitingSocket(libc);
    for (let token = 1; token < 2000; token += 2) {
      chain(ring, socket.fd, token);
      socket.send('go');
      expect(ends(ring)).toEqual([
        [token, 2],
        [token + 1, 32],
      ]);
      while (answer() > 0) {
        // The answers would fill the queue.
      }
    }
  });

  test('a cancelled call does not happen, nor does the call behind it', (ctx) => {
    if (ring === null) {
      return ctx.skip('no io_uring here');
    }
    using socket = waitingSocket(libc);
    chain(ring, socket.fd, 7);
    ring.cancel(7);
    const found = ends(ring);
    while (found.length < 2) {
      ring.wait();
      found.push(...ends(ring));
    }
    expect(found.toSorted()).toEqual([
      [7, -ECANCELED],
      [8, -ECANCELED],
    ]);
    socket.send('too late');
    expect(answer()).toBe(-EAGAIN);
  });

  test('cancelling a call that has ended changes nothing', (ctx) => {
    if (ring === null) {
      return ctx.skip('no io_uring here');
    }
    using socket = waitingSocket(libc);
    chain(ring, socket.fd, 7);
    socket.send('now');
    ring.cancel(7);
    expect(ends(ring)).toEqual([
      [7, 3],
      [8, 32],
    ]);
  });
});

describe('a chain with a poll', () => {
  const libc = loadLibc();
  const message = libc.pin(64);
  const request = libc.pin(32);
  request.bytes.set(listOfLinks);

  type Happen = (sockets: Readonly<Record<'first' | 'guard', WaitingSocket>>, ring: Ring) => void;

  /** Receives from one socket, and asks the kernel for its links if the other could not be read since. */
  function unlessReadable(before: Happen, after: Happen) {
    using ring = openRing(libc, 4);
    if (ring === null) {
      return null;
    }
    using first = waitingSocket(libc);
    using guard = waitingSocket(libc);
    using netlink = openSocket(libc, 16, 3, 0, 'rtnetlink socket');
    const calls = [
      { operation: 'poll', fd: guard.fd, token: 1 },
      { operation: 'recv', fd: first.fd, memory: message, length: 64, token: 2 },
      { operation: 'unpoll', poll: 1, token: 3 },
      { operation: 'send', fd: netlink.fd, memory: request, length: 32, token: 4 },
    ] as const;
    before({ first, guard }, ring);
    must(libc, ring.chain(calls), 'io_uring_enter', 'ring');
    after({ first, guard }, ring);
    const ended = new Map<number, number>();
    for (ring.reap((...end) => ended.set(...end)); ended.size < calls.length; ) {
      ring.wait();
      ring.reap((...end) => ended.set(...end));
    }
    const { MSG_DONTWAIT } = libc.target.socket;
    const answered = libc.recvfrom(netlink.fd, new Uint8Array(64), MSG_DONTWAIT, null) > 0;
    return { ended: [...ended].toSorted(([one], [other]) => one - other), answered };
  }

  const nothing: Happen = () => {};
  const heard: Happen = ({ guard }) => guard.send('!');
  const received: Happen = ({ first }) => first.send('now');

  test('nothing comes to the polled socket: all calls are made, and the poll is ended', (ctx) => {
    const found = unlessReadable(nothing, received);
    if (found === null) {
      return ctx.skip('no io_uring here');
    }
    expect(found).toEqual({
      ended: [
        [1, -ECANCELED],
        [2, 3],
        [3, 0],
        [4, 32],
      ],
      answered: true,
    });
  });

  test.for<readonly [string, Happen, Happen]>([
    ['before the chain', heard, received],
    [
      'before the receipt',
      nothing,
      (all, ring) => {
        heard(all, ring);
        received(all, ring);
      },
    ],
  ])(
    'something comes to the polled socket %s: the call behind the unpoll is not made',
    ([, before, after], ctx) => {
      const found = unlessReadable(before, after);
      if (found === null) {
        return ctx.skip('no io_uring here');
      }
      expect(found).toEqual({
        ended: [
          [1, 1],
          [2, 3],
          [3, -ENOENT],
          [4, -ECANCELED],
        ],
        answered: false,
      });
    },
  );

  test('the poll and the receipt are cancelled: no call is made', (ctx) => {
    const found = unlessReadable(nothing, (_sockets, ring) => void ring.cancel(1, 2));
    if (found === null) {
      return ctx.skip('no io_uring here');
    }
    expect(found.ended).toEqual([1, 2, 3, 4].map((token) => [token, -ECANCELED]));
  });
});

describe('openRing', () => {
  const linux = targetOf('linux');
  /** struct io_uring_params: features are at 20. */
  const filled = (features: number) => (_entries: number, params: Uint8Array) => {
    new DataView(params.buffer).setUint32(20, features, true);
    return 5;
  };
  const ENOUGH = 0xffff_ffff;

  test('returns null on another system', () => {
    expect(openRing(scriptedLibc({}, { target: targetOf('openbsd') }), 4)).toBeNull();
  });

  test('returns null when the host disables io_uring', () => {
    expect(openRing(scriptedLibc({ io_uring_setup: () => -EPERM }), 4)).toBeNull();
  });

  test('returns null on an older kernel and closes the descriptor', () => {
    const libc = scriptedLibc({ io_uring_setup: filled(1), mmap: () => -ENOMEM });
    expect(openRing(libc, 4)).toBeNull();
    expect(libc.calls.map(({ name }) => name)).toEqual(['io_uring_setup', 'close']);
  });

  test('returns null and releases everything when the first or the second mmap fails', () => {
    const first = scriptedLibc({ io_uring_setup: filled(ENOUGH), mmap: () => -ENOMEM });
    expect(openRing(first, 4)).toBeNull();
    expect(first.calls.map(({ name }) => name)).toEqual(['io_uring_setup', 'mmap', 'close']);
    let unmapped = 0;
    const second = scriptedLibc({
      io_uring_setup: filled(ENOUGH),
      mmap: (_fd, _length, offset) =>
        offset === 0
          ? {
              bytes: new Uint8Array(4096),
              [Symbol.dispose]: () => {
                unmapped += 1;
              },
            }
          : -ENOMEM,
    });
    expect(openRing(second, 4)).toBeNull();
    expect(unmapped).toBe(1);
    expect(second.calls.at(-1)?.name).toBe('close');
  });

  test('a chain of which the kernel takes only a part is cancelled, and the next chain does not have the rest', () => {
    // The offsets of 32-bit words of the ring, in bytes.
    const at = { sqHead: 0, sqTail: 4, sqMask: 8, array: 64, cqHead: 12, cqTail: 16, cqMask: 20, cqes: 128 };
    const rings = new Uint8Array(4096);
    const sqes = new Uint8Array(4096);
    const words = new DataView(rings.buffer);
    words.setUint32(at.sqMask, 3, true);
    /** The opcodes of what was taken. */
    const taken: number[] = [];
    let most = 1;
    const libc = scriptedLibc({
      io_uring_setup(_entries, params) {
        const view = new DataView(params.buffer);
        for (const [offset, value] of [
          [0, 4],
          [4, 8],
          [20, ENOUGH],
          [40, at.sqHead],
          [44, at.sqTail],
          [48, at.sqMask],
          [64, at.array],
          [80, at.cqHead],
          [84, at.cqTail],
          [88, at.cqMask],
          [100, at.cqes],
        ] as const) {
          view.setUint32(offset, value, true);
        }
        return 5;
      },
      mmap: (_fd, _length, offset) => ({ bytes: offset === 0 ? rings : sqes, [Symbol.dispose]: () => {} }),
      io_uring_enter(_fd, submit) {
        let count = 0;
        let head = words.getUint32(at.sqHead, true);
        while (count < Math.min(submit, most) && head !== words.getUint32(at.sqTail, true)) {
          taken.push(sqes[64 * words.getUint32(at.array + 4 * (head & 3), true)] ?? -1);
          head += 1;
          count += 1;
        }
        words.setUint32(at.sqHead, head, true);
        return count;
      },
    });
    using ring = openRing(libc, 4);
    const memory = libc.pin(8);
    const pair = [
      { operation: 'recv', fd: 7, memory, length: 8, token: 1 },
      { operation: 'send', fd: 7, memory, length: 8, token: 2 },
    ] as const;
    const { IORING_OP_RECV, IORING_OP_SEND, IORING_OP_ASYNC_CANCEL } = linux.ioUring ?? {};
    expect(ring?.chain(pair)).toBe(-ENOMEM);
    expect(taken).toEqual([IORING_OP_RECV, IORING_OP_ASYNC_CANCEL]);
    most = 8;
    expect(ring?.chain(pair)).toBe(2);
    expect(taken.slice(2)).toEqual([IORING_OP_RECV, IORING_OP_SEND]);
  });

  test('a wait that a signal interrupts is repeated', () => {
    let entered = 0;
    const libc = scriptedLibc({
      io_uring_setup: filled(ENOUGH),
      mmap: () => ({ bytes: new Uint8Array(4096), [Symbol.dispose]: () => {} }),
      io_uring_enter: () => (entered++ === 0 ? -linux.errnoOf.EINTR : 1),
    });
    using ring = openRing(libc, 4);
    expect(ring?.wait()).toBe(1);
    expect(entered).toBe(2);
  });
});
