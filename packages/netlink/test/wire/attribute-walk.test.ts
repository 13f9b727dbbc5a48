import { expect, test } from 'vitest';
import { AttributeWalk, DecodeError, Encoder, Span } from '../../src/index.ts';

/** IFLA_OPERSTATE with the byte 6, in eight bytes; then what an earlier message has left in the buffer. */
const bytes = Uint8Array.of(5, 0, 16, 0, 6, 0, 0, 0, 5, 0, 16, 0, 7, 0, 0, 0);
const message = { view: new DataView(bytes.buffer), littleEndian: true, end: 8 };

test('a walk over attributes ends where they do', () => {
  const walk = new AttributeWalk();
  walk.enter(message, 0, 8);
  expect(walk.next()).toBe(true);
  expect({ type: walk.type, size: walk.size, value: walk.u8() }).toEqual({ type: 16, size: 1, value: 6 });
  expect(walk.next()).toBe(false);
});

test('a walk does not begin over bytes of another message', () => {
  expect(() => new AttributeWalk().enter(message, 0, 16)).toThrow(DecodeError);
  expect(() => new AttributeWalk().enter(message, 0, -1)).toThrow(DecodeError);
});

test('a number is not read from a value that is shorter', () => {
  const walk = new AttributeWalk();
  walk.enter(message, 0, 8);
  walk.next();
  expect(() => walk.u16()).toThrow('an attribute value of 1 bytes where 2 are needed (at byte 4)');
  expect(() => walk.u32()).toThrow(DecodeError);
});

test.each([3, 9])('an attribute of %i bytes where eight are left is refused', (length) => {
  const wrong = Uint8Array.from(bytes);
  wrong[0] = length;
  const walk = new AttributeWalk();
  walk.enter({ ...message, view: new DataView(wrong.buffer) }, 0, 8);
  expect(() => walk.next()).toThrow(DecodeError);
});

test('a walk enters what the attribute of another one holds, and no more', () => {
  const encoder = new Encoder(true);
  const nested = encoder.nested(18, encoder.attribute(1, 'vlan'), encoder.attribute(2, 0x0102_0304));
  const all = encoder.join(nested, encoder.attribute(3, 7));
  const [outer, inner] = [new AttributeWalk(), new AttributeWalk()];
  outer.enter({ view: new DataView(all.buffer), littleEndian: true, end: all.byteLength }, 0, all.byteLength);
  outer.next();
  inner.enterValue(outer);
  const kind = new Span();
  expect(inner.next()).toBe(true);
  kind.setText(inner, all);
  expect([kind.text(all), kind.is(all, 'vlan'), kind.is(all, 'vla')]).toEqual(['vlan', true, false]);
  expect([inner.next(), inner.type, inner.u32(), inner.u16()]).toEqual([true, 2, 0x0102_0304, 0x0304]);
  expect(inner.next()).toBe(false);
});
