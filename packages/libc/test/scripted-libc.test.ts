import { expect, test } from 'vitest';
import { scriptedLibc } from '../src/testing/index.ts';

test('answers from the script and remembers the bytes as they were', () => {
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

test('what the script does not answer is not implemented; descriptors differ', () => {
  const libc = scriptedLibc();
  expect(libc.bind(1, new Uint8Array(2))).toBe(-38);
  expect(libc.if_nameindex()).toBe(-38);
  expect(libc.socket(1, 2, 0)).not.toBe(libc.socket(1, 2, 0));
});

test('wakes who watches, and nobody after dispose', () => {
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

test('a script follows a pointer', () => {
  const libc = scriptedLibc();
  const one = libc.pin(4);
  const other = libc.pin(4);
  other.bytes.set([1, 2, 3, 4]);
  expect(libc.at(one.address)).toBe(one.bytes);
  expect([...libc.at(other.address)]).toEqual([1, 2, 3, 4]);
  expect(() => libc.at(5n)).toThrow('nothing was pinned at address 0x5');
});

test('is a Libc without this', () => {
  const { socket, close } = { ...scriptedLibc() };
  expect(close(socket(1, 2, 0))).toBe(0);
});
