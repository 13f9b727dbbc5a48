import { encodeText, wholeNumber } from '@ifdepd/libc';
import { nlattr, nlmsghdr } from '../abi/messages.ts';
import { align } from './format.ts';
import { bytesGiven, numberGiven, objectGiven } from './given.ts';
import { encodeStruct, type StructLayout, type StructValues } from './struct.ts';

/** What stands before the payload of a message: the fields of `struct nlmsghdr` but the length. */
export interface MessageHeader {
  /** nlmsg_type. */
  readonly type: number;
  /** nlmsg_flags, NLM_F_*. Default: 0 */
  readonly flags?: number;
  /** nlmsg_seq. Default: 0 */
  readonly sequence?: number;
  /** nlmsg_pid: the port of a socket. Default: 0, the kernel's, which it takes for the sender's own in a request */
  readonly port?: number;
}

const U16 = { least: 0, most: 0xffff } as const;
const U32 = { least: 0, most: 0xffff_ffff } as const;

/**
 * Makes messages, attributes and structures in one byte order: `new Encoder(linux.littleEndian)`. Each is bytes of its own,
 * which the next one around it copies.
 *
 * @example
 * ```ts
 * import { Encoder, linux } from '@ifdepd/netlink';
 *
 * const encoder = new Encoder(linux.littleEndian);
 * const payload = encoder.struct(linux.struct.ifinfomsg, { ifi_index: 2 });
 * console.log(encoder.message({ type: linux.rtm.RTM_GETLINK }, payload).byteLength); // 32
 * ```
 */
export class Encoder {
  readonly littleEndian: boolean;

  constructor(littleEndian: boolean) {
    this.littleEndian = littleEndian;
  }

  /**
   * A message: `struct nlmsghdr`, then the parts of its payload as they are.
   *
   * @throws {TypeError | RangeError} where a number of the header does not fit
   */
  message(header: MessageHeader, ...payload: readonly Uint8Array[]): Uint8Array {
    objectGiven('message: header', header, 'type');
    const { type, flags = 0, sequence = 0, port = 0 } = header;
    const bytes = joined('message: payload', [new Uint8Array(nlmsghdr.size), ...payload]);
    const first = this.struct(nlmsghdr, {
      nlmsg_len: bytes.byteLength,
      nlmsg_type: wholeNumber('message: type', type, U16),
      nlmsg_flags: wholeNumber('message: flags', flags, U16),
      nlmsg_seq: wholeNumber('message: sequence', sequence, U32),
      nlmsg_pid: wholeNumber('message: port', port, U32),
    });
    bytes.set(first);
    return bytes;
  }

  /**
   * An attribute with its padding: `struct nlattr` and a value.
   *
   * @param value bytes; a text, to which a NUL is added; or a number of 32 bits, below 0 too
   * @throws {RangeError} where the value is longer than an attribute can be, 65,531 bytes
   */
  attribute(type: number, value: Uint8Array | string | number): Uint8Array {
    const content = this.#value(value);
    const length = wholeNumber('attribute: length', nlattr.NLA_HDRLEN + content.byteLength, U16);
    const bytes = new Uint8Array(align(length));
    const view = new DataView(bytes.buffer);
    view.setUint16(0, length, this.littleEndian);
    view.setUint16(2, wholeNumber('attribute: type', type, U16), this.littleEndian);
    bytes.set(content, nlattr.NLA_HDRLEN);
    return bytes;
  }

  /** An attribute that holds attributes, with NLA_F_NESTED. */
  nested(type: number, ...attributes: readonly Uint8Array[]): Uint8Array {
    return this.attribute(type | nlattr.NLA_F_NESTED, joined('nested: attributes', attributes));
  }

  /** The bytes of a structure. Fields that are not given are 0. */
  struct<Layout extends StructLayout>(layout: Layout, values: Partial<StructValues<Layout>>): Uint8Array {
    return encodeStruct(layout, values, this.littleEndian);
  }

  /** A number of 32 bits, below 0 too. */
  number(value: number): Uint8Array {
    numberGiven('number: value', value);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, this.littleEndian);
    return bytes;
  }

  /** Several parts of a payload as one: a structure and attributes. */
  join(...parts: readonly Uint8Array[]): Uint8Array {
    return joined('join: parts', parts);
  }

  /** Several messages as the kernel puts them into one datagram: each begins at a multiple of four bytes. */
  datagram(...messages: readonly Uint8Array[]): Uint8Array {
    return joined('datagram: messages', messages, true);
  }

  #value(value: Uint8Array | string | number): Uint8Array {
    if (typeof value === 'string') {
      return encodeText(`${value}\0`);
    }
    if (typeof value !== 'number') {
      return bytesGiven('attribute: value', value);
    }
    return this.number(value);
  }
}

function joined(what: string, parts: readonly Uint8Array[], aligned = false): Uint8Array {
  for (const part of parts) {
    bytesGiven(what, part);
  }
  const sizeOf = (part: Uint8Array) => (aligned ? align(part.byteLength) : part.byteLength);
  const bytes = new Uint8Array(parts.reduce((size, part) => size + sizeOf(part), 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += sizeOf(part);
  }
  return bytes;
}
