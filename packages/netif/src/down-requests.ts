import { SystemError } from '@ifdepd/libc';
import type { Control } from './control.ts';
import type { NetIf } from './netif.ts';
import { linkMessage, nameAttribute } from './proto-down-messages.ts';

/** {@link NetIf.downRequests}, with the numbers that the system's table has. */
export function downRequests({ libc, abi }: Control): NetIf['downRequests'] {
  const { protoDown: rtnetlink, ifreq, noSuchInterface, IFF_UP } = abi;
  return (names) => {
    if (rtnetlink === null) {
      return null;
    }
    const { NLMSG_HDRLEN, ifinfomsg, RTM_SETLINK, NLM_F_REQUEST } = rtnetlink;
    const requests = names.map((name, sequence) => {
      const named = nameAttribute(rtnetlink, ifreq, name);
      if (named === null) {
        throw new SystemError(libc.target, libc.target.errnoOf[noSuchInterface], 'RTM_SETLINK', name);
      }
      const header = { type: RTM_SETLINK, flags: NLM_F_REQUEST, sequence };
      const message = linkMessage(rtnetlink, header, [named]);
      const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
      view.setUint32(NLMSG_HDRLEN + ifinfomsg.ifi_change, IFF_UP, true);
      return message;
    });
    return Buffer.concat(requests);
  };
}
