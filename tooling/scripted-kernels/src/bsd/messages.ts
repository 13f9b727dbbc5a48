import type { BsdLayout, MessageHeader } from './layout.ts';
import { AF_INET, internetAddress, linkGateway, mask, type Net } from './socket-addresses.ts';

/** The facts of an interface in a message. */
export interface LinkFacts {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** The link state in the numbers of the system. */
  readonly link: number;
}

/** net/route.h: bits for the socket addresses behind the header, in this order. */
const RTA_DST = 0x1;
const RTA_GATEWAY = 0x2;
const RTA_NETMASK = 0x4;
const RTA_IFP = 0x10;
const RTA_IFA = 0x20;
const RTA_BRD = 0x80;

const AF_LINK = 18;

/** net/if_types.h */
const IFT_ETHER = 6;

/** Builds the messages of one system, byte for byte. Counters and times are zero, because no code here reads them. */
export class Messages {
  readonly #layout: BsdLayout;

  constructor(layout: BsdLayout) {
    this.#layout = layout;
  }

  /** RTM_IFINFO in a message: without socket addresses. */
  info(facts: LinkFacts): Uint8Array {
    return this.#info(facts, 0, []);
  }

  /** RTM_IFINFO in a list: with a sockaddr_dl that holds the name. */
  listed(facts: LinkFacts): Uint8Array {
    return this.#info(facts, RTA_IFP, [this.#linkAddress(facts)]);
  }

  announce(facts: LinkFacts, what: 'arrival' | 'departure'): Uint8Array {
    const { if_announcemsghdr: at, rtm } = this.#layout;
    if (at === null || rtm.RTM_IFANNOUNCE === null) {
      throw new RangeError(`${this.#layout.platform} announces no interfaces`);
    }
    const view = this.#message(rtm.RTM_IFANNOUNCE, at.size, []);
    view.setUint16(at.ifan_index, facts.index, true);
    view.setUint16(at.ifan_what, what === 'arrival' ? 0 : 1, true);
    const bytes = bytesOf(view);
    bytes.set(new TextEncoder().encode(facts.name), at.ifan_name);
    return bytes;
  }

  /** RTM_NEWADDR or RTM_DELADDR of an IPv4 address. */
  address(facts: LinkFacts, what: 'new' | 'deleted'): Uint8Array {
    const { ifa_msghdr: at, rtm } = this.#layout;
    const type = what === 'new' ? rtm.RTM_NEWADDR : rtm.RTM_DELADDR;
    const addresses = [
      inet(255, 255, 255, 0),
      this.#linkAddress(facts),
      inet(10, 1, 1, 1),
      inet(10, 1, 1, 255),
    ];
    const view = this.#message(type, at.size, addresses);
    view.setUint32(at.addrs, RTA_NETMASK | RTA_IFP | RTA_IFA | RTA_BRD, true);
    view.setUint16(at.index, facts.index, true);
    return bytesOf(view);
  }

  /** RTM_NEWMADDR: a `struct ifma_msghdr`, which is FreeBSD's `struct ifa_msghdr` without the last field. */
  multicast(facts: LinkFacts): Uint8Array {
    const { ifa_msghdr: at, rtm } = this.#layout;
    const size = at.size - 4;
    const view = this.#message(rtm.RTM_NEWMADDR ?? 0, size, [this.#linkAddress(facts), inet(224, 0, 0, 1)]);
    view.setUint32(at.addrs, RTA_IFP | RTA_IFA, true);
    view.setUint16(at.index, facts.index, true);
    return bytesOf(view);
  }

  /** RTM_ADD, RTM_DELETE, or an entry of NET_RT_DUMP (RTM_GET): a route to a net through a router, or on the link. */
  entry(
    type: number,
    { net, gateway, index, flags }: { net: Net; gateway: string | null; index: number; flags: number },
  ): Uint8Array {
    const { rt_msghdr: at, AF_INET6 } = this.#layout;
    const view = this.#message(type, at.size, [
      internetAddress(net.address, AF_INET6),
      gateway === null ? linkGateway(index) : internetAddress(gateway, AF_INET6),
      mask(net, AF_INET6),
    ]);
    view.setUint16(at.index, index, true);
    view.setUint32(at.addrs, RTA_DST | RTA_GATEWAY | RTA_NETMASK, true);
    view.setUint32(at.flags, flags, true);
    return bytesOf(view);
  }

  /** RTM_NEWADDR of an address of a person's own choice, in a message and in NET_RT_IFLIST. */
  ownAddress(facts: LinkFacts, net: Net): Uint8Array {
    const { ifa_msghdr: at, rtm, AF_INET6 } = this.#layout;
    const addresses = [mask(net, AF_INET6), this.#linkAddress(facts), internetAddress(net.address, AF_INET6)];
    const view = this.#message(rtm.RTM_NEWADDR, at.size, addresses);
    view.setUint32(at.addrs, RTA_NETMASK | RTA_IFP | RTA_IFA, true);
    view.setUint16(at.index, facts.index, true);
    return bytesOf(view);
  }

  /** RTM_ADD or RTM_DELETE without socket addresses, which no code here reads. */
  route(what: 'added' | 'deleted'): Uint8Array {
    const RTM_ADD = 1;
    const RTM_DELETE = 2;
    return bytesOf(this.#message(what === 'added' ? RTM_ADD : RTM_DELETE, 152, []));
  }

  /** OpenBSD's report of lost messages: an otherwise empty `struct rt_msghdr` of 96 bytes. */
  desync(): Uint8Array {
    return bytesOf(this.#message(this.#layout.rtm.RTM_DESYNC ?? 0, 96, []));
  }

  #info(facts: LinkFacts, addrs: number, addresses: readonly Uint8Array[]): Uint8Array {
    const { if_msghdr: at, rtm, behaviour } = this.#layout;
    const view = this.#message(rtm.RTM_IFINFO, at.size, addresses);
    this.#header(view, at, facts, addrs);
    const flags = behaviour.signExtendedFlags ? (facts.flags << 16) >> 16 : facts.flags;
    view.setUint32(at.flags, flags >>> 0, true);
    view.setUint8(at.ifi_type, facts.type);
    if (at.ifi_link_state !== null) {
      // Little-endian and small: the first byte holds the number, for each width of the field.
      view.setUint8(at.ifi_link_state, facts.link);
    }
    if (at.ifi_datalen !== null) {
      view.setUint16(at.ifi_datalen.at, at.ifi_datalen.value, true);
    }
    return bytesOf(view);
  }

  #header(view: DataView, at: MessageHeader, facts: LinkFacts, addrs: number): void {
    view.setUint16(at.index, facts.index, true);
    view.setUint32(at.addrs, addrs, true);
  }

  /** A header of `size` bytes with the addresses behind it, each rounded up. */
  #message(type: number, size: number, addresses: readonly Uint8Array[]): DataView {
    const { rtm, hdrlen, sockaddrRoundup } = this.#layout;
    const rounded = (bytes: Uint8Array) =>
      Math.max(1, Math.ceil(bytes.byteLength / sockaddrRoundup)) * sockaddrRoundup;
    const total = addresses.reduce((sum, bytes) => sum + rounded(bytes), size);
    const view = new DataView(new ArrayBuffer(total));
    view.setUint16(0, total, true);
    view.setUint8(2, rtm.RTM_VERSION);
    view.setUint8(3, type);
    if (hdrlen !== null) {
      view.setUint16(hdrlen, size, true);
    }
    let at = size;
    for (const bytes of addresses) {
      bytesOf(view).set(bytes, at);
      at += rounded(bytes);
    }
    return view;
  }

  #linkAddress({ index, name, type }: LinkFacts): Uint8Array {
    const { sizeof_sockaddr_dl, sdl_len, sockaddrRoundup } = this.#layout;
    const text = new TextEncoder().encode(name);
    const hardware = type === IFT_ETHER ? Uint8Array.of(2, 0, 0, 0, 0, index) : new Uint8Array(0);
    const used = 8 + text.byteLength + hardware.byteLength;
    const whole = Math.ceil(Math.max(sizeof_sockaddr_dl, used) / sockaddrRoundup) * sockaddrRoundup;
    const bytes = new Uint8Array(sdl_len === 'whole' ? whole : used);
    const view = new DataView(bytes.buffer);
    view.setUint8(0, bytes.byteLength);
    view.setUint8(1, AF_LINK);
    view.setUint16(2, index, true);
    view.setUint8(4, type);
    view.setUint8(5, text.byteLength);
    view.setUint8(6, hardware.byteLength);
    bytes.set(text, 8);
    bytes.set(hardware, 8 + text.byteLength);
    return bytes;
  }
}

/** A sockaddr_in of 16 bytes. */
function inet(...address: readonly number[]): Uint8Array {
  return Uint8Array.of(16, AF_INET, 0, 0, ...address, 0, 0, 0, 0, 0, 0, 0, 0);
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer);
}
