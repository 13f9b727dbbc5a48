import { type Libc, must, openSocket, SystemError } from '@ifdepd/libc';
import type { LinkRecord } from '@ifdepd/linkwatch';
import type { DestinationDriver } from './driver.ts';

/** linux/socket.h, linux/netlink.h */
const AF_NETLINK = 16;
const NLMSG_HDRLEN = 16;
const NLM_F_REQUEST = 1;
const NLM_F_ACK = 4;
/** linux/rtnetlink.h */
const RTM_SETLINK = 19;
/** struct ifinfomsg, linux/rtnetlink.h: the index at 4. */
const IFINFOMSG_SIZE = 16;
/** linux/if_link.h */
const IFLA_PROTO_DOWN = 39;
const ATTRIBUTE_SIZE = 8;
const REQUEST_SIZE = NLMSG_HDRLEN + IFINFOMSG_SIZE + ATTRIBUTE_SIZE;

/**
 * Linux: an interface by IFLA_PROTO_DOWN, which takes its carrier and leaves it administratively up. macvlan and vxlan
 * know it, veth does not.
 *
 * It leaks on macvlan: when the lower device gets its carrier back, so does the macvlan, protodown or not, and
 * protodown has to be written again. Such an interface counts as up.
 *
 * @param link what is known of it; undefined where it is missing
 */
export function protodownDestination(libc: Libc, link: () => LinkRecord | undefined): DestinationDriver {
  return {
    read() {
      const record = link();
      if (record === undefined) {
        return 'missing';
      }
      return record.protoDown && !(record.adminUp && record.carrier === true) ? 'down' : 'up';
    },
    set(to) {
      const record = link();
      if (record === undefined) {
        throw new SystemError(libc.target, libc.target.errnoOf.ENODEV, 'RTM_SETLINK', 'protodown');
      }
      request(libc, record, to === 'down');
      return { changed: true, is: to };
    },
  };
}

/** Sends one request and takes in its answer, which is there when sendto(2) returns. */
function request(libc: Libc, { index, name }: LinkRecord, protoDown: boolean): void {
  const bytes = new Uint8Array(REQUEST_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, REQUEST_SIZE, true);
  view.setUint16(4, RTM_SETLINK, true);
  view.setUint16(6, NLM_F_REQUEST | NLM_F_ACK, true);
  view.setInt32(NLMSG_HDRLEN + 4, index, true);
  const attribute = NLMSG_HDRLEN + IFINFOMSG_SIZE;
  view.setUint16(attribute, 5, true);
  view.setUint16(attribute + 2, IFLA_PROTO_DOWN, true);
  view.setUint8(attribute + 4, protoDown ? 1 : 0);

  const { SOCK_RAW } = libc.target.socket;
  using socket = openSocket(libc, AF_NETLINK, SOCK_RAW, 0, name);
  must(libc, libc.sendto(socket.fd, bytes, 0, null), 'sendto RTM_SETLINK', name);
  const answer = new Uint8Array(1024);
  must(libc, libc.recvfrom(socket.fd, answer, libc.target.socket.MSG_DONTWAIT, null), 'recvfrom', name);
  // struct nlmsgerr: the negated errno comes first.
  const error = new DataView(answer.buffer).getInt32(NLMSG_HDRLEN, true);
  if (error !== 0) {
    throw new SystemError(libc.target, -error, 'RTM_SETLINK IFLA_PROTO_DOWN', name);
  }
}
