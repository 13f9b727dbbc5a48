import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadLibc, openSocket } from '../src/index.ts';
import { runChild } from './support/child.ts';
import { selfSocket } from './support/self-socket.ts';

const EBADF = 9;
const ECHILD = 10;
const ENOTTY = 25;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

const directory = mkdtempSync(join(tmpdir(), 'libc-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('the C library of this process', () => {
  const libc = loadLibc();
  const { AF_INET, SOCK_DGRAM, SOL_SOCKET, SO_RCVBUF } = libc.target.socket;

  test('a failed call returns its own errno, also among many other failed calls', () => {
    using socket = selfSocket(libc);
    const argument = new Uint8Array(64);
    const garbage: unknown[] = [];
    for (let round = 0; round < 5000; round += 1) {
      garbage.push({ round, text: `${round}` });
      const answers = [
        libc.close(-1),
        libc.ioctl(socket.fd, 0x12345678, argument),
        libc.socket(4095, SOCK_DGRAM, 0),
        libc.recvfrom(socket.fd, argument, 0, null),
      ];
      expect(answers).toEqual([-EBADF, -ENOTTY, -EAFNOSUPPORT, -libc.target.errnoOf.EAGAIN]);
    }
    expect(garbage).toHaveLength(5000);
  });

  test('a successful call after a failed one returns no errno', () => {
    expect(libc.close(-1)).toBe(-EBADF);
    const fd = libc.socket(AF_INET, SOCK_DGRAM, 0);
    expect(fd).toBeGreaterThan(2);
    expect(libc.close(fd)).toBe(0);
  });

  test('setsockopt and getsockopt pass an option with its length', () => {
    using socket = selfSocket(libc);
    const value = new Uint8Array(Uint32Array.of(70_000).buffer);
    expect(libc.setsockopt(socket.fd, SOL_SOCKET, SO_RCVBUF, value)).toBe(0);
    const read = new Uint8Array(16);
    expect(libc.getsockopt(socket.fd, SOL_SOCKET, SO_RCVBUF, read)).toBe(4);
    // socket(7): the kernel doubles it.
    expect(new DataView(read.buffer).getUint32(0, true)).toBe(140_000);
  });

  test('recvfrom with MSG_TRUNC returns the full length of a datagram that does not fit', () => {
    using socket = selfSocket(libc);
    socket.send('ten bytes!');
    expect(libc.recvfrom(socket.fd, new Uint8Array(4), libc.target.socket.MSG_TRUNC, null)).toBe(10);
  });

  test('dup2 makes a second descriptor of the same socket', () => {
    using socket = selfSocket(libc);
    const other = libc.socket(AF_INET, SOCK_DGRAM, 0);
    expect(libc.dup2(socket.fd, other)).toBe(other);
    socket.send('seen by both');
    expect(libc.recvfrom(other, new Uint8Array(64), 0, null)).toBe(12);
    expect(libc.close(other)).toBe(0);
  });

  test('flock locks out another open file of the same path until the first one is closed', () => {
    const [LOCK_EX_NB, EWOULDBLOCK] = [2 | 4, 11];
    const path = join(directory, 'lock');
    const [one, other] = [openSync(path, 'w'), openSync(path, 'w')];
    expect(libc.flock(one, LOCK_EX_NB)).toBe(0);
    expect(libc.flock(other, LOCK_EX_NB)).toBe(-EWOULDBLOCK);
    closeSync(one);
    expect(libc.flock(other, LOCK_EX_NB)).toBe(0);
    closeSync(other);
    expect(libc.flock(other, LOCK_EX_NB)).toBe(-EBADF);
  });

  test('fcntl reads and writes the flags of a descriptor', () => {
    const { F_SETFD, F_GETFL, F_SETFL, O_NONBLOCK } = libc.target.fcntl;
    const fd = libc.socket(AF_INET, SOCK_DGRAM, 0);
    const flags = libc.fcntl(fd, F_GETFL, 0);
    expect(flags & O_NONBLOCK).toBe(0);
    expect(libc.fcntl(fd, F_SETFL, flags | O_NONBLOCK)).toBe(0);
    expect(libc.fcntl(fd, F_GETFL, 0)).toBe(flags | O_NONBLOCK);
    expect(libc.fcntl(fd, F_SETFD, 1)).toBe(0);
    expect(libc.close(fd)).toBe(0);
    expect(libc.fcntl(fd, F_GETFL, 0)).toBe(-EBADF);
  });

  test('openSocket opens a socket that is close-on-exec, and non-blocking on request', () => {
    const [F_GETFD, FD_CLOEXEC] = [1, libc.target.fcntl.FD_CLOEXEC];
    const { F_GETFL, O_NONBLOCK } = libc.target.fcntl;
    using plain = openSocket(libc, AF_INET, SOCK_DGRAM, 0, 'a socket');
    using other = openSocket(libc, AF_INET, SOCK_DGRAM | libc.target.socket.SOCK_NONBLOCK, 0, 'a socket');
    expect([plain, other].map(({ fd }) => libc.fcntl(fd, F_GETFD, 0))).toEqual([FD_CLOEXEC, FD_CLOEXEC]);
    expect([plain, other].map(({ fd }) => libc.fcntl(fd, F_GETFL, 0) & O_NONBLOCK)).toEqual([0, O_NONBLOCK]);
  });

  test('sched_setattr accepts the attributes that sched_getattr returned', (ctx) => {
    if (libc.target.scheduling === null) {
      return ctx.skip('there is no sched_getattr on this system');
    }
    const attributes = new Uint8Array(48);
    expect(libc.sched_getattr(0, attributes)).toBe(0);
    expect(new Uint32Array(attributes.buffer)[0]).toBe(48);
    expect(libc.sched_setattr(0, attributes)).toBe(0);
    expect(libc.sched_getattr(0, new Uint8Array(8))).toBe(-libc.target.errnoOf.EINVAL);
  });

  test('connect succeeds before accept on a listening socket and is refused on a bound one; accept takes each connection once', async () => {
    const { AF_UNIX, SOCK_STREAM, SOCK_NONBLOCK } = libc.target.socket;
    const address = new Uint8Array(libc.target.unixAddress.size);
    address[libc.target.unixAddress.sun_family] = AF_UNIX;
    address.set(new TextEncoder().encode(join(directory, 'listening')), libc.target.unixAddress.sun_path);
    using listening = openSocket(libc, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, 'listening');
    expect(libc.bind(listening.fd, address)).toBe(0);
    using client = openSocket(libc, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, 'client');
    expect(libc.connect(client.fd, address)).toBe(-libc.target.errnoOf.ECONNREFUSED);
    expect(libc.listen(listening.fd, 1)).toBe(0);
    const asked = new Promise<void>((resolve) => {
      const watching = libc.readable(listening.fd, () => {
        watching[Symbol.dispose]();
        resolve();
      });
    });
    expect(libc.connect(client.fd, address)).toBe(0);
    await asked;
    const accepted = libc.accept(listening.fd);
    expect(accepted).toBeGreaterThan(2);
    expect(libc.close(accepted)).toBe(0);
    expect(libc.accept(listening.fd)).toBe(-libc.target.errnoOf.EAGAIN);
    expect(libc.listen(-1, 1)).toBe(-EBADF);
  });

  test('a timerfd becomes readable when it expires', async (ctx) => {
    const { timerfd } = libc.target;
    if (timerfd === null) {
      return ctx.skip('there is no timerfd on this system');
    }
    const fd = libc.timerfd_create(timerfd.CLOCK_REALTIME, timerfd.TFD_NONBLOCK | timerfd.TFD_CLOEXEC);
    expect(fd).toBeGreaterThan(0);
    // struct itimerspec: it_value.tv_nsec is at 24.
    const inAMillisecond = new Uint8Array(32);
    new DataView(inAMillisecond.buffer).setBigInt64(24, 1_000_000n, true);
    expect(libc.timerfd_settime(fd, 0, inAMillisecond)).toBe(0);
    await new Promise<void>((resolve) => {
      const watching = libc.readable(fd, () => {
        watching[Symbol.dispose]();
        resolve();
      });
    });
    expect(libc.close(fd)).toBe(0);
    expect(libc.timerfd_settime(fd, 0, inAMillisecond)).toBe(-EBADF);
  });

  test('the end of a pipe to write to is writable at once', async () => {
    const ends = new Int32Array(2);
    expect(libc.pipe(ends)).toBe(0);
    const [reading = -1, writing = -1] = ends;
    await new Promise<void>((resolve) => {
      const watching = libc.writable(writing, () => {
        watching[Symbol.dispose]();
        resolve();
      });
    });
    expect([libc.close(writing), libc.close(reading)]).toEqual([0, 0]);
  });

  test('pipe returns two connected ends', () => {
    const ends = new Int32Array(2);
    expect(libc.pipe(ends)).toBe(0);
    const [reading = -1, writing = -1] = ends;
    writeSync(writing, 'through');
    expect(libc.close(writing)).toBe(0);
    expect(readFileSync(reading, 'latin1')).toBe('through');
    expect(libc.close(reading)).toBe(0);
  });

  test('waitpid for a process that is not a child returns -ECHILD', () => {
    expect(libc.waitpid(process.pid, 0)).toBe(-ECHILD);
  });

  test('prctl accepts a known option and refuses an unknown one', (ctx) => {
    const { subreaper } = libc.target;
    if (subreaper === null) {
      expect(libc.prctl(1, 0)).toBe(-ENOSYS);
      return ctx.skip('there is no prctl on this system');
    }
    expect(libc.prctl(subreaper.PR_SET_CHILD_SUBREAPER, 0)).toBe(0);
    expect(libc.prctl(123_456, 0)).toBe(-libc.target.errnoOf.EINVAL);
  });

  test('sysctl and sysctlbyname return -ENOSYS on Linux', (ctx) => {
    if (libc.target.platform !== 'linux') {
      return ctx.skip('not Linux');
    }
    expect(libc.sysctl([1, 1], null, null)).toBe(-ENOSYS);
    expect(libc.sysctlbyname('kern.ostype', null, null)).toBe(-ENOSYS);
  });

  test('malloc_trim gives memory back with glibc, and returns -ENOSYS with another C library', () => {
    expect([0, 1, -ENOSYS]).toContain(libc.malloc_trim());
  });

  test('pin returns zeroed bytes at different addresses', () => {
    const one = libc.pin(8);
    const other = libc.pin(8);
    expect([...one.bytes]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(one.address).not.toBe(0n);
    expect(one.address).not.toBe(other.address);
  });
});

test('_exit ends the process with its status, without exit handlers', () => {
  expect(runChild('exit')).toMatchObject({ status: 3, stdout: '' });
});
