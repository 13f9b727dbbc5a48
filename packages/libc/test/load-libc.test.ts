import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { loadLibc, openSocket, targetOf } from '../src/index.ts';
import { selfSocket } from './support/self-socket.ts';

const EBADF = 9;
const ECHILD = 10;
const ENOTTY = 25;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

const directory = mkdtempSync(join(tmpdir(), 'tiny-libc-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A library without libc behind it: what it does not define is not there. Null without a compiler. */
function compileTiny(...defines: readonly string[]): string | null {
  const source = fileURLToPath(new URL('fixtures/tiny.c', import.meta.url));
  const library = join(directory, `tiny${defines.join('')}.so`);
  const { error, status, stderr } = spawnSync(
    'cc',
    [
      '-shared',
      '-fPIC',
      '-O1',
      '-nostdlib',
      '-fno-builtin',
      '-Wl,-Bsymbolic',
      ...defines,
      '-o',
      library,
      source,
    ],
    { encoding: 'utf8' },
  );
  if (error === undefined && status !== 0) {
    throw new Error(stderr);
  }
  return error === undefined ? library : null;
}

describe('the C library of this program', () => {
  const libc = loadLibc();
  const { AF_INET, SOCK_DGRAM, SOL_SOCKET, SO_RCVBUF } = libc.target.socket;

  test('a failed call answers with the errno it left, however often another one fails in between', () => {
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

  test('a call that succeeds after one that failed has no trace of the failure', () => {
    expect(libc.close(-1)).toBe(-EBADF);
    const fd = libc.socket(AF_INET, SOCK_DGRAM, 0);
    expect(fd).toBeGreaterThan(2);
    expect(libc.close(fd)).toBe(0);
  });

  test('socket options go in and come out with their length', () => {
    using socket = selfSocket(libc);
    const value = new Uint8Array(Uint32Array.of(70_000).buffer);
    expect(libc.setsockopt(socket.fd, SOL_SOCKET, SO_RCVBUF, value)).toBe(0);
    const read = new Uint8Array(16);
    expect(libc.getsockopt(socket.fd, SOL_SOCKET, SO_RCVBUF, read)).toBe(4);
    // socket(7): the kernel doubles it.
    expect(new DataView(read.buffer).getUint32(0, true)).toBe(140_000);
  });

  test('MSG_TRUNC asks for the true length of a datagram that did not fit', () => {
    using socket = selfSocket(libc);
    socket.send('ten bytes!');
    expect(libc.recvfrom(socket.fd, new Uint8Array(4), libc.target.socket.MSG_TRUNC, null)).toBe(10);
  });

  test('dup2 makes a second number for the same socket', () => {
    using socket = selfSocket(libc);
    const other = libc.socket(AF_INET, SOCK_DGRAM, 0);
    expect(libc.dup2(socket.fd, other)).toBe(other);
    socket.send('seen by both');
    expect(libc.recvfrom(other, new Uint8Array(64), 0, null)).toBe(12);
    expect(libc.close(other)).toBe(0);
  });

  test('flock locks an open file against another one, until that is closed', () => {
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

  test('a socket is not handed down to programs that are started, and does not block where asked', () => {
    const [F_GETFD, FD_CLOEXEC] = [1, libc.target.fcntl.FD_CLOEXEC];
    const { F_GETFL, O_NONBLOCK } = libc.target.fcntl;
    using plain = openSocket(libc, AF_INET, SOCK_DGRAM, 0, 'a socket');
    using other = openSocket(libc, AF_INET, SOCK_DGRAM | libc.target.socket.SOCK_NONBLOCK, 0, 'a socket');
    expect([plain, other].map(({ fd }) => libc.fcntl(fd, F_GETFD, 0))).toEqual([FD_CLOEXEC, FD_CLOEXEC]);
    expect([plain, other].map(({ fd }) => libc.fcntl(fd, F_GETFL, 0) & O_NONBLOCK)).toEqual([0, O_NONBLOCK]);
  });

  test('a thread tells how it is scheduled, and takes the same again', (ctx) => {
    if (libc.target.scheduling === null) {
      return ctx.skip('there is no sched_getattr on this system');
    }
    const attributes = new Uint8Array(48);
    expect(libc.sched_getattr(0, attributes)).toBe(0);
    expect(new Uint32Array(attributes.buffer)[0]).toBe(48);
    expect(libc.sched_setattr(0, attributes)).toBe(0);
    expect(libc.sched_getattr(0, new Uint8Array(8))).toBe(-libc.target.errnoOf.EINVAL);
  });

  test('a socket that listens takes a connection before anybody accepts it; one that does not, refuses it', async () => {
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
    expect(libc.listen(-1, 1)).toBe(-EBADF);
  });

  test('a timer of the clock becomes readable when its time has come', async (ctx) => {
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

  test('what is written to one end of a pipe is read from the other', () => {
    const ends = new Int32Array(2);
    expect(libc.pipe(ends)).toBe(0);
    const [reading = -1, writing = -1] = ends;
    writeSync(writing, 'through');
    expect(libc.close(writing)).toBe(0);
    expect(readFileSync(reading, 'latin1')).toBe('through');
    expect(libc.close(reading)).toBe(0);
  });

  test('a process without such a child has nothing to wait for', () => {
    expect(libc.waitpid(process.pid, 0)).toBe(-ECHILD);
  });

  test('prctl refuses what it does not know, and takes what it does', (ctx) => {
    const { subreaper } = libc.target;
    if (subreaper === null) {
      expect(libc.prctl(1, 0)).toBe(-ENOSYS);
      return ctx.skip('there is no prctl on this system');
    }
    expect(libc.prctl(subreaper.PR_SET_CHILD_SUBREAPER, 0)).toBe(0);
    expect(libc.prctl(123_456, 0)).toBe(-libc.target.errnoOf.EINVAL);
  });

  test('there is no sysctl on Linux', (ctx) => {
    if (libc.target.platform !== 'linux') {
      return ctx.skip('not Linux');
    }
    expect(libc.sysctl([1, 1], null, null)).toBe(-ENOSYS);
    expect(libc.sysctlbyname('kern.ostype', null, null)).toBe(-ENOSYS);
  });

  test('pinned bytes are zero, and each has an address of its own', () => {
    const one = libc.pin(8);
    const other = libc.pin(8);
    expect([...one.bytes]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(one.address).not.toBe(0n);
    expect(one.address).not.toBe(other.address);
  });
});

describe('another library', () => {
  const tiny = compileTiny();

  test('is the one that is called, with the request of an ioctl unsigned and the errno it leaves', (ctx) => {
    if (tiny === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library: tiny, target: targetOf('linux') });
    expect(libc.socket(1, 2, 3)).toBe(123);
    expect(libc.close(16)).toBe(-16);
    const argument = new Uint8Array(8);
    expect(libc.ioctl(7, 0xc0906911, argument)).toBe(7);
    expect(new DataView(argument.buffer).getBigUint64(0, true)).toBe(0xc0906911n);
    const into = new Uint8Array(3);
    const from = new Uint8Array(12);
    expect(libc.recvfrom(5, into, 0x40, from)).toBe(3);
    expect([...into, from[0]]).toEqual([5, 3, 0x40, 12]);
    expect(libc.recvfrom(6, into, 0, null)).toBe(3);
  });

  test('is called as the target has it: by another name, with its errnos', (ctx) => {
    if (tiny === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library: tiny, target: targetOf('netbsd') });
    expect(libc.socket(1, 2, 3)).toBe(1023);
    expect(libc.unshare(0)).toBe(-78);
    expect(libc.fcntl(3, 2, 1)).toBe(321);
  });

  test('sysctl takes and gives bytes, and tells how many there would be', (ctx) => {
    if (tiny === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library: tiny, target: targetOf('freebsd') });
    const into = new Uint8Array(8);
    expect(libc.sysctl([4, 17, 0, 0, 3, 0], null, null)).toBe(6);
    expect(libc.sysctl([4, 17, 0, 0, 3, 0], into, null)).toBe(6);
    expect([...into]).toEqual([4, 17, 0, 0, 3, 0, 0, 0]);
    expect(libc.sysctl([1, 2], into, Uint8Array.of(9))).toBe(3);
    expect([...into.subarray(0, 3)]).toEqual([1, 2, 9]);
    expect(libc.sysctl([1, 2, 3], new Uint8Array(2), null)).toBe(-12);
    expect(libc.sysctlbyname('carp', into, Uint8Array.of(240))).toBe(5);
    expect([...into.subarray(0, 5)]).toEqual([...Buffer.from('carp'), 240]);
  });

  test('gets its list of interfaces back, and says why there is none', (ctx) => {
    const library = compileTiny('-DWITH_NAMES');
    if (library === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library, target: targetOf('linux') });
    for (let round = 0; round < 3; round += 1) {
      expect(libc.if_nameindex()).toEqual([
        { index: 7, name: 'em0' },
        { index: 1, name: 'lo0' },
      ]);
    }
    const [lists, ENOMEM] = [libc.unshare(12), 12];
    expect(lists).toBe(0);
    expect(libc.if_nameindex()).toBe(-ENOMEM);
  });

  test('answers -ENOSYS for what it does not have', (ctx) => {
    if (tiny === null) {
      return ctx.skip('no C compiler here');
    }
    const libc = loadLibc({ library: tiny, target: targetOf('linux') });
    expect(libc.unshare(0)).toBe(-ENOSYS);
    expect(libc.unshare(0)).toBe(-ENOSYS);
    expect(libc.dup2(0, 1)).toBe(-ENOSYS);
    expect(libc.flock(0, 2)).toBe(-ENOSYS);
    expect(libc.if_nameindex()).toBe(-ENOSYS);
  });

  test('that does not exist is named in the error', () => {
    expect(() => loadLibc({ library: '/nowhere/libkernel.so' })).toThrow(
      /^cannot load the C library \/nowhere\/libkernel\.so: .*(No such file|not found)/,
    );
  });
});
