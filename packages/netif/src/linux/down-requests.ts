import { list, objectWith, type Target, wholeNumber } from '@ifdepd/libc';
import { linux } from '@ifdepd/netlink';
import { checkInterfaceName } from '../check-interface-name.ts';
import { encoder, linkPayload, nameAttribute, reasonBit, switchTo } from '../link-messages.ts';

/** How one interface is set down. */
export interface DownRequest {
  readonly name: string;
  /** Sets protodown for this reason, a bit of IFLA_PROTO_DOWN_REASON: 0 to 31. Default: clears IFF_UP. */
  readonly protoDownReason?: number;
}

/**
 * The bytes of RTM_SETLINK requests that set interfaces down, one behind another. The caller sends them on a socket of
 * rtnetlink(7). Each changes IFF_UP, or protodown and one of its reasons, and nothing else; the kernel answers only those
 * that fail.
 *
 * @param names - a name stands for a request without a reason
 * @returns null on a system without rtnetlink(7)
 * @throws {TypeError | RangeError} when no interface can have one of the names
 */
export function downRequests(target: Target, names: readonly (string | DownRequest)[]): Uint8Array | null {
  objectWith('downRequests: target', target, 'platform');
  list('downRequests: names', names);
  if (!target.rtnetlink) {
    return null;
  }
  const { rtm, nlmsg } = linux;
  const requests = names.map((one, sequence) =>
    encoder.message(
      { type: rtm.RTM_SETLINK, flags: nlmsg.NLM_F_REQUEST, sequence },
      payloadOf(typeof one === 'object' && one !== null ? one : { name: one }),
    ),
  );
  return encoder.datagram(...requests);
}

function payloadOf({ name, protoDownReason: reason }: DownRequest): Uint8Array {
  checkInterfaceName('downRequests', name, linux.name.ALTIFNAMSIZ - 1);
  // A name that has passed the check has an attribute.
  const named = nameAttribute(name) as Uint8Array;
  if (reason === undefined) {
    return linkPayload([named], { ifi_change: linux.iff.IFF_UP });
  }
  wholeNumber('downRequests: protoDownReason', reason, { least: 0, most: 31 });
  return linkPayload([named, reasonBit((1 << reason) >>> 0, true), switchTo(true)]);
}
