import { encodeText } from '@ifdepd/libc';
import { linux } from '../abi/linux.ts';
import type { LinkRecord } from '../link.ts';

/** Where a message belongs; default: a notification, sequence 0. */
export interface MessageHeader {
  /** nlmsg_seq. */
  readonly sequence?: number;
  /** Part of a list: NLM_F_MULTI. */
  readonly multi?: boolean;
  /** NLM_F_DUMP_INTR. */
  readonly interrupted?: boolean;
  /** ifi_family; default AF_UNSPEC. */
  readonly family?: number;
  /** More attributes, as {@link attribute} makes them. */
  readonly attributes?: readonly Uint8Array[];
}

const { nlmsg, rtm, ifla, littleEndian } = linux;

/** An RTM_NEWLINK that states the facts of the record. */
export function newLink(link: LinkRecord, header: MessageHeader = {}): Uint8Array {
  return linkMessage(rtm.RTM_NEWLINK, link, header);
}

/** An RTM_DELLINK; the kernel sends all facts here too. */
export function delLink(link: LinkRecord, header: MessageHeader = {}): Uint8Array {
  return linkMessage(rtm.RTM_DELLINK, link, header);
}

/** The end of a list. `errno` (positive): that it failed half-way. */
export function done(header: MessageHeader, errno = 0): Uint8Array {
  return message(nlmsg.NLMSG_DONE, { multi: true, ...header }, int32(-errno));
}

/** The refusal of a request with a positive errno; 0 is an acknowledgement. */
export function refusal(header: MessageHeader, errno: number): Uint8Array {
  return message(nlmsg.NLMSG_ERROR, header, int32(-errno), new Uint8Array(nlmsg.NLMSG_HDRLEN));
}

/** Any netlink message. */
export function message(type: number, header: MessageHeader, ...payload: readonly Uint8Array[]): Uint8Array {
  const body = concat(payload);
  const bytes = new Uint8Array(nlmsg.NLMSG_HDRLEN + body.byteLength);
  const view = new DataView(bytes.buffer);
  const flags = (header.multi ? nlmsg.NLM_F_MULTI : 0) | (header.interrupted ? nlmsg.NLM_F_DUMP_INTR : 0);
  view.setUint32(0, bytes.byteLength, littleEndian);
  view.setUint16(4, type, littleEndian);
  view.setUint16(6, flags, littleEndian);
  view.setUint32(8, header.sequence ?? 0, littleEndian);
  bytes.set(body, nlmsg.NLMSG_HDRLEN);
  return bytes;
}

/** A netlink attribute, with its padding. */
export function attribute(type: number, value: Uint8Array): Uint8Array {
  const length = linux.nlattr.NLA_HDRLEN + value.byteLength;
  const bytes = new Uint8Array(align(length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, length, littleEndian);
  view.setUint16(2, type, littleEndian);
  bytes.set(value, linux.nlattr.NLA_HDRLEN);
  return bytes;
}

/** Several messages in one datagram, each aligned. */
export function datagram(...messages: readonly Uint8Array[]): Uint8Array {
  return concat(
    messages.map((one) => {
      const padded = new Uint8Array(align(one.byteLength));
      padded.set(one);
      return padded;
    }),
  );
}

function linkMessage(type: number, link: LinkRecord, header: MessageHeader): Uint8Array {
  const info = new Uint8Array(16);
  const view = new DataView(info.buffer);
  view.setUint8(0, header.family ?? linux.socket.AF_UNSPEC);
  view.setUint16(2, link.type, littleEndian);
  view.setInt32(4, link.index, littleEndian);
  view.setUint32(8, link.flags, littleEndian);
  return message(type, header, info, ...facts(link), ...(header.attributes ?? []));
}

function* facts(link: LinkRecord): Iterable<Uint8Array> {
  yield attribute(ifla.IFLA_IFNAME, text(link.name));
  yield attribute(ifla.IFLA_OPERSTATE, Uint8Array.of(linux.operstates.indexOf(link.operstate)));
  if (link.carrier !== null) {
    yield attribute(ifla.IFLA_CARRIER, Uint8Array.of(link.carrier ? 1 : 0));
  }
  yield attribute(ifla.IFLA_PROTO_DOWN, Uint8Array.of(link.protoDown ? 1 : 0));
  if (link.protoDownReasons !== 0) {
    const value = attribute(ifla.IFLA_PROTO_DOWN_REASON_VALUE, int32(link.protoDownReasons));
    yield attribute(ifla.IFLA_PROTO_DOWN_REASON, value);
  }
  const numbers = [
    [ifla.IFLA_CARRIER_UP_COUNT, link.carrierUpCount],
    [ifla.IFLA_CARRIER_DOWN_COUNT, link.carrierDownCount],
    [ifla.IFLA_LINK, link.linkIndex],
    [ifla.IFLA_MASTER, link.masterIndex],
  ] as const;
  for (const [type, value] of numbers) {
    if (value !== null) {
      yield attribute(type, int32(value));
    }
  }
  if (link.kind !== null) {
    yield attribute(ifla.IFLA_LINKINFO, attribute(ifla.IFLA_INFO_KIND, text(link.kind)));
  }
  if (link.alias !== null) {
    yield attribute(ifla.IFLA_IFALIAS, text(link.alias));
  }
  if (link.altNames.length > 0) {
    const names = link.altNames.map((name) => attribute(ifla.IFLA_ALT_IFNAME, text(name)));
    yield attribute(ifla.IFLA_PROP_LIST, concat(names));
  }
}

function text(value: string): Uint8Array {
  return Uint8Array.of(...encodeText(value), 0);
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, littleEndian);
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function align(length: number): number {
  const to = linux.nlmsg.NLMSG_ALIGNTO;
  return Math.ceil(length / to) * to;
}
