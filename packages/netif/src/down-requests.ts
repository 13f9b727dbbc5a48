import { SystemError } from '@ifdepd/libc';
import type { Control } from './control.ts';
import type { NetIf } from './netif.ts';
import { attribute, linkMessage } from './proto-down-messages.ts';

/** {@link NetIf.downRequests}, with the numbers that the system's table has. */
export function downRequests({ libc, abi }: Control): NetIf['downRequests'] {
  const { protoDown: rtnetlink, ifreq, noSuchInterface, IFF_UP } = abi;
  return (names) => {
    if (rtnetlink === null) {
      return null;
    }
    const { NLMSG_HDRLEN, ifinfomsg, IFLA_IFNAME, RTM_SETLINK, NLM_F_REQUEST } = rtnetlink;
    const requests = names.map((name, sequence) => {
      const bytes = Buffer.byteLength(name);
      if (bytes === 0 || bytes >= ifreq.IFNAMSIZ || name.includes('\0')) {
        throw new SystemError(libc.target, libc.target.errnoOf[noSuchInterface], 'RTM_SETLINK', name);
      }
      const header = { type: RTM_SETLINK, flags: NLM_F_REQUEST, sequence };
      const message = linkMessage(rtnetlink, header, [attribute(rtnetlink, IFLA_IFNAME, name)]);
      const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
      view.setUint32(NLMSG_HDRLEN + ifinfomsg.ifi_change, IFF_UP, true);
      return message;
    });
    return Buffer.concat(requests);
  };
}
