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
  return requests('downRequests', target, names, (one) => {
    const { name, protoDownReason: reason } = typeof one === 'object' && one !== null ? one : { name: one };
    if (reason === undefined) {
      return flagPayload('downRequests', name, 'down');
    }
    const named = nameOf('downRequests', name);
    wholeNumber('downRequests: protoDownReason', reason, { least: 0, most: 31 });
    return linkPayload([named, reasonBit((1 << reason) >>> 0, true), switchTo(true)]);
  });
}

/**
 * The bytes of RTM_SETLINK requests that set IFF_UP of interfaces and change nothing else, as {@link downRequests} clear it.
 *
 * @returns null on a system without rtnetlink(7)
 * @throws {TypeError | RangeError} when no interface can have one of the names
 */
export function upRequests(target: Target, names: readonly string[]): Uint8Array | null {
  return requests('upRequests', target, names, (name) => flagPayload('upRequests', name, 'up'));
}

function requests<One>(
  caller: string,
  target: Target,
  all: readonly One[],
  payloadOf: (one: One) => Uint8Array,
): Uint8Array | null {
  objectWith(`${caller}: target`, target, 'platform');
  list(`${caller}: names`, all);
  if (!target.rtnetlink) {
    return null;
  }
  const header = { type: linux.rtm.RTM_SETLINK, flags: linux.nlmsg.NLM_F_REQUEST };
  return encoder.datagram(
    ...all.map((one, sequence) => encoder.message({ ...header, sequence }, payloadOf(one))),
  );
}

function flagPayload(caller: string, name: string, to: 'up' | 'down'): Uint8Array {
  const { IFF_UP } = linux.iff;
  return linkPayload([nameOf(caller, name)], { ifi_flags: to === 'up' ? IFF_UP : 0, ifi_change: IFF_UP });
}

function nameOf(caller: string, name: string): Uint8Array {
  checkInterfaceName(caller, name, linux.name.ALTIFNAMSIZ - 1);
  // A name that has passed the check has an attribute.
  return nameAttribute(name) as Uint8Array;
}
