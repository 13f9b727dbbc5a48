import { expect, test } from 'vitest';
import { scriptedLibc } from '../src/testing/index.ts';

test('a scripted libc answers from the script and records copies of the bytes', () => {
  const libc = scriptedLibc({
    ioctl: (_fd, _request, argument) => {
      argument.fill(9);
      return 0;
    },
  });
  const argument = Uint8Array.of(1, 2);
  expect(libc.ioctl(5, 0x8913, argument)).toBe(0);
  expect([...argument]).toEqual([9, 9]);
  expect(libc.calls).toEqual([{ name: 'ioctl', values: [5, 0x8913, Uint8Array.of(1, 2)] }]);
});

test('a scripted libc returns -ENOSYS for a call without a script, and a new descriptor for each socket', () => {
  const libc = scriptedLibc();
  expect(libc.bind(1, new Uint8Array(2))).toBe(-38);
  expect(libc.if_nameindex()).toBe(-38);
  expect(libc.socket(1, 2, 0)).not.toBe(libc.socket(1, 2, 0));
});

test('wake calls a watch back until it is disposed', () => {
  const libc = scriptedLibc();
  let woken = 0;
  const watch = libc.readable(5, () => {
    woken += 1;
  });
  expect(libc.wake(5)).toBe(true);
  expect(libc.wake(6)).toBe(false);
  watch[Symbol.dispose]();
  expect(libc.wake(5)).toBe(false);
  expect(woken).toBe(1);
});

test('at returns the bytes that were pinned at an address', () => {
  const libc = scriptedLibc();
  const one = libc.pin(4);
  const other = libc.pin(4);
  other.bytes.set([1, 2, 3, 4]);
  expect(libc.at(one.address)).toBe(one.bytes);
  expect([...libc.at(other.address)]).toEqual([1, 2, 3, 4]);
  expect(() => libc.at(5n)).toThrow('no bytes are pinned at address 0x5');
});

test('the methods of a scripted libc do not use this', () => {
  const { socket, close } = { ...scriptedLibc() };
  expect(close(socket(1, 2, 0))).toBe(0);
});
