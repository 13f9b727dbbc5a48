import { DecodeError } from '@ifdepd/netlink';
import { describe, expect, test } from 'vitest';
import { Cursor } from '../../src/wire/cursor.ts';

const bytes = Uint8Array.of(0xff, 0xfe, 0xfd, 0xfc, 0x01);

test('a cursor reads numbers in either byte order', () => {
  const little = new Cursor(bytes, true);
  expect([little.u8(0), little.u16(0), little.u32(0)]).toEqual([0xff, 0xfeff, 0xfcfdfeff]);
  const big = new Cursor(bytes, false);
  expect([big.u8(0), big.u16(0), big.u32(0)]).toEqual([0xff, 0xfffe, 0xfffefdfc]);
});

test('a cursor reads bytes within a larger buffer', () => {
  expect(new Cursor(bytes.subarray(1), true).u16(0)).toBe(0xfdfe);
});

describe('a cursor does not read past the end', () => {
  test.each([
    ['u8', 5],
    ['u16', 4],
    ['u32', 2],
    ['u8', -1],
  ] as const)('%s at %i', (method, at) => {
    expect(() => new Cursor(bytes, true)[method](at)).toThrow(DecodeError);
  });

  test('a cursor does not read past its limit', () => {
    const cursor = new Cursor(bytes, true);
    cursor.limit(3);
    expect(cursor.u16(1)).toBe(0xfdfe);
    expect(() => cursor.u16(2)).toThrow('2 bytes needed, 1 left (at byte 2)');
    expect(() => cursor.u8(3)).toThrow(DecodeError);
  });

  test.each([-1, 6, Number.NaN])('a cursor refuses a limit of %s', (limit) => {
    expect(() => new Cursor(bytes, true).limit(limit)).toThrow(RangeError);
  });
});
