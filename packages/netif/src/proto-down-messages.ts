import { decodeText, encodeText, type InterfaceName } from '@ifdepd/libc';
import type { ProtoDownAbi } from './abi/proto-down-abi.ts';
import type { ProtoDown } from './netif.ts';

/** Netlink pads to four bytes. */
const ALIGNTO = 4;

/**
 * One attribute: a `struct nlattr` and its value, padded.
 *
 * @param value bytes, text (its NUL is added), or a number of 32 bits
 */
export function attribute(abi: ProtoDownAbi, type: number, value: Uint8Array | string | number): Uint8Array {
  const content = typeof value === 'string' ? encodeText(`${value}\0`) : bytesOf(value);
  const length = abi.NLA_HDRLEN + content.byteLength;
  const bytes = new Uint8Array(align(length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, length, true);
  view.setUint16(2, type, true);
  bytes.set(content, abi.NLA_HDRLEN);
  return bytes;
}

/**
 * What names an interface in a request; null where a name can be that of none. IFLA_IFNAME finds alternative names too
 * (rtnl_dev_get() in net/core/rtnetlink.c), but takes short ones only.
 */
export function nameAttribute(
  abi: ProtoDownAbi,
  { IFNAMSIZ }: { readonly IFNAMSIZ: number },
  name: string,
): Uint8Array | null {
  const bytes = encodeText(name).byteLength;
  if (bytes === 0 || bytes >= abi.ALTIFNAMSIZ || name.includes('\0')) {
    return null;
  }
  return attribute(abi, bytes < IFNAMSIZ ? abi.IFLA_IFNAME : abi.IFLA_ALT_IFNAME, name);
}

/** A message about the interface that its attributes name: `struct nlmsghdr`, `struct ifinfomsg`, attributes. */
export function linkMessage(
  abi: ProtoDownAbi,
  header: { readonly type: number; readonly flags: number; readonly sequence: number },
  attributes: readonly Uint8Array[],
): Uint8Array {
  const start = new Uint8Array(abi.NLMSG_HDRLEN + abi.ifinfomsg.size);
  const bytes = Buffer.concat([start, ...attributes]);
  bytes.writeUInt32LE(bytes.byteLength, 0);
  bytes.writeUInt16LE(header.type, 4);
  bytes.writeUInt16LE(header.flags, 6);
  bytes.writeUInt32LE(header.sequence, 8);
  return bytes;
}

/**
 * What an RTM_NEWLINK says of it. What is not there is 0; nothing is read beyond the end.
 *
 * @param bytes the whole message, its `struct nlmsghdr` too
 */
export function readProtoDown(abi: ProtoDownAbi, bytes: Uint8Array): ProtoDown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = abi.NLMSG_HDRLEN + abi.ifinfomsg.size;
  let [on, reasons] = [false, 0];
  for (const [type, at, end] of attributesIn(abi, view, start, bytes.byteLength)) {
    if (type === abi.IFLA_PROTO_DOWN && end > at) {
      on = view.getUint8(at) !== 0;
    }
    if (type === abi.IFLA_PROTO_DOWN_REASON) {
      for (const [inner, from, to] of attributesIn(abi, view, at, end)) {
        reasons =
          inner === abi.IFLA_PROTO_DOWN_REASON_VALUE && to - from >= 4 ? view.getUint32(from, true) : reasons;
      }
    }
  }
  const flags =
    start <= bytes.byteLength ? view.getUint32(abi.NLMSG_HDRLEN + abi.ifinfomsg.ifi_flags, true) : 0;
  return { on, reasons, carrier: (flags & abi.IFF_LOWER_UP) !== 0 };
}

/** The interface that an RTM_NEWLINK is about; null where it does not say. Nothing is read beyond the end. */
export function readLinkName(abi: ProtoDownAbi, bytes: Uint8Array): InterfaceName | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = abi.NLMSG_HDRLEN + abi.ifinfomsg.size;
  for (const [type, at, end] of attributesIn(abi, view, start, bytes.byteLength)) {
    if (type === abi.IFLA_IFNAME) {
      const index = view.getInt32(abi.NLMSG_HDRLEN + abi.ifinfomsg.ifi_index, true);
      const [name = ''] = decodeText(bytes, at, end - at).split('\0', 1);
      return { index, name };
    }
  }
  return null;
}

/** The type of each attribute, and where its value begins and ends. */
function* attributesIn(
  { NLA_HDRLEN, NLA_TYPE_MASK }: ProtoDownAbi,
  view: DataView,
  from: number,
  end: number,
): Iterable<readonly [type: number, at: number, end: number]> {
  for (let at = from; at + NLA_HDRLEN <= end; ) {
    const length = view.getUint16(at, true);
    if (length < NLA_HDRLEN || at + length > end) {
      return;
    }
    yield [view.getUint16(at + 2, true) & NLA_TYPE_MASK, at + NLA_HDRLEN, at + length];
    at += align(length);
  }
}

function bytesOf(value: Uint8Array | number): Uint8Array {
  if (typeof value !== 'number') {
    return value;
  }
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function align(length: number): number {
  return Math.ceil(length / ALIGNTO) * ALIGNTO;
}
