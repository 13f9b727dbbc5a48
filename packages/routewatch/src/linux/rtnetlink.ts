import type { Libc, ReadableWatch } from '@ifdepd/libc';
import {
  linux,
  type NetlinkMessage,
  NetlinkSession,
  type NetlinkSocket,
  openNetlinkSocket,
  payloadOf,
  type SessionSink,
} from '@ifdepd/netlink';
import { decodeNextHopObject } from '@ifdepd/netlink/rtnetlink';
import type { RouteBackend, Step } from '../backend.ts';
import type { MutableCounters } from '../counters.ts';
import { linkReference, objectReference, type RouteTables } from '../route-tables.ts';
import type { Scope } from '../scope.ts';
import type { KeptList } from './kept-list.ts';
import { type KeptLists, keptLists } from './kept-lists.ts';
import { barrier, groupsOf, type ListName, listRequest, listsOf } from './list-requests.ts';
import { notifyRoute } from './notify-route.ts';

/** How many lists in a row may fail before there is a pause before the next request. */
const FAILURES_AT_ONCE = 3;

const { rtm, socket: families } = linux;
const [ADDRESS_FAMILY] = linux.struct.ifaddrmsg.fields.ifa_family;
const [ROUTE_FAMILY] = linux.struct.rtmsg.fields.rtm_family;

/** The options of {@link openRtnetlink}. */
export interface RtnetlinkOptions {
  readonly libc: Libc;
  readonly receiveBufferBytes: number;
  readonly scope: Scope;
  readonly tables: RouteTables;
  readonly counters: MutableCounters;
}

/**
 * Opens a socket for routes, addresses, neighbours and links. It listens before the first request, so that every later change is
 * in its queue.
 *
 * @throws {SystemError} where it cannot be opened
 */
export function openRtnetlink(options: RtnetlinkOptions): RouteBackend {
  const { libc, receiveBufferBytes, scope } = options;
  return new Rtnetlink(openNetlinkSocket({ libc, receiveBufferBytes, groups: groupsOf(scope) }), options);
}

class Rtnetlink implements RouteBackend {
  readonly name = 'rtnetlink';
  readonly #socket: NetlinkSocket;
  readonly #session = new NetlinkSession(linux.littleEndian);
  readonly #counters: MutableCounters;
  readonly #wanted: readonly ListName[];
  readonly #lists: KeptLists;
  /** The lists that are to be requested. */
  readonly #due: Set<ListName>;
  /** Those that were not whole yet. */
  readonly #unknown: Set<ListName>;
  /** The list that is being received. */
  #current: ListName | null = null;
  /** Whether a {@link barrier} was sent since the last message that asked for a list. */
  #isOrdered = false;
  /** How many lists in a row were not whole. */
  #failures = 0;
  #refusal: number | null = null;
  readonly #sink: SessionSink = {
    seen: () => {
      this.#counters.messages += 1;
    },
    message: (message, listed) => this.#message(message, listed),
    dumpEnd: (interrupted) => this.#listEnd(interrupted),
    dumpRefused: (errno) => this.#refused(errno),
    dumpBusy: () => undefined,
    answer: () => undefined,
    lost: () => this.#overrun(),
    bad: () => {
      this.#counters.bad += 1;
      this.missed();
    },
  };

  constructor(socket: NetlinkSocket, { scope, tables, counters }: RtnetlinkOptions) {
    this.#socket = socket;
    this.#counters = counters;
    this.#wanted = listsOf(scope);
    this.#due = new Set(this.#wanted);
    this.#unknown = new Set(this.#wanted);
    this.#lists = keptLists(tables, scope, (index) => this.#linkChanged(index));
  }

  get started(): boolean {
    return this.#unknown.size === 0;
  }

  get waits(): boolean {
    return this.#current !== null || this.#due.size > 0;
  }

  get refusal(): number | null {
    return this.#refusal;
  }

  missed(): void {
    this.#isOrdered = false;
    for (const name of this.#wanted) {
      this.#due.add(name);
    }
  }

  step(force: boolean): Step {
    const received = this.#socket.receive();
    switch (received.type) {
      case 'bytes':
        this.#session.decode(received.bytes, received.length, this.#sink);
        return 'more';
      case 'overrun':
        this.#overrun();
        return 'lost';
      case 'truncated':
        this.#counters.bad += 1;
        this.#session.missed();
        this.missed();
        return 'more';
      case 'foreign':
        return 'more';
      default:
        return this.#request(force);
    }
  }

  onReadable(callback: () => void): ReadableWatch {
    return this.#socket.onReadable(callback);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  /** Requests the next list that is due. With `force` a list that does not end is given up before. */
  #request(force: boolean): Step {
    if (force && this.#current !== null) {
      this.#failed(this.#current);
    }
    const name = this.#wanted.find((one) => this.#due.has(one));
    if (this.#current !== null || name === undefined || (!force && this.#failures >= FAILURES_AT_ONCE)) {
      return 'done';
    }
    if (!this.#isOrdered) {
      // Its answer is read before the list is requested: a small receive buffer may not hold both.
      this.#isOrdered = true;
      this.#socket.send(barrier());
      return 'more';
    }
    this.#due.delete(name);
    this.#current = name;
    this.#lists[name].begin();
    const sent = this.#socket.send(listRequest(name, this.#session.expectDump()));
    if (sent < 0) {
      this.#refused(-sent);
    }
    return 'more';
  }

  #listEnd(interrupted: boolean): void {
    const name = this.#current;
    if (name === null) {
      return;
    }
    if (interrupted || this.#session.stale) {
      this.#counters.interrupted += 1;
      this.#failed(name);
      return;
    }
    this.#current = null;
    this.#failures = 0;
    this.#refusal = null;
    this.#counters.lists += 1;
    this.#unknown.delete(name);
    this.#lists[name].end();
  }

  #refused(errno: number): void {
    this.#counters.refused += 1;
    this.#refusal = errno;
    if (this.#current !== null) {
      this.#failed(this.#current);
    }
  }

  #failed(name: ListName): void {
    this.#current = null;
    this.#failures += 1;
    this.#lists[name].giveUp();
    this.#due.add(name);
  }

  #overrun(): void {
    this.#counters.overruns += 1;
    this.#session.missed();
    this.missed();
  }

  #message(message: NetlinkMessage, listed: boolean): void {
    const payload = payloadOf(message);
    if (listed) {
      if (this.#current !== null) {
        this.#lists[this.#current].add(payload);
      }
      return;
    }
    switch (message.type) {
      case rtm.RTM_NEWLINK:
      case rtm.RTM_DELLINK:
        notify(this.#lists.links, payload, message.type === rtm.RTM_NEWLINK);
        break;
      case rtm.RTM_NEWADDR:
      case rtm.RTM_DELADDR:
        notify(this.#lists.addresses, payload, message.type === rtm.RTM_NEWADDR);
        if (message.type === rtm.RTM_DELADDR) {
          // Routes that prefer it as their source go without a message (fib_sync_down_addr()), or prefer none from then on
          // (rt6_remove_prefsrc()).
          this.#ask(payload[ADDRESS_FAMILY] === families.AF_INET ? 'ipv4' : 'ipv6');
        }
        break;
      case rtm.RTM_NEWROUTE:
      case rtm.RTM_DELROUTE:
        this.#route(message, payload);
        break;
      case rtm.RTM_NEWNEIGH:
      case rtm.RTM_DELNEIGH:
        notify(this.#lists.neighbours, payload, message.type === rtm.RTM_NEWNEIGH);
        break;
      case rtm.RTM_NEWNEXTHOP:
      case rtm.RTM_DELNEXTHOP:
        this.#askReferring(objectReference(decodeNextHopObject(payload).id), ['ipv4', 'ipv6']);
        break;
      default:
    }
  }

  #route({ type, flags }: NetlinkMessage, payload: Uint8Array): void {
    const name = payload[ROUTE_FAMILY] === families.AF_INET ? 'ipv4' : 'ipv6';
    if (!notifyRoute(this.#lists[name], payload, { isNew: type === rtm.RTM_NEWROUTE, flags })) {
      this.#ask(name);
    }
  }

  /**
   * A link was set up or down, lost its carrier, has another name or is gone. Its routes of IPv4 may have gone without a message,
   * and those that stay may be dead or without a carrier.
   */
  #linkChanged(index: number): void {
    this.#askReferring(linkReference(index), ['addresses', 'ipv4', 'ipv6', 'neighbours']);
  }

  /** Reads lists again that have entries of it, or may have some in the list that is being received. */
  #askReferring(reference: string, names: readonly Exclude<ListName, 'links'>[]): void {
    for (const name of names) {
      if (name === this.#current || this.#lists[name].table.refersTo(reference)) {
        this.#ask(name);
      }
    }
  }

  #ask(name: ListName): void {
    this.#isOrdered = false;
    if (this.#wanted.includes(name)) {
      this.#due.add(name);
    }
  }
}

/** A notification that says by itself what the entry is now. */
function notify<Entry>(list: KeptList<Entry>, payload: Uint8Array, isNew: boolean): void {
  const found = list.read(payload);
  if (found !== null) {
    list.notify(found.key, isNew ? found.entry : null);
  }
}
