import { decodeText } from '@ifdepd/libc';
import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import { type Cursor, DecodeError } from './cursor.ts';
import { isText } from './text.ts';

/** Walks over netlink attributes, `struct nlattr { __u16 nla_len; __u16 nla_type; }` and a value each. */
export class AttributeWalk {
  readonly #abi: NetlinkAbi['nlattr'];
  #cursor: Cursor | undefined;
  #view: DataView | undefined;
  #littleEndian = false;
  #next = 0;
  #end = 0;

  /** The type of the present attribute, without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
  type = 0;
  /** Where its value begins. */
  at = 0;
  /** How many bytes its value has. */
  size = 0;

  constructor(abi: NetlinkAbi) {
    this.#abi = abi.nlattr;
  }

  /**
   * Begins before the first attribute of those between `from` and `end`.
   *
   * @throws {DecodeError} where the bytes end before that
   */
  enter(cursor: Cursor, from: number, end: number): void {
    this.#cursor = cursor;
    this.#view = cursor.viewTo(end);
    this.#littleEndian = cursor.littleEndian;
    this.#next = from;
    this.#end = end;
  }

  /**
   * Goes to the next attribute; false where there is none.
   *
   * @throws {DecodeError} where its length is wrong
   */
  next(): boolean {
    const { NLA_HDRLEN, NLA_ALIGNTO, NLA_TYPE_MASK } = this.#abi;
    const at = this.#next;
    if (this.#end - at < NLA_HDRLEN) {
      return false;
    }
    const view = this.#view as DataView;
    const length = view.getUint16(at, this.#littleEndian);
    if (length < NLA_HDRLEN || length > this.#end - at) {
      throw new DecodeError(`an attribute of ${length} bytes where ${this.#end - at} are left`, at);
    }
    this.type = view.getUint16(at + 2, this.#littleEndian) & NLA_TYPE_MASK;
    this.at = at + NLA_HDRLEN;
    this.size = length - NLA_HDRLEN;
    this.#next = at + Math.ceil(length / NLA_ALIGNTO) * NLA_ALIGNTO;
    return true;
  }

  /** @throws {DecodeError} where the value is shorter */
  u8(): number {
    return this.#wanting(1).u8(this.at);
  }

  /** @throws {DecodeError} where the value is shorter */
  u32(): number {
    return this.#wanting(4).u32(this.at);
  }

  /**
   * The number in the attribute of one type among those that the present one holds; 0 where it is not there.
   *
   * @param inner walks over them
   * @throws {DecodeError} where a length is wrong
   */
  nestedU32(inner: AttributeWalk, type: number): number {
    inner.enter(this.#cursor as Cursor, this.at, this.at + this.size);
    let value = 0;
    while (inner.next()) {
      value = inner.type === type ? inner.u32() : value;
    }
    return value;
  }

  #wanting(size: number): Cursor {
    if (this.size < size) {
      throw new DecodeError(`an attribute value of ${this.size} bytes where ${size} are needed`, this.at);
    }
    return this.#cursor as Cursor;
  }
}

/** Where a value stands in the bytes: text stays bytes until somebody wants to read it. */
export class Span {
  at = 0;
  size = 0;

  clear(): void {
    this.at = 0;
    this.size = 0;
  }

  /** The value of an attribute. */
  set(attribute: AttributeWalk): void {
    this.at = attribute.at;
    this.size = attribute.size;
  }

  /** The text in the value of an attribute: it ends at the first NUL. */
  setText(attribute: AttributeWalk, bytes: Uint8Array): void {
    let size = 0;
    while (size < attribute.size && bytes[attribute.at + size] !== 0) {
      size++;
    }
    this.at = attribute.at;
    this.size = size;
  }

  /** Whether it is this text. */
  is(bytes: Uint8Array, text: string): boolean {
    return isText(bytes, this.at, this.size, text);
  }

  text(bytes: Uint8Array): string {
    return decodeText(bytes, this.at, this.size);
  }
}
