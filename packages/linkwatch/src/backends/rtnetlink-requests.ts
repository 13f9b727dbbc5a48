import { encodeText } from '@ifdepd/libc';
import type { NetlinkAbi } from '../abi/netlink-abi.ts';
import { ONE_LINK } from '../wire/netlink.ts';

/** struct ifinfomsg, linux/rtnetlink.h. */
const SIZEOF_IFINFOMSG = 16;

/** RTM_GETLINK for all links. */
export function listRequest(abi: NetlinkAbi, sequence: number): Uint8Array {
  const { NLM_F_REQUEST, NLM_F_DUMP } = abi.nlmsg;
  return linkRequest(abi, NLM_F_REQUEST | NLM_F_DUMP, sequence, 0);
}

/** RTM_GETLINK for one link. */
export function indexRequest(abi: NetlinkAbi, index: number): Uint8Array {
  return linkRequest(abi, abi.nlmsg.NLM_F_REQUEST, ONE_LINK + index, index);
}

/**
 * RTM_GETLINK for the link of a name or alternative name.
 *
 * @returns null where it is too long for the name of a link
 */
export function nameRequest(abi: NetlinkAbi, name: string): Uint8Array | null {
  const { ifla } = abi;
  const text = encodeText(name);
  if (text.byteLength >= abi.name.ALTIFNAMSIZ) {
    return null;
  }
  // IFLA_IFNAME finds alternative names too (rtnl_dev_get() in net/core/rtnetlink.c), but takes short ones only.
  const type = text.byteLength < abi.name.IFNAMSIZ ? ifla.IFLA_IFNAME : ifla.IFLA_ALT_IFNAME;
  return linkRequest(abi, abi.nlmsg.NLM_F_REQUEST, ONE_LINK, 0, { type, value: Uint8Array.of(...text, 0) });
}

/** Without statistics: they are half of each message. */
function linkRequest(
  { nlmsg, rtm, ifla, nlattr, socket, littleEndian }: NetlinkAbi,
  flags: number,
  sequence: number,
  index: number,
  more?: { readonly type: number; readonly value: Uint8Array },
): Uint8Array {
  const ifinfomsg = nlmsg.NLMSG_HDRLEN;
  const mask = ifinfomsg + SIZEOF_IFINFOMSG;
  const behind = mask + nlattr.NLA_HDRLEN + 4;
  const size = more === undefined ? behind : behind + nlattr.NLA_HDRLEN + more.value.byteLength;
  const bytes = new Uint8Array(Math.ceil(size / nlattr.NLA_ALIGNTO) * nlattr.NLA_ALIGNTO);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.byteLength, littleEndian);
  view.setUint16(4, rtm.RTM_GETLINK, littleEndian);
  view.setUint16(6, flags, littleEndian);
  view.setUint32(8, sequence, littleEndian);
  view.setUint8(ifinfomsg, socket.AF_UNSPEC);
  view.setInt32(ifinfomsg + 4, index, littleEndian);
  view.setUint16(mask, nlattr.NLA_HDRLEN + 4, littleEndian);
  view.setUint16(mask + 2, ifla.IFLA_EXT_MASK, littleEndian);
  view.setUint32(mask + nlattr.NLA_HDRLEN, ifla.RTEXT_FILTER_SKIP_STATS, littleEndian);
  if (more !== undefined) {
    view.setUint16(behind, nlattr.NLA_HDRLEN + more.value.byteLength, littleEndian);
    view.setUint16(behind + 2, more.type, littleEndian);
    bytes.set(more.value, behind + nlattr.NLA_HDRLEN);
  }
  return bytes;
}
