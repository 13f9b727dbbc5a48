import { attributesByType, decodeStruct, linux, numberIn } from '@ifdepd/netlink';
import { errno } from './numbers.ts';
import type { RtnetlinkHost } from './rtnetlink.ts';

const { ifa, route: numbers, rta, rtm, socket, struct, littleEndian } = linux;
const { ifaddrmsg, rtmsg } = struct;

/** Adds or deletes an address or a route of IPv4. @returns 0 or a positive errno */
export function changeIpv4(host: RtnetlinkHost, type: number, payload: Uint8Array): number {
  const isAddress = type === rtm.RTM_NEWADDR || type === rtm.RTM_DELADDR;
  if (payload.byteLength < (isAddress ? ifaddrmsg.size : rtmsg.size)) {
    return errno.EINVAL;
  }
  if (payload[0] !== socket.AF_INET) {
    return errno.EAFNOSUPPORT;
  }
  return isAddress ? changeAddress(host, type, payload) : changeRoute(host, type, payload);
}

function changeAddress({ kernel, ipv4 }: RtnetlinkHost, type: number, payload: Uint8Array): number {
  const header = decodeStruct(ifaddrmsg, payload, littleEndian);
  const bytes = attributesByType(payload, littleEndian, ifaddrmsg.size).get(ifa.IFA_LOCAL)?.slice();
  const device = kernel.byIndex(header.ifa_index);
  if (device === undefined || bytes === undefined) {
    return device === undefined ? errno.ENODEV : errno.EINVAL;
  }
  return type === rtm.RTM_NEWADDR
    ? ipv4.addAddress(device, bytes, header.ifa_prefixlen)
    : ipv4.deleteAddress(device, bytes);
}

function changeRoute({ kernel, ipv4 }: RtnetlinkHost, type: number, payload: Uint8Array): number {
  const { rtm_dst_len: length, rtm_protocol: protocol } = decodeStruct(rtmsg, payload, littleEndian);
  const values = attributesByType(payload, littleEndian, rtmsg.size);
  const destination = values.get(rta.RTA_DST)?.slice() ?? new Uint8Array(4);
  const device = kernel.byIndex(numberIn(values.get(rta.RTA_OIF), littleEndian) ?? 0);
  if (type === rtm.RTM_DELROUTE) {
    return ipv4.deleteRoute({ destination, length });
  }
  if (device === undefined) {
    return errno.ENODEV;
  }
  const gateway = values.get(rta.RTA_GATEWAY)?.slice() ?? null;
  return ipv4.addRoute({
    device,
    destination,
    length,
    gateway,
    source: null,
    table: numbers.RT_TABLE_MAIN,
    protocol,
    scope: gateway === null ? numbers.RT_SCOPE_LINK : numbers.RT_SCOPE_UNIVERSE,
    type: numbers.RTN_UNICAST,
  });
}
