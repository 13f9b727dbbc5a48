import { decodeText } from '@ifdepd/libc';
import { nlattr } from '../abi/messages.ts';
import { align } from './format.ts';
import { bytesGiven } from './given.ts';

/** One attribute: its type without the flags, and its value. */
export interface Attribute {
  readonly type: number;
  /** The bytes of the message, and no copy. */
  readonly value: Uint8Array;
}

/**
 * The attributes in some bytes, for what is read once: an object for each. As nla_for_each_attr() of the kernel does, it ends
 * before an attribute whose length is wrong; an {@link AttributeWalk} throws there, and allocates nothing.
 *
 * @param from where the first one begins. Default: 0
 */
export function* attributesIn(bytes: Uint8Array, littleEndian: boolean, from = 0): Iterable<Attribute> {
  const { NLA_HDRLEN, NLA_TYPE_MASK } = nlattr;
  bytesGiven('attributesIn: bytes', bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + NLA_HDRLEN <= bytes.byteLength; ) {
    const length = view.getUint16(at, littleEndian);
    if (length < NLA_HDRLEN || at + length > bytes.byteLength) {
      return;
    }
    const type = view.getUint16(at + 2, littleEndian) & NLA_TYPE_MASK;
    yield { type, value: bytes.subarray(at + NLA_HDRLEN, at + length) };
    at += align(length);
  }
}

/**
 * The value of the first attribute of a type; null where there is none.
 *
 * @param from where the first attribute begins. Default: 0
 */
export function attributeOf(
  bytes: Uint8Array,
  type: number,
  littleEndian: boolean,
  from = 0,
): Uint8Array | null {
  bytesGiven('attributeOf: bytes', bytes);
  for (const attribute of attributesIn(bytes, littleEndian, from)) {
    if (attribute.type === type) {
      return attribute.value;
    }
  }
  return null;
}

/**
 * The values of all attributes by their types; of several of one type the last, as nla_parse() of the kernel has it.
 *
 * @param from where the first attribute begins. Default: 0
 */
export function attributesByType(
  bytes: Uint8Array,
  littleEndian: boolean,
  from = 0,
): ReadonlyMap<number, Uint8Array> {
  bytesGiven('attributesByType: bytes', bytes);
  const values = new Map<number, Uint8Array>();
  for (const { type, value } of attributesIn(bytes, littleEndian, from)) {
    values.set(type, value);
  }
  return values;
}

/** The 32-bit number in a value; null where the value is shorter, or there is none. */
export function numberIn(value: Uint8Array | null | undefined, littleEndian: boolean): number | null {
  return value === null || value === undefined || value.byteLength < 4
    ? null
    : new DataView(value.buffer, value.byteOffset, 4).getUint32(0, littleEndian);
}

/** The text in a value, up to its NUL. */
export function textIn(value: Uint8Array): string {
  bytesGiven('textIn: value', value);
  const end = value.indexOf(0);
  return decodeText(value, 0, end < 0 ? value.byteLength : end);
}
