import { list, objectWith, SystemError, type Target } from '@ifdepd/libc';
import { abis } from '../abi/index.ts';
import type { NetIfAbi } from '../abi/netif-abi.ts';
import { checkInterfaceName } from '../check-interface-name.ts';
import { linkMessage, nameAttribute } from '../proto-down-messages.ts';

/**
 * The bytes of RTM_SETLINK requests that set interfaces down, one behind another. The caller sends them on a socket of
 * rtnetlink(7). They change IFF_UP and nothing else; the kernel answers only those that fail.
 *
 * @param abi default: the table of the target
 * @returns null on a system without rtnetlink(7)
 * @throws {TypeError | RangeError} where a name is none that an interface can have
 */
export function downRequests(target: Target, names: readonly string[], abi?: NetIfAbi): Uint8Array | null {
  objectWith('downRequests: target', target, 'platform');
  list('downRequests: names', names);
  const { protoDown: rtnetlink, ifreq, noSuchInterface, IFF_UP } = abi ?? abis[target.platform];
  if (rtnetlink === null) {
    return null;
  }
  const { NLMSG_HDRLEN, ifinfomsg, RTM_SETLINK, NLM_F_REQUEST } = rtnetlink;
  const requests = names.map((name, sequence) => {
    checkInterfaceName('downRequests', name, rtnetlink.ALTIFNAMSIZ - 1);
    const named = nameAttribute(rtnetlink, ifreq, name);
    if (named === null) {
      throw new SystemError(target, target.errnoOf[noSuchInterface], 'RTM_SETLINK', name);
    }
    const header = { type: RTM_SETLINK, flags: NLM_F_REQUEST, sequence };
    const message = linkMessage(rtnetlink, header, [named]);
    const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
    view.setUint32(NLMSG_HDRLEN + ifinfomsg.ifi_change, IFF_UP, true);
    return message;
  });
  return Buffer.concat(requests);
}
