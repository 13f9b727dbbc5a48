import { expect, test } from 'vitest';
import { OwnedFd, openSocket, SystemError } from '../src/index.ts';
import { scriptedLibc } from '../src/testing/index.ts';

test('closes once, however often it is asked, and by leaving its scope', () => {
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

test('gives no number away after it was closed', () => {
  const owned = new OwnedFd(scriptedLibc(), 7);
  owned.close();
  expect(() => owned.fd).toThrow('this descriptor has been closed');
});

test('is closed for good even where close(2) failed', () => {
  const libc = scriptedLibc({ close: () => -4 });
  const owned = new OwnedFd(libc, 7);
  owned.close();
  owned.close();
  expect(libc.calls).toHaveLength(1);
});

test('descriptor 0 is a descriptor', () => {
  const libc = scriptedLibc({ socket: () => 0 });
  const owned = openSocket(libc, 2, 2, 0, 'a socket');
  expect(owned.fd).toBe(0);
  owned.close();
  expect(libc.calls.at(-1)).toEqual({ name: 'close', values: [0] });
});

test('a new socket is close-on-exec', () => {
  const libc = scriptedLibc();
  openSocket(libc, 16, 3, 0, 'rtnetlink socket').close();
  expect(libc.calls[0]).toEqual({ name: 'socket', values: [16, 3 | 0x80000, 0] });
});

test('a socket that cannot be had is an error about its purpose', () => {
  const libc = scriptedLibc({ socket: () => -93 });
  expect(() => openSocket(libc, 16, 3, 0, 'rtnetlink socket')).toThrow(
    new SystemError(libc.target, 93, 'socket', 'rtnetlink socket'),
  );
});
