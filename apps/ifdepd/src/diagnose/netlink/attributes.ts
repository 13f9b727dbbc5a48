import { RTNETLINK } from './numbers.ts';

/** Bytes of one message, and nothing beyond them. */
export type Bytes = Uint8Array;

/** One netlink attribute: its type without the flags, and its value. */
export interface Attribute {
  readonly type: number;
  readonly value: Bytes;
}

/** The attributes in these bytes, as far as their lengths make sense: what follows a wrong one is left out. */
export function* attributesIn(bytes: Bytes): Iterable<Attribute> {
  const { NLA_HDRLEN, NLA_TYPE_MASK } = RTNETLINK;
  for (let at = 0; at + NLA_HDRLEN <= bytes.byteLength; ) {
    const length = u16(bytes, at);
    if (length < NLA_HDRLEN || at + length > bytes.byteLength) {
      return;
    }
    yield { type: u16(bytes, at + 2) & NLA_TYPE_MASK, value: bytes.subarray(at + NLA_HDRLEN, at + length) };
    at += aligned(length);
  }
}

/** The value of the first attribute of a type; null where there is none. */
export function attributeOf(bytes: Bytes, type: number): Bytes | null {
  for (const attribute of attributesIn(bytes)) {
    if (attribute.type === type) {
      return attribute.value;
    }
  }
  return null;
}

/** The 32-bit number that an attribute of a type holds; null where there is none. */
export function numberOf(bytes: Bytes, type: number): number | null {
  const value = attributeOf(bytes, type);
  return value === null || value.byteLength < 4 ? null : u32(value, 0);
}

/** The text of an attribute without its NUL. */
export function textOf(value: Bytes): string {
  const end = value.indexOf(0);
  return Buffer.from(value.subarray(0, end < 0 ? value.byteLength : end)).toString('latin1');
}

/** One attribute with a 32-bit number. */
export function numberAttribute(type: number, value: number): Bytes {
  const bytes = new Uint8Array(RTNETLINK.NLA_HDRLEN + 4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, bytes.byteLength, true);
  view.setUint16(2, type, true);
  view.setUint32(RTNETLINK.NLA_HDRLEN, value, true);
  return bytes;
}

/** 0 past the end. */
export function u16(bytes: Bytes, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

/** 0 past the end. */
export function u32(bytes: Bytes, at: number): number {
  return (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
}

/** Netlink pads to four bytes. */
export function aligned(length: number): number {
  return (length + 3) & ~3;
}
