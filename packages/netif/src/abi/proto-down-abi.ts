/** How the carrier of an interface is kept off on behalf of a program: IFLA_PROTO_DOWN, through rtnetlink(7). */
export interface ProtoDownAbi {
  readonly AF_NETLINK: number;
  readonly NETLINK_ROUTE: number;
  /** With recvfrom(2): the true length is returned, even of a message that was cut. */
  readonly MSG_TRUNC: number;
  readonly NLMSG_HDRLEN: number;
  readonly NLMSG_ERROR: number;
  readonly NLM_F_REQUEST: number;
  readonly NLM_F_ACK: number;
  readonly RTM_GETLINK: number;
  readonly RTM_SETLINK: number;
  /** Bytes of `struct ifinfomsg`, and where its flags are, and which of them are to change. */
  readonly ifinfomsg: {
    readonly size: number;
    readonly ifi_index: number;
    readonly ifi_flags: number;
    readonly ifi_change: number;
  };
  readonly IFF_LOWER_UP: number;
  readonly NLA_HDRLEN: number;
  readonly NLA_TYPE_MASK: number;
  readonly NLA_F_NESTED: number;
  readonly IFLA_IFNAME: number;
  /** An alternative name; bytes of the longest, with its NUL. */
  readonly IFLA_ALT_IFNAME: number;
  readonly ALTIFNAMSIZ: number;
  readonly IFLA_EXT_MASK: number;
  readonly RTEXT_FILTER_SKIP_STATS: number;
  readonly IFLA_PROTO_DOWN: number;
  readonly IFLA_PROTO_DOWN_REASON: number;
  readonly IFLA_PROTO_DOWN_REASON_MASK: number;
  readonly IFLA_PROTO_DOWN_REASON_VALUE: number;
}
