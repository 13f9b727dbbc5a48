import {
  KEV_DL_IF_ATTACHED,
  KEV_DL_IF_DETACHED,
  KEV_DL_LINK_OFF,
  KEV_DL_LINK_ON,
  KEV_DL_SIFFLAGS,
  KEV_DL_SUBCLASS,
  KEV_INET_NEW_ADDR,
  KEV_INET_SUBCLASS,
  kernelEvent,
} from './kernel-event.ts';
import type { BsdLayout, ScriptedLink } from './layout.ts';
import { type LinkFacts, Messages } from './messages.ts';
import { type CarpHooks, IFF_RUNNING, IFF_UP, type LayerHooks, type Nic } from './nic.ts';
import type { Net } from './socket-addresses.ts';
import type { Sockets } from './sockets.ts';

/** net/if.h, of every BSD and macOS. */
const IFF_LOOPBACK = 0x8;
/** The flags of a new network card: broadcast, simplex, multicast. */
const ETHERNET = 0x8802;
const LOOPBACK = 0x8000 | IFF_LOOPBACK;

/** net/if_types.h */
const IFT_ETHER = 6;
const IFT_LOOP = 24;

/** The interfaces of a scripted kernel, and the messages about their events. */
export class World {
  readonly layout: BsdLayout;
  readonly nics = new Map<string, Nic>();
  readonly #sockets: Sockets;
  readonly #messages: Messages;
  carp: CarpHooks | null = null;
  layers: LayerHooks | null = null;

  constructor(layout: BsdLayout, sockets: Sockets) {
    this.layout = layout;
    this.#sockets = sockets;
    this.#messages = new Messages(layout);
    const lo0 = this.#nic('lo0', IFT_LOOP, LOOPBACK | IFF_UP | IFF_RUNNING, null);
    lo0.link = layout.behaviour.loopbackLink;
    this.nics.set('lo0', lo0);
  }

  /** Adds an interface. Its index is the lowest free one, used before or not. */
  attach(
    name: string,
    carrier: 'up' | 'down' | null,
    { type = IFT_ETHER, silent = false }: { readonly type?: number; readonly silent?: boolean } = {},
  ): Nic {
    if (this.nics.has(name)) {
      throw new RangeError(`an interface ${name} exists already`);
    }
    const nic = this.#nic(name, type, ETHERNET, carrier, silent);
    this.nics.set(name, nic);
    this.#announce(nic, 'arrival');
    return nic;
  }

  /** Deletes an interface: first it goes down, with the flag of destruction, then it departs. */
  detach(name: string): void {
    const nic = this.get(name);
    const { dying } = this.layout.behaviour;
    this.carp?.gone(nic);
    if ((nic.flags & IFF_UP) !== 0) {
      this.#addressesOf(nic, 'down');
    }
    nic.flags = dying === 0 ? nic.flags & ~(IFF_UP | IFF_RUNNING) : (nic.flags & ~IFF_UP) | dying;
    this.info(nic);
    for (; nic.addresses > 0; nic.addresses -= 1) {
      this.address(nic, 'deleted');
    }
    this.nics.delete(name);
    this.layers?.gone(nic);
    this.#announce(nic, 'departure');
  }

  rename(from: string, to: string): void {
    if (!this.layout.behaviour.renames) {
      throw new RangeError(`${this.layout.platform} cannot rename an interface`);
    }
    const nic = this.get(from);
    this.#announce(nic, 'departure');
    this.nics.delete(from);
    nic.name = to;
    this.nics.set(to, nic);
    this.#announce(nic, 'arrival');
  }

  /** SIOCSIFFLAGS with or without IFF_UP. Unchanged flags cause no message. */
  setAdmin(nic: Nic, to: 'up' | 'down'): void {
    if (((nic.flags & IFF_UP) !== 0) === (to === 'up') || this.carp?.setAdmin(nic, to)) {
      return;
    }
    this.carp?.beforeAdmin(nic, to);
    this.#addressesOf(nic, to);
    if (to === 'down') {
      // The message still has IFF_RUNNING and the old link. Afterwards the flag is cleared silently.
      nic.flags &= ~IFF_UP;
      this.info(nic);
      nic.flags &= ~IFF_RUNNING;
    } else {
      this.#raise(nic);
    }
    this.#event(nic, KEV_DL_SIFFLAGS);
    this.carp?.afterAdmin(nic, to);
  }

  #addressesOf(nic: Nic, to: 'up' | 'down'): void {
    for (let left = this.layout.behaviour.addressesFollowAdmin ? nic.addresses : 0; left > 0; left -= 1) {
      this.address(nic, to === 'up' ? 'new' : 'deleted');
    }
  }

  /** The driver finds out its link while the interface comes up. The number of messages differs between systems. */
  #raise(nic: Nic): void {
    const { lateLinkMessage, up } = this.layout.behaviour;
    const before = nic.link;
    const after = nic.silent ? before : (nic.carrier ?? before);
    const early = lateLinkMessage && nic.stale && before !== after;
    if (early || !lateLinkMessage) {
      nic.link = after;
    }
    if (early) {
      this.info(nic);
    }
    nic.stale = false;
    for (const step of up) {
      nic.flags |= step === 'up' || nic.idle ? IFF_UP : IFF_UP | IFF_RUNNING;
      this.info(nic);
      if (step === 'up') {
        this.carp?.betweenUpMessages(nic);
      }
    }
    if (before !== after) {
      nic.link = after;
      this.#event(nic, after === 'up' ? KEV_DL_LINK_ON : KEV_DL_LINK_OFF);
      if (!early && this.layout.if_msghdr.ifi_link_state !== null) {
        this.info(nic);
      }
    }
  }

  /** Plugs the cable in or pulls it. Reported at once when the interface is up, and at its next up otherwise. */
  carrier(nic: Nic, to: 'up' | 'down'): void {
    if (nic.carrier === null) {
      throw new RangeError(`${nic.name} has no media`);
    }
    if (nic.carrier === to) {
      return;
    }
    nic.carrier = to;
    if (nic.silent) {
      return;
    }
    if ((nic.flags & IFF_UP) === 0) {
      nic.stale = true;
      return;
    }
    this.link(nic, to);
  }

  /** Sets the link state. The same state again causes no message. */
  link(nic: Nic, to: ScriptedLink): void {
    if (nic.link === to) {
      return;
    }
    nic.link = to;
    if (this.layout.if_msghdr.ifi_link_state !== null) {
      this.info(nic);
    }
    this.#event(nic, to === 'up' ? KEV_DL_LINK_ON : KEV_DL_LINK_OFF);
    this.carp?.afterLink(nic);
    this.layers?.afterLink(nic);
  }

  /** Adds an IPv4 address, which sets IFF_UP silently. */
  addAddress(nic: Nic): void {
    const wasUp = (nic.flags & IFF_UP) !== 0;
    nic.flags |= nic.idle ? IFF_UP : IFF_UP | IFF_RUNNING;
    nic.addresses += 1;
    const reported = this.carp?.addAddress(nic) ?? false;
    if (!reported && !wasUp && this.layout.behaviour.addressReportsFlags) {
      this.info(nic);
    }
    this.address(nic, 'new');
    if (nic.addresses === 1) {
      this.multicast(nic);
    }
    this.#event(nic, KEV_INET_NEW_ADDR, KEV_INET_SUBCLASS);
  }

  /** Adds an address of the caller's own choice. */
  giveOwnAddress(nic: Nic, net: Net): void {
    nic.own.push(net);
    this.#sockets.route(this.#messages.ownAddress(this.#facts(nic), net), 'address');
  }

  /** Sends the current facts of an interface. */
  info(nic: Nic): void {
    this.#sockets.route(this.#messages.info(this.#facts(nic)), 'interface');
  }

  /** Sends messages of addresses, to sockets of the same routing table only. */
  address(nic: Nic, what: 'new' | 'deleted'): void {
    if (nic.fib === 0) {
      this.#sockets.route(this.#messages.address(this.#facts(nic), what), 'address');
    }
  }

  /** Sends a multicast address to sockets of every routing table, on systems that do so. */
  multicast(nic: Nic): void {
    if (this.layout.rtm.RTM_NEWMADDR !== null) {
      this.#sockets.route(this.#messages.multicast(this.#facts(nic)), 'address');
    }
  }

  /** Sends that a route came or went, which has no facts of an interface. */
  routes(...what: readonly ('added' | 'deleted')[]): void {
    for (const each of what) {
      this.#sockets.route(this.#messages.route(each), 'address');
    }
  }

  /** NET_RT_IFLIST: every interface in the order of the indices, each followed by its addresses. */
  list(): Uint8Array {
    const parts = [...this.nics.values()]
      .sort((one, other) => one.index - other.index)
      .flatMap((nic) => {
        const facts = this.#facts(nic);
        const addresses = Array.from({ length: nic.addresses }, () => this.#messages.address(facts, 'new'));
        const own = nic.own.map((net) => this.#messages.ownAddress(facts, net));
        return [this.#messages.listed(facts), ...addresses, ...own];
      });
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.byteLength;
    }
    return bytes;
  }

  get(name: string): Nic {
    const nic = this.nics.get(name);
    if (nic === undefined) {
      throw new RangeError(`there is no interface ${name}`);
    }
    return nic;
  }

  #nic(name: string, type: number, flags: number, carrier: 'up' | 'down' | null, silent = false): Nic {
    const taken = new Set([...this.nics.values()].map(({ index }) => index));
    let index = 1;
    while (taken.has(index)) {
      index += 1;
    }
    const state = { link: 'unknown' as const, stale: false, addresses: 0, metric: 0, fib: 0, idle: false };
    return { index, name, type, flags, carrier, silent, own: [], ...state };
  }

  #facts({ index, name, type, flags, link }: Nic): LinkFacts {
    return { index, name, type, flags, link: this.layout.link[link] };
  }

  #announce(nic: Nic, what: 'arrival' | 'departure'): void {
    if (this.layout.if_announcemsghdr !== null) {
      this.#sockets.route(this.#messages.announce(this.#facts(nic), what), 'interface');
    }
    this.#event(nic, what === 'arrival' ? KEV_DL_IF_ATTACHED : KEV_DL_IF_DETACHED);
  }

  #event(nic: Nic, code: number, subclass = KEV_DL_SUBCLASS): void {
    if (this.layout.behaviour.kernelEvents) {
      this.#sockets.event(kernelEvent(code, nic.name, subclass));
    }
  }
}
