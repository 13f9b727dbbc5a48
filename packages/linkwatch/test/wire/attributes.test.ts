import { expect, test } from 'vitest';
import { linux } from '../../src/abi/linux.ts';
import { AttributeWalk } from '../../src/wire/attributes.ts';
import { Cursor, DecodeError } from '../../src/wire/cursor.ts';

/** IFLA_OPERSTATE with the byte 6, in eight bytes; then what an earlier message has left in the buffer. */
const bytes = Uint8Array.of(5, 0, 16, 0, 6, 0, 0, 0, 5, 0, 16, 0, 7, 0, 0, 0);

test('a walk over attributes ends where they do', () => {
  const walk = new AttributeWalk(linux);
  walk.enter(new Cursor(bytes, true), 0, 8);
  expect(walk.next()).toBe(true);
  expect({ type: walk.type, size: walk.size, value: walk.u8() }).toEqual({ type: 16, size: 1, value: 6 });
  expect(walk.next()).toBe(false);
});

test('it does not begin over bytes of another message', () => {
  const cursor = new Cursor(bytes, true);
  cursor.limit(8);
  expect(() => new AttributeWalk(linux).enter(cursor, 0, 16)).toThrow(DecodeError);
});
