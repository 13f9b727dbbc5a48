import { Encoder, linux, SINGLE_REQUEST } from '@ifdepd/netlink';
import type { Scope } from '../scope.ts';

/** The lists of rtnetlink(7), in the order in which they are read: names of links are needed for the others. */
export type ListName = 'links' | 'addresses' | 'ipv4' | 'ipv6' | 'neighbours';

const { nlmsg, rtm, rtext, ifla, rtnlgrp, socket, struct } = linux;
const encoder = new Encoder(linux.littleEndian);

/** The lists that a watch needs. */
export function listsOf({ families, routes, addresses, neighbours }: Scope): readonly ListName[] {
  const names: ListName[] = ['links'];
  if (addresses) {
    names.push('addresses');
  }
  if (routes !== 'none') {
    names.push(...families);
  }
  if (neighbours) {
    names.push('neighbours');
  }
  return names;
}

/**
 * The groups of notifications that a watch needs. Links and addresses are among them for routes too: the kernel deletes a route of
 * IPv4 without a message where its link is set down, or its preferred source address is deleted.
 */
export function groupsOf(scope: Scope): readonly number[] {
  const groups = new Set<number>([rtnlgrp.RTNLGRP_LINK]);
  for (const family of scope.families) {
    const four = family === 'ipv4';
    groups.add(four ? rtnlgrp.RTNLGRP_IPV4_IFADDR : rtnlgrp.RTNLGRP_IPV6_IFADDR);
    if (scope.routes !== 'none') {
      groups.add(four ? rtnlgrp.RTNLGRP_IPV4_ROUTE : rtnlgrp.RTNLGRP_IPV6_ROUTE);
      groups.add(rtnlgrp.RTNLGRP_NEXTHOP);
    }
  }
  if (scope.neighbours) {
    groups.add(rtnlgrp.RTNLGRP_NEIGH);
  }
  return [...groups];
}

/** The type of the request of a list, and its payload. */
export function listPayload(name: ListName): { readonly type: number; readonly payload: Uint8Array } {
  switch (name) {
    case 'links':
      return { type: rtm.RTM_GETLINK, payload: linkPayload(0) };
    case 'addresses':
      return { type: rtm.RTM_GETADDR, payload: encoder.struct(struct.ifaddrmsg, {}) };
    case 'neighbours':
      return { type: rtm.RTM_GETNEIGH, payload: encoder.struct(struct.ndmsg, {}) };
    default: {
      const rtm_family = name === 'ipv4' ? socket.AF_INET : socket.AF_INET6;
      return { type: rtm.RTM_GETROUTE, payload: encoder.struct(struct.rtmsg, { rtm_family }) };
    }
  }
}

/** The request of a list. */
export function listRequest(name: ListName, sequence: number): Uint8Array {
  const { type, payload } = listPayload(name);
  return encoder.message({ type, flags: nlmsg.NLM_F_REQUEST | nlmsg.NLM_F_DUMP, sequence }, payload);
}

/**
 * A request that the kernel answers under its lock for network configuration (RTNL). It sends a message about a link or an address
 * before it deletes the routes, and holds the lock until that is done. The list of routes takes no lock since Linux 6.9. So a list
 * that is requested right after such a message may be older than the deletion, unless this request comes before it.
 */
export function barrier(): Uint8Array {
  const header = { type: rtm.RTM_GETLINK, flags: nlmsg.NLM_F_REQUEST, sequence: SINGLE_REQUEST };
  return encoder.message(header, linkPayload(LOOPBACK));
}

/** The number of `lo` in every network namespace. */
const LOOPBACK = 1;

/** RTM_GETLINK of one link, or of all (0), without statistics, which would be half of each message. */
export function linkPayload(ifi_index: number): Uint8Array {
  return encoder.join(
    encoder.struct(struct.ifinfomsg, { ifi_index }),
    encoder.attribute(ifla.IFLA_EXT_MASK, rtext.RTEXT_FILTER_SKIP_STATS),
  );
}
