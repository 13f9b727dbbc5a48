import { Encoder, linux } from '@ifdepd/netlink';
import type { Device } from './device.ts';

const { ifla, nlmsg, rtm, socket, struct } = linux;
const encoder = new Encoder(linux.littleEndian);

/** ARPHRD_ETHER and ARPHRD_LOOPBACK of linux/if_arp.h */
const [ETHER, LOOPBACK] = [1, 772];

/** linux/if_link.h */
const IFLA_AF_BRIDGE_PROTINFO = 12;

const EMPTY = new Uint8Array();
/** `struct rtnl_link_stats`, all zero. */
const STATISTICS = new Uint8Array(96);

/** The header of a message that is no notification. */
export interface AnswerHeader {
  readonly sequence: number;
  readonly port: number;
  readonly flags?: number;
}

/** rtnl_fill_ifinfo(): RTM_NEWLINK or RTM_DELLINK about a link. */
export function linkMessage(
  type: 'new' | 'deleted',
  device: Device,
  change: number,
  header: Partial<AnswerHeader> = {},
  statistics = false,
): Uint8Array {
  return encoder.message(
    { type: type === 'new' ? rtm.RTM_NEWLINK : rtm.RTM_DELLINK, ...header },
    encoder.struct(struct.ifinfomsg, {
      ifi_type: isLoopback(device) ? LOOPBACK : ETHER,
      ifi_index: device.index,
      ifi_flags: device.shownFlags,
      ifi_change: change,
    }),
    ...attributes(device, statistics),
  );
}

function isLoopback(device: Device): boolean {
  return (device.flags & 0x8) !== 0;
}

function* attributes(device: Device, statistics: boolean): Iterable<Uint8Array> {
  const byte = (type: number, value: number) => encoder.attribute(type, Uint8Array.of(value));
  yield encoder.attribute(ifla.IFLA_IFNAME, device.name);
  yield byte(ifla.IFLA_OPERSTATE, device.shownOperstate);
  yield byte(ifla.IFLA_CARRIER, device.carrier ? 1 : 0);
  yield encoder.attribute(ifla.IFLA_ADDRESS, device.address);
  if (device.index !== device.iflink) {
    yield encoder.attribute(ifla.IFLA_LINK, device.iflink);
  }
  if (device.master !== null) {
    yield encoder.attribute(ifla.IFLA_MASTER, device.master.index);
  }
  if (device.alias !== '') {
    yield encoder.attribute(ifla.IFLA_IFALIAS, device.alias);
  }
  yield encoder.attribute(ifla.IFLA_CARRIER_UP_COUNT, device.carrierUps);
  yield encoder.attribute(ifla.IFLA_CARRIER_DOWN_COUNT, device.carrierDowns);
  yield byte(ifla.IFLA_PROTO_DOWN, device.protoDown ? 1 : 0);
  if (device.protoDownReasons !== 0) {
    const value = encoder.attribute(ifla.IFLA_PROTO_DOWN_REASON_VALUE, device.protoDownReasons);
    yield encoder.nested(ifla.IFLA_PROTO_DOWN_REASON, value);
  }
  if (statistics) {
    yield encoder.attribute(ifla.IFLA_STATS, STATISTICS);
  }
  const slave = device.master?.driver.kind ?? null;
  const kind =
    device.driver.kind === null ? EMPTY : encoder.attribute(ifla.IFLA_INFO_KIND, device.driver.kind);
  if (device.driver.kind !== null || slave !== null) {
    yield encoder.nested(
      ifla.IFLA_LINKINFO,
      kind,
      slave === null ? EMPTY : encoder.attribute(ifla.IFLA_INFO_SLAVE_KIND, slave),
    );
  }
  if (device.altNames.length > 0) {
    const names = device.altNames.map((name) => encoder.attribute(ifla.IFLA_ALT_IFNAME, name));
    yield encoder.nested(ifla.IFLA_PROP_LIST, ...names);
  }
}

/** br_fill_ifinfo(): what a bridge says of a port. */
export function portMessage(type: 'new' | 'deleted', port: Device): Uint8Array {
  return encoder.message(
    { type: type === 'new' ? rtm.RTM_NEWLINK : rtm.RTM_DELLINK },
    encoder.struct(struct.ifinfomsg, {
      ifi_family: socket.AF_BRIDGE,
      ifi_type: ETHER,
      ifi_index: port.index,
      ifi_flags: port.shownFlags,
    }),
    encoder.attribute(ifla.IFLA_IFNAME, port.name),
    encoder.attribute(ifla.IFLA_MASTER, port.master?.index ?? 0),
    encoder.attribute(ifla.IFLA_OPERSTATE, Uint8Array.of(port.shownOperstate)),
    port.index === port.iflink ? EMPTY : encoder.attribute(ifla.IFLA_LINK, port.iflink),
    encoder.nested(IFLA_AF_BRIDGE_PROTINFO),
  );
}

/** NLMSG_ERROR: a refusal, or with 0 an acknowledgement. */
export function errorMessage(request: Uint8Array, errno: number, header: AnswerHeader): Uint8Array {
  return encoder.message(
    { type: nlmsg.NLMSG_ERROR, ...header },
    encoder.number(-errno),
    request.subarray(0, nlmsg.NLMSG_HDRLEN),
  );
}

/** NLMSG_DONE: the end of a dump. */
export function doneMessage(header: AnswerHeader): Uint8Array {
  return encoder.message({ type: nlmsg.NLMSG_DONE, ...header }, encoder.number(0));
}
