import { describe, expect, test } from 'vitest';
import { OwnedFd, openSocket, SystemError, targetOf } from '../src/index.ts';
import { scriptedLibc } from '../src/testing/index.ts';

test('a descriptor that was released is not closed', () => {
  const libc = scriptedLibc();
  const owned = new OwnedFd(libc, 7);
  expect(owned.release()).toBe(7);
  owned.close();
  expect(owned.closed).toBe(true);
  expect(libc.calls).toEqual([]);
  expect(() => owned.release()).toThrow('this descriptor has been closed');
});

test('an OwnedFd closes its descriptor once, after several calls of close and at the end of its scope', () => {
  const libc = scriptedLibc();
  {
    using owned = new OwnedFd(libc, 7);
    expect(owned.fd).toBe(7);
    expect(owned.closed).toBe(false);
    owned.close();
    owned.close();
    expect(owned.closed).toBe(true);
  }
  expect(libc.calls).toEqual([{ name: 'close', values: [7] }]);
});

test('an OwnedFd does not return its number after close', () => {
  const owned = new OwnedFd(scriptedLibc(), 7);
  owned.close();
  expect(() => owned.fd).toThrow('this descriptor has been closed');
});

test('an OwnedFd stays closed when close(2) fails', () => {
  const libc = scriptedLibc({ close: () => -4 });
  const owned = new OwnedFd(libc, 7);
  owned.close();
  owned.close();
  expect(libc.calls).toHaveLength(1);
});

test('openSocket accepts descriptor 0', () => {
  const libc = scriptedLibc({ socket: () => 0 });
  const owned = openSocket(libc, 2, 2, 0, 'a socket');
  expect(owned.fd).toBe(0);
  owned.close();
  expect(libc.calls.at(-1)).toEqual({ name: 'close', values: [0] });
});

test('openSocket passes SOCK_CLOEXEC to socket(2)', () => {
  const libc = scriptedLibc();
  openSocket(libc, 16, 3, 0, 'rtnetlink socket').close();
  expect(libc.calls[0]).toEqual({ name: 'socket', values: [16, 3 | 0x80000, 0] });
});

test('openSocket throws an error with the purpose of the socket when socket(2) fails', () => {
  const libc = scriptedLibc({ socket: () => -93 });
  expect(() => openSocket(libc, 16, 3, 0, 'rtnetlink socket')).toThrow(
    new SystemError(libc.target, 93, 'socket', 'rtnetlink socket'),
  );
});

describe('openSocket where socket(2) has no flags (macOS)', () => {
  const target = targetOf('darwin');
  const { SOCK_RAW, SOCK_NONBLOCK } = target.socket;
  const F_GETFL = 3;
  const O_RDWR = 2;
  const fcntl = (_fd: number, command: number) => (command === F_GETFL ? O_RDWR : 0);

  test('socket(2) gets no flags, and fcntl(2) sets them', () => {
    const libc = scriptedLibc({ fcntl }, { target });
    const { fd } = openSocket(libc, 32, SOCK_RAW | SOCK_NONBLOCK, 1, 'kernel event socket');
    expect(libc.calls).toEqual([
      { name: 'socket', values: [32, 3, 1] },
      { name: 'fcntl', values: [fd, 2, 1] },
      { name: 'fcntl', values: [fd, F_GETFL, 0] },
      { name: 'fcntl', values: [fd, 4, O_RDWR | 0x4] },
    ]);
  });

  test('a socket without SOCK_NONBLOCK stays blocking', () => {
    const libc = scriptedLibc({ fcntl }, { target });
    openSocket(libc, 2, target.socket.SOCK_DGRAM, 0, 'a socket');
    expect(libc.calls.map(({ name }) => name)).toEqual(['socket', 'fcntl']);
  });

  test('the socket is closed when fcntl(2) fails', () => {
    const libc = scriptedLibc({ fcntl: () => -target.errnoOf.EINVAL }, { target });
    expect(() => openSocket(libc, 2, 2, 0, 'a socket')).toThrow(
      'a socket: invalid argument (fcntl F_SETFD: EINVAL)',
    );
    expect(libc.calls.at(-1)?.name).toBe('close');
  });
});
