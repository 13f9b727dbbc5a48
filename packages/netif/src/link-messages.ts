import { encodeText, type InterfaceName } from '@ifdepd/libc';
import { attributeOf, decodeStruct, Encoder, linux, numberIn, textIn } from '@ifdepd/netlink';
import type { ProtoDown } from './netif.ts';

const { ifla, iff, name: longest, struct, littleEndian } = linux;
const { ifinfomsg } = struct;

/** Encodes requests of rtnetlink(7). */
export const encoder: Encoder = new Encoder(littleEndian);

/**
 * The attribute that names an interface in a request; null when no interface can have the name. IFLA_IFNAME finds alternative names
 * too (rtnl_dev_get() in net/core/rtnetlink.c), but takes short ones only.
 */
export function nameAttribute(name: string): Uint8Array | null {
  const bytes = encodeText(name).byteLength;
  if (bytes === 0 || bytes >= longest.ALTIFNAMSIZ || name.includes('\0')) {
    return null;
  }
  return encoder.attribute(bytes < longest.IFNAMSIZ ? ifla.IFLA_IFNAME : ifla.IFLA_ALT_IFNAME, name);
}

/** The payload of a request about the interface that its attributes name. */
export function linkPayload(
  attributes: readonly Uint8Array[],
  values: { readonly ifi_flags?: number; readonly ifi_change?: number } = {},
): Uint8Array {
  return encoder.join(encoder.struct(ifinfomsg, values), ...attributes);
}

/** The attribute that changes one bit of the reasons for protodown, and leaves the others as they are. */
export function reasonBit(bit: number, set: boolean): Uint8Array {
  return encoder.nested(
    ifla.IFLA_PROTO_DOWN_REASON,
    encoder.attribute(ifla.IFLA_PROTO_DOWN_REASON_MASK, bit),
    encoder.attribute(ifla.IFLA_PROTO_DOWN_REASON_VALUE, set ? bit : 0),
  );
}

/** The attribute that switches protodown. */
export function switchTo(on: boolean): Uint8Array {
  return encoder.attribute(ifla.IFLA_PROTO_DOWN, Uint8Array.of(on ? 1 : 0));
}

/** The protodown in an RTM_NEWLINK. A missing attribute counts as 0. Reads nothing beyond the end. */
export function readProtoDown(payload: Uint8Array): ProtoDown {
  const attribute = (type: number) => attributeOf(payload, type, littleEndian, ifinfomsg.size);
  const reason = attribute(ifla.IFLA_PROTO_DOWN_REASON) ?? new Uint8Array();
  const reasons = attributeOf(reason, ifla.IFLA_PROTO_DOWN_REASON_VALUE, littleEndian);
  const flags =
    payload.byteLength < ifinfomsg.size ? 0 : decodeStruct(ifinfomsg, payload, littleEndian).ifi_flags;
  return {
    on: (attribute(ifla.IFLA_PROTO_DOWN)?.[0] ?? 0) !== 0,
    reasons: numberIn(reasons, littleEndian) ?? 0,
    carrier: (flags & iff.IFF_LOWER_UP) !== 0,
  };
}

/** The interface of an RTM_NEWLINK; null when the message has no name. Reads nothing beyond the end. */
export function readLinkName(payload: Uint8Array): InterfaceName | null {
  const name = attributeOf(payload, ifla.IFLA_IFNAME, littleEndian, ifinfomsg.size);
  return name === null
    ? null
    : { index: decodeStruct(ifinfomsg, payload, littleEndian).ifi_index, name: textIn(name) };
}
