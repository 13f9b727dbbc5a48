import type { BsdLayout } from './layout.ts';
import { Messages } from './messages.ts';
import { IFF_UP, type Nic } from './nic.ts';
import { type Net, netOf } from './socket-addresses.ts';
import type { Sockets } from './sockets.ts';

/** net/route.h, of every BSD and macOS. */
const RTM_ADD = 1;
const RTM_DELETE = 2;
const RTM_GET = 4;
const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;
const NET_RT_DUMP = 1;

interface Route {
  readonly net: Net;
  readonly gateway: string | null;
  readonly nic: Nic;
  readonly flags: number;
}

/** The routes of a scripted kernel, in the table NET_RT_DUMP, and the messages about them. */
export class RouteTable {
  readonly #layout: BsdLayout;
  readonly #sockets: Sockets;
  readonly #messages: Messages;
  #routes: readonly Route[] = [];

  constructor(layout: BsdLayout, sockets: Sockets) {
    this.#layout = layout;
    this.#sockets = sockets;
    this.#messages = new Messages(layout);
  }

  /** @param flags more RTF_* than those of every route */
  add(net: string, gateway: string | null, nic: Nic, flags: number): void {
    const all = flags | RTF_UP | (gateway === null ? 0 : RTF_GATEWAY);
    const route = { net: netOf(net), gateway, nic, flags: all };
    this.#routes = [...this.#routes, route];
    this.#report(RTM_ADD, route);
  }

  delete(net: string, silently: boolean): void {
    const { address, length } = netOf(net);
    const gone = this.#routes.filter((route) => route.net.address === address && route.net.length === length);
    this.#routes = this.#routes.filter((route) => !gone.includes(route));
    for (const route of silently ? [] : gone) {
      this.#report(RTM_DELETE, route);
    }
  }

  /** The list that sysctl(3) gives for these numbers; null for other numbers. */
  list(mib: readonly number[]): Uint8Array | null {
    const [family] = mib.slice(3);
    const wanted = [4, this.#layout.AF_ROUTE, 0, family, NET_RT_DUMP, 0];
    if (mib.join() !== wanted.join()) {
      return null;
    }
    const six = family === this.#layout.AF_INET6;
    const entries = this.#routes.filter(({ net, nic }) => {
      return net.address.includes(':') === six && (nic.flags & IFF_UP) !== 0;
    });
    return Buffer.concat(entries.map((route) => this.#entry(RTM_GET, route)));
  }

  #report(type: number, route: Route): void {
    this.#sockets.route(this.#entry(type, route), 'address');
  }

  #entry(type: number, { net, gateway, nic, flags }: Route): Uint8Array {
    return this.#messages.entry(type, { net, gateway, index: nic.index, flags });
  }
}
