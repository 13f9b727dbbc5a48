import { ifa, ifaddrmsg, ifaFlags, ifaProto } from './addresses.ts';
import { bond, rtnl_link_stats } from './bond.ts';
import { bpf, sock_filter, sock_fprog } from './bpf.ts';
import { ethtool } from './ethtool.ts';
import { genl, genlmsghdr } from './generic.ts';
import {
  devconf,
  iff,
  ifinfomsg,
  ifla,
  ifla_vf_link_state,
  name,
  operstates,
  rtext,
  vfLinkStates,
  vlan,
} from './links.ts';
import { nlattr, nlmsg, nlmsghdr } from './messages.ts';
import { nda, ndmsg, ntf, nud } from './neighbours.ts';
import { nexthop_grp, nha, nhmsg, route, rta, rtm, rtmsg, rtnexthop, rtnlgrp } from './routes.ts';
import { errno, sockaddr_nl, socket } from './socket.ts';
import { wireguard } from './wireguard.ts';

/**
 * The numbers and structures of netlink on Linux, under the names of its headers. They are the same on x64 and arm64.
 *
 * The files beside this one name the header of each group, under include/uapi/ of the kernel. A test compares them with
 * what a compiler makes of those headers.
 */
export const linux = {
  /** Netlink messages are in the byte order of the machine: `@ifdepd/libc` loads on no other. */
  littleEndian: true,
  socket,
  errno,
  nlmsg,
  nlattr,
  rtm,
  rtnlgrp,
  rtext,
  ifla,
  iff,
  name,
  operstates,
  vlan,
  vfLinkStates,
  devconf,
  ifa,
  ifaFlags,
  ifaProto,
  rta,
  route,
  nha,
  nda,
  nud,
  ntf,
  genl,
  ethtool,
  wireguard,
  bond,
  bpf,
  struct: {
    sockaddr_nl,
    nlmsghdr,
    ifinfomsg,
    ifla_vf_link_state,
    ifaddrmsg,
    rtmsg,
    rtnexthop,
    nhmsg,
    nexthop_grp,
    ndmsg,
    genlmsghdr,
    rtnl_link_stats,
    sock_filter,
  },
  sock_fprog,
} as const;
