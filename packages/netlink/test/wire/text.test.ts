import { decodeText, encodeText } from '@ifdepd/libc';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isText } from '../../src/wire/span.ts';

const text = (bytes: Uint8Array) => decodeText(bytes, 0, bytes.byteLength);
const name = fc.uint8Array({ minLength: 1, maxLength: 15 });

describe('names are bytes', () => {
  test.each([
    ['eth0', [0x65, 0x74, 0x68, 0x30]],
    ['größe', [0x67, 0x72, 0xc3, 0xb6, 0xc3, 0x9f, 0x65]],
    ['a\udcff', [0x61, 0xff]],
    ['\udcc3', [0xc3]],
    // Valid and invalid bytes together: none of them is decoded.
    ['\udcc3\udcb6\udcff', [0xc3, 0xb6, 0xff]],
    // U+DC80 in (invalid) UTF-8 does not become the escape of another byte.
    ['\udced\udcb2\udc80', [0xed, 0xb2, 0x80]],
    // A byte order mark is part of the name.
    ['\ufeffa', [0xef, 0xbb, 0xbf, 0x61]],
  ])('%j', (expected, bytes) => {
    expect(text(Uint8Array.from(bytes))).toBe(expected);
  });

  test('an escaped byte among other characters becomes that byte, and they what they are', () => {
    expect([...encodeText('ö\udcffa')]).toEqual([0xc3, 0xb6, 0xff, 0x61]);
  });

  test('a name read as text becomes the same bytes again', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          name,
          fc.string({ unit: 'grapheme' }).map((one) => Buffer.from(one)),
        ),
        (bytes) => {
          expect(Buffer.from(encodeText(text(bytes))).equals(bytes)).toBe(true);
        },
      ),
    );
  });

  test('different bytes, different text', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(text(one) === text(other)).toBe(Buffer.compare(one, other) === 0);
      }),
    );
  });

  test('isText agrees with decodeText', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(isText(one, 0, one.byteLength, text(one))).toBe(true);
        expect(isText(one, 0, one.byteLength, text(other))).toBe(text(one) === text(other));
        expect(isText(one, 0, one.byteLength, `${text(one)}x`)).toBe(false);
      }),
    );
  });

  test('only the bytes that are meant are looked at', () => {
    const bytes = new TextEncoder().encode('xeth0y');
    expect(decodeText(bytes, 1, 4)).toBe('eth0');
    expect(isText(bytes, 1, 4, 'eth0')).toBe(true);
    expect(isText(bytes, 1, 3, 'eth0')).toBe(false);
  });
});
