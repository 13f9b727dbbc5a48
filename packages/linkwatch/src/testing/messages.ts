import { objectWith } from '@ifdepd/libc';
import { Encoder, linux } from '@ifdepd/netlink';
import type { LinkRecord } from '../link.ts';

/** The header of a message. Default: a notification, sequence 0. */
export interface MessageHeader {
  /** nlmsg_seq. */
  readonly sequence?: number;
  /** NLM_F_MULTI: part of a list. */
  readonly multi?: boolean;
  /** NLM_F_DUMP_INTR. */
  readonly interrupted?: boolean;
  /** ifi_family; default AF_UNSPEC. */
  readonly family?: number;
  /** More attributes, made by {@link attribute}. */
  readonly attributes?: readonly Uint8Array[];
}

const { nlmsg, rtm, ifla, operstates, socket, struct } = linux;
const encoder = new Encoder(linux.littleEndian);

/** An RTM_NEWLINK with the facts of the record. */
export function newLink(link: LinkRecord, header: MessageHeader = {}): Uint8Array {
  return linkMessage(rtm.RTM_NEWLINK, link, header);
}

/** An RTM_DELLINK with the facts of the record, as from the kernel. */
export function delLink(link: LinkRecord, header: MessageHeader = {}): Uint8Array {
  return linkMessage(rtm.RTM_DELLINK, link, header);
}

/** The end of a list. @param errno a positive errno for a list that failed half-way */
export function done(header: MessageHeader, errno = 0): Uint8Array {
  return message(nlmsg.NLMSG_DONE, { multi: true, ...header }, encoder.number(-errno));
}

/** The refusal of a request. @param errno positive; 0 is an acknowledgement */
export function refusal(header: MessageHeader, errno: number): Uint8Array {
  return message(nlmsg.NLMSG_ERROR, header, encoder.number(-errno), new Uint8Array(nlmsg.NLMSG_HDRLEN));
}

/** Any netlink message. */
export function message(type: number, header: MessageHeader, ...payload: readonly Uint8Array[]): Uint8Array {
  objectWith('message: header', header);
  const { sequence = 0, multi = false, interrupted = false } = header;
  const flags = (multi ? nlmsg.NLM_F_MULTI : 0) | (interrupted ? nlmsg.NLM_F_DUMP_INTR : 0);
  return encoder.message({ type, flags, sequence }, ...payload);
}

/** A netlink attribute, with its padding. */
export function attribute(type: number, value: Uint8Array): Uint8Array {
  return encoder.attribute(type, value);
}

/** Several messages in one datagram, aligned. */
export function datagram(...messages: readonly Uint8Array[]): Uint8Array {
  return encoder.datagram(...messages);
}

function linkMessage(type: number, link: LinkRecord, header: MessageHeader): Uint8Array {
  objectWith('newLink, delLink: link', link, 'index', 'name', 'altNames');
  objectWith('newLink, delLink: header', header);
  const info = encoder.struct(struct.ifinfomsg, {
    ifi_family: header.family ?? socket.AF_UNSPEC,
    ifi_type: link.type,
    ifi_index: link.index,
    ifi_flags: link.flags,
  });
  return message(type, header, info, ...facts(link), ...(header.attributes ?? []));
}

function* facts(link: LinkRecord): Iterable<Uint8Array> {
  yield encoder.attribute(ifla.IFLA_IFNAME, link.name);
  yield encoder.attribute(ifla.IFLA_OPERSTATE, Uint8Array.of(operstates.indexOf(link.operstate)));
  if (link.carrier !== null) {
    yield encoder.attribute(ifla.IFLA_CARRIER, Uint8Array.of(link.carrier ? 1 : 0));
  }
  yield encoder.attribute(ifla.IFLA_PROTO_DOWN, Uint8Array.of(link.protoDown ? 1 : 0));
  if (link.protoDownReasons !== 0) {
    const value = encoder.attribute(ifla.IFLA_PROTO_DOWN_REASON_VALUE, link.protoDownReasons);
    yield encoder.attribute(ifla.IFLA_PROTO_DOWN_REASON, value);
  }
  const numbers = [
    [ifla.IFLA_CARRIER_UP_COUNT, link.carrierUpCount],
    [ifla.IFLA_CARRIER_DOWN_COUNT, link.carrierDownCount],
    [ifla.IFLA_LINK, link.linkIndex],
    [ifla.IFLA_MASTER, link.masterIndex],
  ] as const;
  for (const [type, value] of numbers) {
    if (value !== null) {
      yield encoder.attribute(type, value);
    }
  }
  if (link.kind !== null) {
    yield encoder.attribute(ifla.IFLA_LINKINFO, encoder.attribute(ifla.IFLA_INFO_KIND, link.kind));
  }
  if (link.alias !== null) {
    yield encoder.attribute(ifla.IFLA_IFALIAS, link.alias);
  }
  if (link.altNames.length > 0) {
    const names = link.altNames.map((name) => encoder.attribute(ifla.IFLA_ALT_IFNAME, name));
    yield encoder.attribute(ifla.IFLA_PROP_LIST, encoder.join(...names));
  }
}
