import { AttributeWalk, DecodeError, linux, type NetlinkMessage, Span } from '@ifdepd/netlink';
import type { LinkRecord } from '../link.ts';
import type { LinkReading } from './link-decoder.ts';

const { ifla, iff, operstates } = linux;
const { size: SIZEOF_IFINFOMSG, fields } = linux.struct.ifinfomsg;
const {
  ifi_family: [FAMILY],
  ifi_type: [TYPE],
  ifi_index: [INDEX],
  ifi_flags: [FLAGS],
} = fields;

const NO_NAMES: readonly string[] = Object.freeze([]);

/**
 * The payload of an RTM_NEWLINK or RTM_DELLINK: a `struct ifinfomsg` and its attributes. One object reads all messages. It reads the
 * header first, and decodes names only for a record.
 */
export class IfInfoMessage implements LinkReading {
  readonly #attribute = new AttributeWalk();
  readonly #nested = new AttributeWalk();
  #message: NetlinkMessage | undefined;

  /** ifi_family. */
  family = 0;
  /** ifi_index. */
  index = 0;
  /** An event of the wireless extensions: it has a name and IFLA_WIRELESS, but no facts about the link. */
  wireless = false;

  #type = 0;
  #flags = 0;
  #operstate = 0;
  /** -1 when the message has none. The same holds for the counters. */
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

  /**
   * Reads the fixed part, which has the index.
   *
   * @throws {DecodeError} when it is incomplete
   */
  readHeader(message: NetlinkMessage): void {
    const { view, payload: at, end, littleEndian } = message;
    if (end - at < SIZEOF_IFINFOMSG) {
      throw new DecodeError(`an ifinfomsg of ${end - at} bytes`, at);
    }
    this.#message = message;
    this.family = view.getUint8(at + FAMILY);
    this.#type = view.getUint16(at + TYPE, littleEndian);
    this.index = view.getInt32(at + INDEX, littleEndian);
    this.#flags = view.getUint32(at + FLAGS, littleEndian);
    if (this.index <= 0) {
      throw new DecodeError(`interface index ${this.index}`, at + INDEX);
    }
  }

  /**
   * Reads the attributes of the message whose header was read.
   *
   * @throws {DecodeError} when a length is wrong, or the name is missing
   */
  readAttributes(): void {
    const message = this.#message as NetlinkMessage;
    const attribute = this.#attribute;
    this.#clear();
    attribute.enter(message, message.payload + SIZEOF_IFINFOMSG, message.end);
    while (attribute.next()) {
      this.#readAttribute(message.bytes, attribute);
    }
    if (this.#name.size === 0 && !this.wireless) {
      throw new DecodeError(`interface ${this.index} has no name`, message.payload);
    }
  }

  isSameAs(record: LinkRecord): boolean {
    const { bytes } = this.#message as NetlinkMessage;
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
    const { bytes } = this.#message as NetlinkMessage;
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
    const { bytes } = this.#message as NetlinkMessage;
    return is(this.#name.text(bytes)) || this.#altNames(bytes).some(is);
  }

  toRecord(): LinkRecord {
    const { bytes } = this.#message as NetlinkMessage;
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

  #readAttribute(bytes: Uint8Array, attribute: AttributeWalk): void {
    switch (attribute.type) {
      case ifla.IFLA_IFNAME:
        this.#name.setText(attribute, bytes);
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
        this.#readLinkInfo(bytes, attribute);
        break;
      case ifla.IFLA_IFALIAS:
        this.#alias.setText(attribute, bytes);
        break;
      case ifla.IFLA_CARRIER:
        this.#carrier = attribute.u8();
        break;
      case ifla.IFLA_PROTO_DOWN:
        this.#protoDown = attribute.u8() !== 0;
        break;
      case ifla.IFLA_PROTO_DOWN_REASON:
        this.#readReasons(attribute);
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

  #readLinkInfo(bytes: Uint8Array, info: AttributeWalk): void {
    this.#nested.enterValue(info);
    while (this.#nested.next()) {
      if (this.#nested.type === ifla.IFLA_INFO_KIND) {
        this.#kind.setText(this.#nested, bytes);
      }
    }
  }

  #readReasons(reason: AttributeWalk): void {
    this.#nested.enterValue(reason);
    while (this.#nested.next()) {
      if (this.#nested.type === ifla.IFLA_PROTO_DOWN_REASON_VALUE) {
        this.#protoDownReasons = this.#nested.u32();
      }
    }
  }

  /** Checks the alternative names and keeps their offset. */
  #readProperties(list: AttributeWalk): void {
    this.#properties.set(list);
    this.#enterProperties();
    while (this.#nextAltName()) {
      // Checks the lengths only.
    }
  }

  #enterProperties(): void {
    const { at, size } = this.#properties;
    this.#nested.enter(this.#message as NetlinkMessage, at, at + size);
  }

  #nextAltName(): boolean {
    while (this.#nested.next()) {
      if (this.#nested.type === ifla.IFLA_ALT_IFNAME) {
        this.#altName.setText(this.#nested, (this.#message as NetlinkMessage).bytes);
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
    return operstates[this.#operstate] ?? 'unknown';
  }

  /** IFLA_CARRIER, or IFF_LOWER_UP from a kernel that does not send it. That flag is valid only while the interface is up. */
  #carrierValue(): boolean | null {
    if (this.#carrier >= 0) {
      return this.#carrier !== 0;
    }
    return (this.#flags & iff.IFF_UP) === 0 ? null : (this.#flags & iff.IFF_LOWER_UP) !== 0;
  }
}
