import { nlattr } from '../abi/messages.ts';
import { align, DecodeError } from './format.ts';
import { numberGiven, objectGiven } from './given.ts';
import type { NetlinkMessage } from './message-walk.ts';

const { NLA_HDRLEN, NLA_TYPE_MASK } = nlattr;

/** Walks over netlink attributes, `struct nlattr` and a value each. One object walks over many, and allocates nothing. */
export class AttributeWalk {
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

  /**
   * Begins before the first attribute of those between `from` and `end`.
   *
   * @param message what they belong to, or any other bytes with their byte order
   * @throws {DecodeError} where the message ends before that
   */
  enter(message: Pick<NetlinkMessage, 'view' | 'littleEndian' | 'end'>, from: number, end: number): void {
    if (!((message as Partial<NetlinkMessage> | null)?.view instanceof DataView)) {
      objectGiven('AttributeWalk.enter: message', message, 'view');
      throw new TypeError(`AttributeWalk.enter: message.view must be a DataView, not ${message.view}`);
    }
    numberGiven('AttributeWalk.enter: from', from);
    numberGiven('AttributeWalk.enter: end', end);
    if (end > message.end || end < 0) {
      throw new DecodeError(`attributes up to byte ${end} of a message that ends at ${message.end}`, from);
    }
    this.#view = message.view;
    this.#littleEndian = message.littleEndian;
    this.#next = from;
    this.#end = end;
  }

  /**
   * Goes to the next attribute; false where there is none.
   *
   * @throws {DecodeError} where its length is wrong
   */
  next(): boolean {
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
    this.#next = at + align(length);
    return true;
  }

  /** @throws {DecodeError} where the value is shorter */
  u8(): number {
    return this.#wanting(1).getUint8(this.at);
  }

  /** @throws {DecodeError} where the value is shorter */
  u16(): number {
    return this.#wanting(2).getUint16(this.at, this.#littleEndian);
  }

  /** @throws {DecodeError} where the value is shorter */
  u32(): number {
    return this.#wanting(4).getUint32(this.at, this.#littleEndian);
  }

  /** Goes over the attributes that the value of another walk's present one holds. */
  enterValue(outer: AttributeWalk): void {
    if (!(outer instanceof AttributeWalk)) {
      throw new TypeError(`AttributeWalk.enterValue: outer must be a walk, not ${String(outer)}`);
    }
    this.#view = outer.#view;
    this.#littleEndian = outer.#littleEndian;
    this.#next = outer.at;
    this.#end = outer.at + outer.size;
  }

  #wanting(size: number): DataView {
    if (this.size < size) {
      throw new DecodeError(`an attribute value of ${this.size} bytes where ${size} are needed`, this.at);
    }
    return this.#view as DataView;
  }
}
