import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import type { LinkReading } from '../backends/backend.ts';
import type { LinkRecord } from '../link.ts';
import { type Cursor, DecodeError } from './cursor.ts';
import { decodeText, isText } from './text.ts';

/** struct ifinfomsg, linux/rtnetlink.h: ifi_family 0, ifi_type 2, ifi_index 4, ifi_flags 8, ifi_change 12. */
const SIZEOF_IFINFOMSG = 16;

const NO_NAMES: readonly string[] = Object.freeze([]);

/**
 * The payload of an RTM_NEWLINK or RTM_DELLINK: a `struct ifinfomsg` and its attributes. One object reads all
 * messages: the header alone is looked at first, names stay bytes until somebody asks for a record.
 */
export class IfInfoMessage implements LinkReading {
  readonly #abi: NetlinkAbi;
  #cursor: Cursor | undefined;
  #at = 0;
  #end = 0;

  family = 0;
  index = 0;
  /** An event of the wireless extensions: it has a name and IFLA_WIRELESS, and says nothing about the link. */
  wireless = false;

  #type = 0;
  #flags = 0;
  #operstate = 0;
  #carrier = -1;
  #upCount = -1;
  #downCount = -1;
  #link = 0;
  #linkElsewhere = false;
  #master = 0;
  #protoDown = false;
  readonly #name = new Span();
  readonly #alias = new Span();
  readonly #kind = new Span();
  readonly #properties = new Span();

  constructor(abi: NetlinkAbi) {
    this.#abi = abi;
  }

  /**
   * Reads the fixed part: enough to know whose message it is.
   *
   * @throws {DecodeError} where it is not all there
   */
  readHeader(cursor: Cursor, at: number, end: number): void {
    if (end - at < SIZEOF_IFINFOMSG) {
      throw new DecodeError(`an ifinfomsg of ${end - at} bytes`, at);
    }
    this.#cursor = cursor;
    this.#at = at;
    this.#end = end;
    this.family = cursor.u8(at);
    this.#type = cursor.u16(at + 2);
    this.index = cursor.i32(at + 4);
    this.#flags = cursor.u32(at + 8);
    if (this.index <= 0) {
      throw new DecodeError(`interface index ${this.index}`, at + 4);
    }
  }

  /**
   * Reads the attributes of the message whose header was read.
   *
   * @throws {DecodeError} where a length is wrong, or a name is missing
   */
  readAttributes(): void {
    const cursor = this.#cursor as Cursor;
    const { ifla } = this.#abi;
    this.#clear();
    const end = this.#end;
    for (let at = this.#at + SIZEOF_IFINFOMSG; end - at >= this.#abi.nlattr.NLA_HDRLEN; ) {
      const length = this.#attributeLength(cursor, at, end);
      const value = at + this.#abi.nlattr.NLA_HDRLEN;
      const size = length - this.#abi.nlattr.NLA_HDRLEN;
      switch (cursor.u16(at + 2) & this.#abi.nlattr.NLA_TYPE_MASK) {
        case ifla.IFLA_IFNAME:
          this.#name.setText(cursor, value, size);
          break;
        case ifla.IFLA_LINK:
          this.#link = cursor.u32(wants(4, value, size));
          break;
        case ifla.IFLA_LINK_NETNSID:
          this.#linkElsewhere = true;
          break;
        case ifla.IFLA_MASTER:
          this.#master = cursor.u32(wants(4, value, size));
          break;
        case ifla.IFLA_WIRELESS:
          this.wireless = true;
          break;
        case ifla.IFLA_OPERSTATE:
          this.#operstate = cursor.u8(wants(1, value, size));
          break;
        case ifla.IFLA_LINKINFO:
          this.#readLinkInfo(cursor, value, value + size);
          break;
        case ifla.IFLA_IFALIAS:
          this.#alias.setText(cursor, value, size);
          break;
        case ifla.IFLA_CARRIER:
          this.#carrier = cursor.u8(wants(1, value, size));
          break;
        case ifla.IFLA_PROTO_DOWN:
          this.#protoDown = cursor.u8(wants(1, value, size)) !== 0;
          break;
        case ifla.IFLA_CARRIER_UP_COUNT:
          this.#upCount = cursor.u32(wants(4, value, size));
          break;
        case ifla.IFLA_CARRIER_DOWN_COUNT:
          this.#downCount = cursor.u32(wants(4, value, size));
          break;
        case ifla.IFLA_PROP_LIST:
          this.#properties.set(value, size);
          this.#eachAltName(() => true);
          break;
        default:
      }
      at += this.#align(length);
    }
    if (this.#name.length === 0 && !this.wireless) {
      throw new DecodeError(`interface ${this.index} has no name`, this.#at);
    }
  }

  isSameAs(record: LinkRecord): boolean {
    const bytes = (this.#cursor as Cursor).bytes;
    return (
      this.index === record.index &&
      this.#flags === record.flags &&
      this.#operstateWord() === record.operstate &&
      this.#carrierValue() === record.carrier &&
      this.#upCount === (record.carrierUpCount ?? -1) &&
      this.#downCount === (record.carrierDownCount ?? -1) &&
      this.#linkIndex() === (record.linkIndex ?? 0) &&
      this.#master === (record.masterIndex ?? 0) &&
      this.#protoDown === record.protoDown &&
      this.#type === record.type &&
      this.#name.is(bytes, record.name) &&
      this.#kind.is(bytes, record.kind ?? '') &&
      this.#alias.is(bytes, record.alias ?? '') &&
      this.#sameAltNames(bytes, record.altNames)
    );
  }

  toRecord(): LinkRecord {
    const bytes = (this.#cursor as Cursor).bytes;
    const { iff } = this.#abi;
    return {
      index: this.index,
      name: this.#name.text(bytes),
      altNames: this.#altNames(bytes),
      flags: this.#flags,
      adminUp: (this.#flags & iff.IFF_UP) !== 0,
      operstate: this.#operstateWord(),
      carrier: this.#carrierValue(),
      running: (this.#flags & iff.IFF_RUNNING) !== 0,
      dormant: (this.#flags & iff.IFF_DORMANT) !== 0,
      carrierUpCount: this.#upCount < 0 ? null : this.#upCount,
      carrierDownCount: this.#downCount < 0 ? null : this.#downCount,
      linkIndex: this.#linkIndex() || null,
      masterIndex: this.#master || null,
      kind: this.#kind.text(bytes) || null,
      protoDown: this.#protoDown,
      type: this.#type,
      alias: this.#alias.text(bytes) || null,
    };
  }

  #clear(): void {
    this.wireless = false;
    this.#operstate = 0;
    this.#carrier = -1;
    this.#upCount = -1;
    this.#downCount = -1;
    this.#link = 0;
    this.#linkElsewhere = false;
    this.#master = 0;
    this.#protoDown = false;
    this.#name.set(0, 0);
    this.#alias.set(0, 0);
    this.#kind.set(0, 0);
    this.#properties.set(0, 0);
  }

  #linkIndex(): number {
    return this.#linkElsewhere ? 0 : this.#link;
  }

  #operstateWord(): LinkRecord['operstate'] {
    return this.#abi.operstates[this.#operstate] ?? 'unknown';
  }

  /** IFLA_CARRIER; a kernel that does not send it has IFF_LOWER_UP, which tells only while the interface is up. */
  #carrierValue(): boolean | null {
    const { iff } = this.#abi;
    if (this.#carrier >= 0) {
      return this.#carrier !== 0;
    }
    return (this.#flags & iff.IFF_UP) === 0 ? null : (this.#flags & iff.IFF_LOWER_UP) !== 0;
  }

  #readLinkInfo(cursor: Cursor, start: number, end: number): void {
    const { NLA_HDRLEN, NLA_TYPE_MASK } = this.#abi.nlattr;
    for (let at = start; end - at >= NLA_HDRLEN; ) {
      const length = this.#attributeLength(cursor, at, end);
      if ((cursor.u16(at + 2) & NLA_TYPE_MASK) === this.#abi.ifla.IFLA_INFO_KIND) {
        this.#kind.setText(cursor, at + NLA_HDRLEN, length - NLA_HDRLEN);
      }
      at += this.#align(length);
    }
  }

  /** Visits the alternative names until a visit answers false; answers whether all were visited. */
  #eachAltName(visit: (at: number, length: number) => boolean): boolean {
    const { at: start, length: size } = this.#properties;
    if (size === 0) {
      return true;
    }
    const cursor = this.#cursor as Cursor;
    const { NLA_HDRLEN, NLA_TYPE_MASK } = this.#abi.nlattr;
    const end = start + size;
    for (let at = start; end - at >= NLA_HDRLEN; ) {
      const length = this.#attributeLength(cursor, at, end);
      if ((cursor.u16(at + 2) & NLA_TYPE_MASK) === this.#abi.ifla.IFLA_ALT_IFNAME) {
        const value = at + NLA_HDRLEN;
        if (!visit(value, textLength(cursor, value, length - NLA_HDRLEN))) {
          return false;
        }
      }
      at += this.#align(length);
    }
    return true;
  }

  #altNames(bytes: Uint8Array): readonly string[] {
    if (this.#properties.length === 0) {
      return NO_NAMES;
    }
    const names: string[] = [];
    this.#eachAltName((at, length) => {
      names.push(decodeText(bytes, at, length));
      return true;
    });
    return names;
  }

  #sameAltNames(bytes: Uint8Array, names: readonly string[]): boolean {
    if (this.#properties.length === 0) {
      return names.length === 0;
    }
    let next = 0;
    const all = this.#eachAltName((at, length) => {
      const name = names[next++];
      return name !== undefined && isText(bytes, at, length, name);
    });
    return all && next === names.length;
  }

  #attributeLength(cursor: Cursor, at: number, end: number): number {
    const length = cursor.u16(at);
    if (length < this.#abi.nlattr.NLA_HDRLEN || length > end - at) {
      throw new DecodeError(`an attribute of ${length} bytes where ${end - at} are left`, at);
    }
    return length;
  }

  #align(length: number): number {
    const to = this.#abi.nlattr.NLA_ALIGNTO;
    return Math.ceil(length / to) * to;
  }
}

/** Where a value stands in the bytes. */
class Span {
  at = 0;
  length = 0;

  set(at: number, length: number): void {
    this.at = at;
    this.length = length;
  }

  /** Text ends at the first NUL. */
  setText(cursor: Cursor, at: number, size: number): void {
    this.set(at, textLength(cursor, at, size));
  }

  is(bytes: Uint8Array, text: string): boolean {
    return isText(bytes, this.at, this.length, text);
  }

  text(bytes: Uint8Array): string {
    return decodeText(bytes, this.at, this.length);
  }
}

function textLength(cursor: Cursor, at: number, size: number): number {
  let length = 0;
  while (length < size && cursor.bytes[at + length] !== 0) {
    length++;
  }
  return length;
}

function wants(wanted: number, at: number, size: number): number {
  if (size < wanted) {
    throw new DecodeError(`an attribute value of ${size} bytes where ${wanted} are needed`, at);
  }
  return at;
}
