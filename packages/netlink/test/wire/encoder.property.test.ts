import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AttributeWalk,
  attributeOf,
  attributesByType,
  attributesIn,
  Encoder,
  MessageWalk,
  numberIn,
  payloadOf,
  textIn,
} from '../../src/index.ts';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const header = fc.record({ type: u16, flags: u16, sequence: u32, port: u32 });
const messages = fc.array(fc.tuple(header, fc.uint8Array({ maxLength: 40 })), { maxLength: 5 });
/** Types without the two bits that are flags. */
const attributes = fc.array(
  fc.record({ type: fc.integer({ min: 0, max: 0x3fff }), value: fc.uint8Array({ maxLength: 40 }) }),
  { maxLength: 6 },
);

test('messages of a datagram are walked over as they were encoded, whatever lies behind it', () => {
  fc.assert(
    fc.property(messages, fc.boolean(), fc.uint8Array({ maxLength: 40 }), (given, littleEndian, behind) => {
      const encoder = new Encoder(littleEndian);
      const datagram = encoder.datagram(...given.map(([head, payload]) => encoder.message(head, payload)));
      const walk = new MessageWalk(littleEndian);
      walk.enter(Uint8Array.of(...datagram, ...behind), datagram.byteLength);
      const found: unknown[] = [];
      while (walk.next()) {
        const { type, flags, sequence, port } = walk;
        found.push([{ type, flags, sequence, port }, Uint8Array.from(payloadOf(walk))]);
      }
      expect(found).toEqual(given);
    }),
  );
});

test('attributes are read as they were encoded, by the walk and by the iteration', () => {
  fc.assert(
    fc.property(attributes, fc.boolean(), (given, littleEndian) => {
      const encoder = new Encoder(littleEndian);
      const bytes = encoder.join(...given.map(({ type, value }) => encoder.attribute(type, value)));
      expect(
        [...attributesIn(bytes, littleEndian)].map(({ type, value }) => ({
          type,
          value: Uint8Array.from(value),
        })),
      ).toEqual(given);
      const walk = new AttributeWalk();
      const view = new DataView(bytes.buffer);
      walk.enter({ view, littleEndian, end: bytes.byteLength }, 0, bytes.byteLength);
      const walked: unknown[] = [];
      while (walk.next()) {
        walked.push({ type: walk.type, value: bytes.slice(walk.at, walk.at + walk.size) });
      }
      expect(walked).toEqual(given);
    }),
  );
});

test('numbers and texts come back from attributes', () => {
  fc.assert(
    fc.property(u32, fc.string({ unit: 'binary-ascii' }), fc.boolean(), (number, text, littleEndian) => {
      const encoder = new Encoder(littleEndian);
      const [one, two] = attributesIn(
        encoder.nested(7, encoder.attribute(1, number), encoder.attribute(2, text)),
        littleEndian,
        4,
      );
      expect(numberIn(one?.value ?? null, littleEndian)).toBe(number);
      expect(textIn(two?.value ?? new Uint8Array())).toBe(text.split('\0', 1)[0]);
    }),
  );
});

describe('refusal', () => {
  const encoder = new Encoder(true);
  test.each([
    ['a type of more than 16 bits', () => encoder.message({ type: 0x1_0000 })],
    ['a sequence number below 0', () => encoder.message({ type: 1, sequence: -1 })],
    [
      'an attribute that is longer than its length can say',
      () => encoder.attribute(1, new Uint8Array(65_532)),
    ],
    ['a type of an attribute that is no whole number', () => encoder.attribute(0.5, 1)],
  ])('an encoder refuses %s', (_what, encode) => {
    expect(encode).toThrow(RangeError);
  });

  test('an encoder takes the longest attribute that there can be', () => {
    expect(encoder.attribute(0xffff, new Uint8Array(65_531)).byteLength).toBe(65_536);
  });
});

test('a number that an attribute is too short for is none', () => {
  expect(numberIn(Uint8Array.of(1, 2, 3), true)).toBeNull();
  expect(numberIn(null, true)).toBeNull();
});

test('of several attributes of one type the last is the one by its type, and the first is the one that is looked for', () => {
  const encoder = new Encoder(true);
  const bytes = encoder.join(encoder.attribute(1, 7), encoder.attribute(2, 8), encoder.attribute(1, 9));
  const values = attributesByType(bytes, true);
  expect([...values.keys()].map((type) => numberIn(values.get(type), true))).toEqual([9, 8]);
  expect(numberIn(attributeOf(bytes, 1, true), true)).toBe(7);
  expect(numberIn(attributeOf(bytes, 3, true), true)).toBeNull();
});
