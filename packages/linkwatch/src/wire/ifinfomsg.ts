import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import type { LinkReading } from '../backends/backend.ts';
import type { LinkRecord } from '../link.ts';
import { AttributeWalk, Span } from './attributes.ts';
import { type Cursor, DecodeError } from './cursor.ts';

/** struct ifinfomsg, linux/rtnetlink.h: ifi_family 0, ifi_type 2, ifi_index 4, ifi_flags 8, ifi_change 12. */
const SIZEOF_IFINFOMSG = 16;

const NO_NAMES: readonly string[] = Object.freeze([]);

/**
 * The payload of an RTM_NEWLINK or RTM_DELLINK: a `struct ifinfomsg` and its attributes. One object reads all
 * messages: the header alone is looked at first, names stay bytes until somebody asks for a record.
 */
export class IfInfoMessage implements LinkReading {
  readonly #abi: NetlinkAbi;
  readonly #attribute: AttributeWalk;
  readonly #nested: AttributeWalk;
  #cursor: Cursor | undefined;
  #at = 0;
  #end = 0;

  /** ifi_family. */
  family = 0;
  /** ifi_index. */
  index = 0;
  /** An event of the wireless extensions: it has a name and IFLA_WIRELESS, and says nothing about the link. */
  wireless = false;

  #type = 0;
  #flags = 0;
  #operstate = 0;
  /** -1 where the message does not say; so for the counters. */
  #carrier = -1;
  #upCount = -1;
  #downCount = -1;
  #link = 0;
  #linkElsewhere = false;
  #master = 0;
  #protoDown = false;
  #protoDownReasons = 0;
  readonly #name = new Span();
  readonly #alias = new Span();
  readonly #kind = new Span();
  readonly #properties = new Span();
  readonly #altName = new Span();

  constructor(abi: NetlinkAbi) {
    this.#abi = abi;
    this.#attribute = new AttributeWalk(abi);
    this.#nested = new AttributeWalk(abi);
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
   * @throws {DecodeError} where a length is wrong, or the name is missing
   */
  readAttributes(): void {
    const cursor = this.#cursor as Cursor;
    const attribute = this.#attribute;
    this.#clear();
    attribute.enter(cursor, this.#at + SIZEOF_IFINFOMSG, this.#end);
    while (attribute.next()) {
      this.#readAttribute(cursor, attribute);
    }
    if (this.#name.size === 0 && !this.wireless) {
      throw new DecodeError(`interface ${this.index} has no name`, this.#at);
    }
  }

  isSameAs(record: LinkRecord): boolean {
    const { bytes } = this.#cursor as Cursor;
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
      this.#protoDownReasons === record.protoDownReasons &&
      this.#type === record.type &&
      this.#name.is(bytes, record.name) &&
      this.#kind.is(bytes, record.kind ?? '') &&
      this.#alias.is(bytes, record.alias ?? '') &&
      this.#hasAltNames(bytes, record.altNames)
    );
  }

  answersTo(name: string): boolean {
    const { bytes } = this.#cursor as Cursor;
    if (this.#name.is(bytes, name)) {
      return true;
    }
    this.#enterProperties();
    while (this.#nextAltName()) {
      if (this.#altName.is(bytes, name)) {
        return true;
      }
    }
    return false;
  }

  someName(is: (name: string) => boolean): boolean {
    const { bytes } = this.#cursor as Cursor;
    return is(this.#name.text(bytes)) || this.#altNames(bytes).some(is);
  }

  toRecord(): LinkRecord {
    const { bytes } = this.#cursor as Cursor;
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
      protoDownReasons: this.#protoDownReasons,
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
    this.#protoDownReasons = 0;
    this.#name.clear();
    this.#alias.clear();
    this.#kind.clear();
    this.#properties.clear();
  }

  #readAttribute(cursor: Cursor, attribute: AttributeWalk): void {
    const { ifla } = this.#abi;
    switch (attribute.type) {
      case ifla.IFLA_IFNAME:
        this.#name.setText(attribute, cursor.bytes);
        break;
      case ifla.IFLA_LINK:
        this.#link = attribute.u32();
        break;
      case ifla.IFLA_LINK_NETNSID:
        this.#linkElsewhere = true;
        break;
      case ifla.IFLA_MASTER:
        this.#master = attribute.u32();
        break;
      case ifla.IFLA_WIRELESS:
        this.wireless = true;
        break;
      case ifla.IFLA_OPERSTATE:
        this.#operstate = attribute.u8();
        break;
      case ifla.IFLA_LINKINFO:
        this.#readLinkInfo(cursor, attribute);
        break;
      case ifla.IFLA_IFALIAS:
        this.#alias.setText(attribute, cursor.bytes);
        break;
      case ifla.IFLA_CARRIER:
        this.#carrier = attribute.u8();
        break;
      case ifla.IFLA_PROTO_DOWN:
        this.#protoDown = attribute.u8() !== 0;
        break;
      case ifla.IFLA_PROTO_DOWN_REASON:
        this.#protoDownReasons = attribute.nestedU32(this.#nested, ifla.IFLA_PROTO_DOWN_REASON_VALUE);
        break;
      case ifla.IFLA_CARRIER_UP_COUNT:
        this.#upCount = attribute.u32();
        break;
      case ifla.IFLA_CARRIER_DOWN_COUNT:
        this.#downCount = attribute.u32();
        break;
      case ifla.IFLA_PROP_LIST:
        this.#readProperties(attribute);
        break;
      default:
    }
  }

  #readLinkInfo(cursor: Cursor, info: AttributeWalk): void {
    this.#nested.enter(cursor, info.at, info.at + info.size);
    while (this.#nested.next()) {
      if (this.#nested.type === this.#abi.ifla.IFLA_INFO_KIND) {
        this.#kind.setText(this.#nested, cursor.bytes);
      }
    }
  }

  /** Keeps the place of the alternative names, once they have been found to be well-formed. */
  #readProperties(list: AttributeWalk): void {
    this.#properties.set(list);
    this.#enterProperties();
    while (this.#nextAltName()) {
      // Only the lengths matter here.
    }
  }

  #enterProperties(): void {
    const { at, size } = this.#properties;
    this.#nested.enter(this.#cursor as Cursor, at, at + size);
  }

  #nextAltName(): boolean {
    while (this.#nested.next()) {
      if (this.#nested.type === this.#abi.ifla.IFLA_ALT_IFNAME) {
        this.#altName.setText(this.#nested, (this.#cursor as Cursor).bytes);
        return true;
      }
    }
    return false;
  }

  #altNames(bytes: Uint8Array): readonly string[] {
    if (this.#properties.size === 0) {
      return NO_NAMES;
    }
    const names: string[] = [];
    this.#enterProperties();
    while (this.#nextAltName()) {
      names.push(this.#altName.text(bytes));
    }
    return names;
  }

  #hasAltNames(bytes: Uint8Array, names: readonly string[]): boolean {
    let count = 0;
    this.#enterProperties();
    while (this.#nextAltName()) {
      const name = names[count++];
      if (name === undefined || !this.#altName.is(bytes, name)) {
        return false;
      }
    }
    return count === names.length;
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
}
