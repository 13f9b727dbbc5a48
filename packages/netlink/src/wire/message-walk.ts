import { nlmsghdr } from '../abi/messages.ts';
import { align, DecodeError } from './format.ts';
import { bytesGiven, objectGiven } from './given.ts';

const HEADER_BYTES = nlmsghdr.size;
const {
  nlmsg_len: [LENGTH],
  nlmsg_type: [TYPE],
  nlmsg_flags: [FLAGS],
  nlmsg_seq: [SEQUENCE],
  nlmsg_pid: [PORT],
} = nlmsghdr.fields;

/** The message that a {@link MessageWalk} stands at: its header, and where its payload is. */
export interface NetlinkMessage {
  /** nlmsg_type. */
  readonly type: number;
  /** nlmsg_flags. */
  readonly flags: number;
  /** nlmsg_seq. */
  readonly sequence: number;
  /** nlmsg_pid. */
  readonly port: number;
  /** What it stands in, more than the message itself. */
  readonly bytes: Uint8Array;
  /** All of {@link NetlinkMessage.bytes}. */
  readonly view: DataView;
  /** The byte order of its numbers. */
  readonly littleEndian: boolean;
  /** Where it begins. */
  readonly at: number;
  /** Where its payload begins. */
  readonly payload: number;
  /** Where it ends: what lies behind is not read. */
  readonly end: number;
}

/** Walks over the messages of a datagram. One object walks over all datagrams, and allocates nothing for a message. */
export class MessageWalk implements NetlinkMessage {
  readonly littleEndian: boolean;
  type = 0;
  flags = 0;
  sequence = 0;
  port = 0;
  bytes: Uint8Array = new Uint8Array();
  view: DataView = new DataView(this.bytes.buffer);
  at = 0;
  payload = 0;
  end = 0;
  #next = 0;
  #length = 0;

  constructor(littleEndian: boolean) {
    this.littleEndian = littleEndian;
  }

  /**
   * Begins before the first message of a datagram.
   *
   * @param length bytes of it: what lies behind belongs to an earlier one
   */
  enter(bytes: Uint8Array, length: number): void {
    if (this.bytes !== bytes) {
      bytesGiven('MessageWalk.enter: bytes', bytes);
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#next = 0;
    this.#length = Math.min(length, bytes.byteLength);
  }

  /**
   * Goes to the next message; false where there is none. What is shorter than a header is none.
   *
   * @throws {DecodeError} where its length is wrong: nothing behind it can be found
   */
  next(): boolean {
    const at = this.#next;
    const left = this.#length - at;
    if (left < HEADER_BYTES) {
      return false;
    }
    const { view, littleEndian } = this;
    const size = view.getUint32(at + LENGTH, littleEndian);
    if (size < HEADER_BYTES || size > left) {
      throw new DecodeError(`a message of ${size} bytes where ${left} are left`, at);
    }
    this.type = view.getUint16(at + TYPE, littleEndian);
    this.flags = view.getUint16(at + FLAGS, littleEndian);
    this.sequence = view.getUint32(at + SEQUENCE, littleEndian);
    this.port = view.getUint32(at + PORT, littleEndian);
    this.at = at;
    this.payload = at + HEADER_BYTES;
    this.end = at + size;
    this.#next = at + align(size);
    return true;
  }
}

/** The payload of a message, behind its `struct nlmsghdr`. The bytes are those of the datagram, and no copy. */
export function payloadOf(message: NetlinkMessage): Uint8Array {
  objectGiven('payloadOf: message', message, 'bytes', 'payload', 'end');
  const { bytes, payload, end } = message;
  return bytes.subarray(payload, end);
}
