import { encodeText } from '@ifdepd/libc';
import { Encoder, linux, SINGLE_REQUEST } from '@ifdepd/netlink';

const { nlmsg, rtm, rtext, ifla, name: names, struct } = linux;
const encoder = new Encoder(linux.littleEndian);

/** RTM_GETLINK of all links. */
export function listRequest(sequence: number): Uint8Array {
  return linkRequest(nlmsg.NLM_F_DUMP, sequence, 0);
}

/** RTM_GETLINK of one link. */
export function indexRequest(index: number): Uint8Array {
  return linkRequest(0, SINGLE_REQUEST + index, index);
}

/**
 * RTM_GETLINK of the link with a name or alternative name.
 *
 * @returns null when the name is too long for a link
 */
export function nameRequest(name: string): Uint8Array | null {
  const { byteLength } = encodeText(name);
  if (byteLength >= names.ALTIFNAMSIZ) {
    return null;
  }
  // IFLA_IFNAME finds alternative names too (rtnl_dev_get() in net/core/rtnetlink.c), but takes short ones only.
  const type = byteLength < names.IFNAMSIZ ? ifla.IFLA_IFNAME : ifla.IFLA_ALT_IFNAME;
  return linkRequest(0, SINGLE_REQUEST, 0, encoder.attribute(type, name));
}

/** A request without statistics, which would be half of each message. */
function linkRequest(
  flags: number,
  sequence: number,
  index: number,
  ...more: readonly Uint8Array[]
): Uint8Array {
  return encoder.message(
    { type: rtm.RTM_GETLINK, flags: nlmsg.NLM_F_REQUEST | flags, sequence },
    encoder.struct(struct.ifinfomsg, { ifi_index: index }),
    encoder.attribute(ifla.IFLA_EXT_MASK, rtext.RTEXT_FILTER_SKIP_STATS),
    ...more,
  );
}
