import { linux, MessageWalk, type NetlinkMessage, payloadOf } from '@ifdepd/netlink';
import type { Ipv4 } from './ipv4.ts';
import { addressMessage, routeMessage } from './ipv4-messages.ts';
import { changeIpv4 } from './ipv4-requests.ts';
import type { LinuxKernel } from './kernel.ts';
import { linkDump, listDump } from './link-dump.ts';
import { doneMessage, errorMessage, linkMessage } from './messages.ts';
import { continueDump, deliver, type NetlinkSocketState } from './netlink-sockets.ts';
import { errno, RTM_DELLINKPROP, RTM_NEWLINKPROP } from './numbers.ts';
import {
  createLink,
  type LinkRequest,
  namedLink,
  readLinkRequest,
  setAltNames,
  setLink,
} from './requests.ts';

const { nlmsg, rtm, littleEndian } = linux;

/** The kernel sends the answer by itself: no acknowledgement follows. */
const ANSWERED = -1;

/** What answers requests. */
export interface RtnetlinkHost {
  readonly kernel: LinuxKernel;
  readonly ipv4: Ipv4;
}

const lists: readonly number[] = [rtm.RTM_GETADDR, rtm.RTM_GETROUTE, rtm.RTM_GETNEIGH];
const changes: readonly number[] = [rtm.RTM_NEWADDR, rtm.RTM_DELADDR, rtm.RTM_NEWROUTE, rtm.RTM_DELROUTE];

/** Takes the requests of a datagram, one after another: netlink_rcv_skb(). */
export function takeRequests(
  host: RtnetlinkHost,
  socket: NetlinkSocketState,
  datagram: Uint8Array,
  privileged: boolean,
): void {
  const walk = new MessageWalk(littleEndian);
  walk.enter(datagram, datagram.byteLength);
  while (walk.next()) {
    const result = (walk.flags & nlmsg.NLM_F_REQUEST) === 0 ? 0 : request(host, socket, walk, privileged);
    if (result !== ANSWERED && (result !== 0 || (walk.flags & nlmsg.NLM_F_ACK) !== 0)) {
      const header = { sequence: walk.sequence, port: socket.port };
      deliver(socket, errorMessage(datagram.subarray(walk.at, walk.end), result, header));
    }
  }
}

/** @returns 0, a positive errno, or ANSWERED */
function request(
  host: RtnetlinkHost,
  socket: NetlinkSocketState,
  message: NetlinkMessage,
  privileged: boolean,
): number {
  if (socket.protocol !== linux.socket.NETLINK_ROUTE) {
    return errno.ENOENT;
  }
  if (lists.includes(message.type)) {
    return list(host, socket, message);
  }
  if (changes.includes(message.type)) {
    return privileged ? changeIpv4(host, message.type, payloadOf(message)) : errno.EPERM;
  }
  const { kernel } = host;
  const link = readLinkRequest(payloadOf(message));
  if (link === null) {
    return errno.EINVAL;
  }
  if (message.type === rtm.RTM_GETLINK) {
    return readLinks(kernel, socket, message, link);
  }
  return privileged ? change(kernel, message, link) : errno.EPERM;
}

/** A list of addresses or routes. There are none of IPv6, and no neighbours. */
function list({ ipv4 }: RtnetlinkHost, socket: NetlinkSocketState, message: NetlinkMessage): number {
  if ((message.flags & nlmsg.NLM_F_DUMP) !== nlmsg.NLM_F_DUMP) {
    return errno.EOPNOTSUPP;
  }
  if (socket.dump !== null) {
    return errno.EBUSY;
  }
  const header = { sequence: message.sequence, port: socket.port, flags: nlmsg.NLM_F_MULTI };
  const isIpv6 = payloadOf(message)[0] === linux.socket.AF_INET6;
  const addresses = message.type === rtm.RTM_GETADDR ? ipv4.addresses : [];
  const routes = message.type === rtm.RTM_GETROUTE ? ipv4.routes : [];
  const messages = [
    ...addresses.map((address) => addressMessage('new', address, header)),
    ...routes.map((route) => routeMessage('new', route, header)),
  ];
  socket.dump = listDump(isIpv6 ? [] : messages, doneMessage(header));
  continueDump(socket);
  return ANSWERED;
}

function readLinks(
  kernel: LinuxKernel,
  socket: NetlinkSocketState,
  { flags, sequence }: NetlinkMessage,
  link: LinkRequest,
): number {
  const header = { sequence, port: socket.port };
  if ((flags & nlmsg.NLM_F_DUMP) === nlmsg.NLM_F_DUMP) {
    if (socket.dump !== null) {
      return errno.EBUSY;
    }
    socket.dump = linkDump(kernel, header, link);
    continueDump(socket);
    return ANSWERED;
  }
  const device = namedLink(kernel, link);
  if (device === undefined) {
    return errno.ENODEV;
  }
  deliver(socket, linkMessage('new', device, 0, header));
  return (flags & nlmsg.NLM_F_ACK) === 0 ? ANSWERED : 0;
}

function change(kernel: LinuxKernel, { type, flags }: NetlinkMessage, link: LinkRequest): number {
  const device = namedLink(kernel, link);
  switch (type) {
    case rtm.RTM_NEWLINK:
      if ((flags & nlmsg.NLM_F_CREATE) !== 0 && device === undefined) {
        return createLink(kernel, link);
      }
      if (device === undefined) {
        return errno.ENODEV;
      }
      return (flags & nlmsg.NLM_F_EXCL) === 0 ? setLink(kernel, device, link) : errno.EEXIST;
    case rtm.RTM_SETLINK:
      return device === undefined ? errno.ENODEV : setLink(kernel, device, link);
    case rtm.RTM_DELLINK:
      return device === undefined ? errno.ENODEV : kernel.remove(device);
    case RTM_NEWLINKPROP:
    case RTM_DELLINKPROP:
      return device === undefined
        ? errno.ENODEV
        : setAltNames(kernel, device, link, type === RTM_NEWLINKPROP);
    default:
      return errno.EOPNOTSUPP;
  }
}
