import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DecodeError, decodeStruct, encodeStruct, linux, type StructLayout } from '../../src/index.ts';

const RANGES = {
  u8: { min: 0, max: 0xff },
  u16: { min: 0, max: 0xffff },
  i32: { min: -(2 ** 31), max: 2 ** 31 - 1 },
  u32: { min: 0, max: 0xffff_ffff },
} as const;

const layouts = Object.entries<StructLayout>(linux.struct);

function valuesOf({ fields }: StructLayout): fc.Arbitrary<Record<string, number>> {
  return fc.record(
    Object.fromEntries(Object.entries(fields).map(([name, [, kind]]) => [name, fc.integer(RANGES[kind])])),
  );
}

test.each(layouts)(
  'struct %s is decoded as it was encoded, in both byte orders and anywhere',
  (_name, layout) => {
    fc.assert(
      fc.property(
        valuesOf(layout),
        fc.boolean(),
        fc.uint8Array({ maxLength: 9 }),
        (values, littleEndian, before) => {
          const bytes = Uint8Array.of(...before, ...encodeStruct(layout, values, littleEndian), 0xff);
          expect(decodeStruct(layout, bytes, littleEndian, before.byteLength)).toEqual(values);
        },
      ),
    );
  },
);

test.each(layouts)('struct %s that was cut is refused', (_name, layout) => {
  for (let length = 0; length < layout.size; length += 1) {
    expect(() => decodeStruct(layout, new Uint8Array(length), true)).toThrow(DecodeError);
  }
});

test('a structure before the first byte is refused', () => {
  expect(() => decodeStruct(linux.struct.ifaddrmsg, new Uint8Array(64), true, -1)).toThrow(DecodeError);
});

test('a field that is not given is 0', () => {
  const bytes = encodeStruct(linux.struct.ifinfomsg, { ifi_index: 3 }, true);
  expect([...bytes]).toEqual([0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});
