import {
  attributesByType,
  decodeStruct,
  linux,
  MessageWalk,
  type NetlinkSocket,
  numberIn,
  payloadOf,
  textIn,
} from '@ifdepd/netlink';
import { decodeAddress, decodeRoute } from '@ifdepd/netlink/rtnetlink';

const { ifla, rtm, struct, operstates, littleEndian } = linux;
const NOTHING = new Uint8Array();

/** linux/if_link.h: IFLA_EVENT, and its value for a message about nothing but the features of a device. */
const [IFLA_EVENT, IFLA_EVENT_FEATURES] = [44, 2];

/** The facts of a message in one line; null where it is about features of a link, which are not scripted. */
export function described(type: number, payload: Uint8Array): string | null {
  switch (type) {
    case rtm.RTM_NEWADDR:
    case rtm.RTM_DELADDR:
      return describedAddress(type === rtm.RTM_NEWADDR, payload);
    case rtm.RTM_NEWROUTE:
    case rtm.RTM_DELROUTE:
      return describedRoute(type === rtm.RTM_NEWROUTE, payload);
    default:
      return describedLink(type, payload);
  }
}

function describedAddress(isNew: boolean, payload: Uint8Array): string {
  const address = decodeAddress(payload);
  return `${isNew ? 'new' : 'deleted'} address ${address?.bytes.join('.')}/${address?.prefixLength} on ${address?.index}`;
}

function describedRoute(isNew: boolean, payload: Uint8Array): string {
  const route = decodeRoute(payload);
  const hops = route?.hops.map(
    ({ index, gateway, flags }) => `${index} via ${gateway?.join('.') ?? '-'} flags ${flags}`,
  );
  return [
    `${isNew ? 'new' : 'deleted'} route ${route?.destination.join('.')}/${route?.length} in ${route?.table}`,
    `type ${route?.type} by ${route?.protocol} scope ${route?.scope}`,
    `from ${route?.preferredSource?.join('.') ?? '-'} to ${hops}`,
  ].join(' ');
}

function describedLink(type: number, payload: Uint8Array): string | null {
  const header = decodeStruct(struct.ifinfomsg, payload, littleEndian);
  const values = attributesByType(payload, littleEndian, struct.ifinfomsg.size);
  if (numberIn(values.get(IFLA_EVENT), littleEndian) === IFLA_EVENT_FEATURES) {
    return null;
  }
  const number = (attribute: number) => numberIn(values.get(attribute), littleEndian) ?? '-';
  const byte = (attribute: number) => values.get(attribute)?.[0] ?? '-';
  const text = (value: Uint8Array | undefined) => (value === undefined ? '-' : textIn(value));
  const info = attributesByType(values.get(ifla.IFLA_LINKINFO) ?? NOTHING, littleEndian);
  const names = [...attributesByType(values.get(ifla.IFLA_PROP_LIST) ?? NOTHING, littleEndian).values()].map(
    textIn,
  );
  return [
    type === rtm.RTM_NEWLINK ? 'new' : type === rtm.RTM_DELLINK ? 'deleted' : type,
    header.ifi_family === linux.socket.AF_BRIDGE ? 'port' : 'link',
    header.ifi_index,
    text(values.get(ifla.IFLA_IFNAME)),
    `flags ${header.ifi_flags.toString(16)}/${changed(header.ifi_change).toString(16)}`,
    operstates[values.get(ifla.IFLA_OPERSTATE)?.[0] ?? 0],
    `carrier ${byte(ifla.IFLA_CARRIER)} +${number(ifla.IFLA_CARRIER_UP_COUNT)} -${number(ifla.IFLA_CARRIER_DOWN_COUNT)}`,
    `on ${number(ifla.IFLA_LINK)} of ${number(ifla.IFLA_MASTER)}`,
    `kind ${text(info.get(ifla.IFLA_INFO_KIND))} ${text(info.get(ifla.IFLA_INFO_SLAVE_KIND))}`,
    `protodown ${byte(ifla.IFLA_PROTO_DOWN)} alias ${text(values.get(ifla.IFLA_IFALIAS))} names ${names}`,
  ].join(' ');
}

/** ifi_change without IFF_PROMISC beside IFF_UP: it depends on the unicast filters of drivers, which are not scripted. */
function changed(change: number): number {
  const IFF_PROMISC = 0x100;
  return change === 0xffff_ffff || change === IFF_PROMISC ? change : change & ~IFF_PROMISC;
}

/** Reads every message that waits in a socket, in order. */
export function readAll(socket: NetlinkSocket): string[] {
  const lines: string[] = [];
  const walk = new MessageWalk(littleEndian);
  for (let received = socket.receive(); received.type !== 'nothing'; received = socket.receive()) {
    if (received.type !== 'bytes') {
      throw new Error(`a receive brought ${received.type}`);
    }
    walk.enter(received.bytes, received.length);
    while (walk.next()) {
      const line = described(walk.type, payloadOf(walk));
      if (line !== null) {
        lines.push(line);
      }
    }
  }
  return lines;
}

/**
 * Leaves out what a bridge says of a port again and again: 15 s after a port has begun to forward, a timer repeats it once more.
 *
 * @returns a function for the messages of one namespace, in order
 */
export function withoutRepeats(): (lines: readonly string[]) => string[] {
  const last = new Map<string, string>();
  return (lines) =>
    lines.filter((line) => {
      const [, port] = /^(?:new|deleted) port (\d+) /.exec(line) ?? [];
      const isRepeat = port !== undefined && last.get(port) === line;
      if (port !== undefined) {
        last.set(port, line);
      }
      return !isRepeat;
    });
}
