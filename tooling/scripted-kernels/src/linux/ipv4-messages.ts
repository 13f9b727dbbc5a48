import { Encoder, linux } from '@ifdepd/netlink';
import type { Address4, Route4 } from './ipv4.ts';
import type { AnswerHeader } from './messages.ts';

const { ifa, ifaFlags, route: numbers, rta, rtm, socket, struct } = linux;
const encoder = new Encoder(linux.littleEndian);
const NONE = new Uint8Array();

/** inet_fill_ifaddr(): RTM_NEWADDR or RTM_DELADDR. */
export function addressMessage(
  type: 'new' | 'deleted',
  { device, bytes, length }: Address4,
  header: Partial<AnswerHeader> = {},
): Uint8Array {
  return encoder.message(
    { type: type === 'new' ? rtm.RTM_NEWADDR : rtm.RTM_DELADDR, ...header },
    encoder.struct(struct.ifaddrmsg, {
      ifa_family: socket.AF_INET,
      ifa_prefixlen: length,
      ifa_flags: ifaFlags.IFA_F_PERMANENT,
      ifa_index: device.index,
    }),
    encoder.attribute(ifa.IFA_ADDRESS, bytes),
    encoder.attribute(ifa.IFA_LOCAL, bytes),
    encoder.attribute(ifa.IFA_LABEL, device.name),
    encoder.attribute(ifa.IFA_FLAGS, ifaFlags.IFA_F_PERMANENT),
  );
}

/** fib_dump_info(): RTM_NEWROUTE or RTM_DELROUTE. A link without a carrier shows in the flags alone. */
export function routeMessage(
  type: 'new' | 'deleted',
  { device, destination, length, gateway, source, table, protocol, scope, type: rtm_type }: Route4,
  header: Partial<AnswerHeader> = {},
): Uint8Array {
  const lost = device.up && !device.carrier;
  return encoder.message(
    { type: type === 'new' ? rtm.RTM_NEWROUTE : rtm.RTM_DELROUTE, ...header },
    encoder.struct(struct.rtmsg, {
      rtm_family: socket.AF_INET,
      rtm_dst_len: length,
      rtm_table: table,
      rtm_protocol: protocol,
      rtm_scope: scope,
      rtm_type,
      rtm_flags: lost && rtm_type !== numbers.RTN_LOCAL ? numbers.RTNH_F_LINKDOWN : 0,
    }),
    encoder.attribute(rta.RTA_TABLE, table),
    length === 0 ? NONE : encoder.attribute(rta.RTA_DST, destination),
    source === null ? NONE : encoder.attribute(rta.RTA_PREFSRC, source),
    gateway === null ? NONE : encoder.attribute(rta.RTA_GATEWAY, gateway),
    encoder.attribute(rta.RTA_OIF, device.index),
  );
}
