import { list, objectWith, type Target } from '@ifdepd/libc';
import { linux } from '@ifdepd/netlink';
import { checkInterfaceName } from '../check-interface-name.ts';
import { encoder, linkPayload, nameAttribute } from '../link-messages.ts';

/**
 * The bytes of RTM_SETLINK requests that set interfaces down, one behind another. The caller sends them on a socket of
 * rtnetlink(7). They change IFF_UP and nothing else; the kernel answers only those that fail.
 *
 * @returns null on a system without rtnetlink(7)
 * @throws {TypeError | RangeError} when no interface can have one of the names
 */
export function downRequests(target: Target, names: readonly string[]): Uint8Array | null {
  objectWith('downRequests: target', target, 'platform');
  list('downRequests: names', names);
  if (!target.rtnetlink) {
    return null;
  }
  const { rtm, nlmsg, iff, name: longest } = linux;
  const requests = names.map((name, sequence) => {
    checkInterfaceName('downRequests', name, longest.ALTIFNAMSIZ - 1);
    // A name that has passed the check has an attribute.
    const named = nameAttribute(name) as Uint8Array;
    return encoder.message(
      { type: rtm.RTM_SETLINK, flags: nlmsg.NLM_F_REQUEST, sequence },
      linkPayload([named], { ifi_change: iff.IFF_UP }),
    );
  });
  return encoder.datagram(...requests);
}
