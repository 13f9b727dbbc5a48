import { linux } from '@ifdepd/netlink';
import type { Device } from './device.ts';
import type { DeviceEvent } from './driver.ts';
import type { LinuxKernel } from './kernel.ts';
import { errno, iff } from './numbers.ts';

const { route: numbers } = linux;

/** An address of IPv4. */
export interface Address4 {
  readonly device: Device;
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** A route of IPv4 in the main or the local table. */
export interface Route4 {
  readonly device: Device;
  readonly destination: Uint8Array;
  readonly length: number;
  readonly gateway: Uint8Array | null;
  /** The address that packets are sent from; null where the kernel chooses. */
  readonly source: Uint8Array | null;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  /** RTN_* */
  readonly type: number;
}

/** What a kernel does with a message about an address or a route. */
export interface Notifier4 {
  address(type: 'new' | 'deleted', address: Address4): void;
  route(type: 'new' | 'deleted', route: Route4): void;
}

/**
 * Addresses and routes of IPv4: net/ipv4/devinet.c and fib_frontend.c. A link that goes down takes its routes with it, and no message
 * says so. Those that follow from an address come back with the link; those that a program set do not.
 */
export class Ipv4 {
  readonly addresses: Address4[] = [];
  readonly routes: Route4[] = [];
  readonly #notifier: Notifier4;

  constructor(kernel: LinuxKernel, notifier: Notifier4) {
    this.#notifier = notifier;
    kernel.follows((_, device, event) => this.#linkEvent(device, event));
  }

  /** RTM_NEWADDR. @returns 0 or a positive errno */
  addAddress(device: Device, bytes: Uint8Array, length: number): number {
    if (this.addresses.some((one) => one.device === device && same(one.bytes, bytes))) {
      return errno.EEXIST;
    }
    const address = { device, bytes, length };
    this.addresses.push(address);
    this.#notifier.address('new', address);
    this.#addRoutesOf(address);
    return 0;
  }

  /** RTM_DELADDR. @returns 0 or a positive errno */
  deleteAddress(device: Device, bytes: Uint8Array): number {
    const at = this.addresses.findIndex((one) => one.device === device && same(one.bytes, bytes));
    const [address] = at < 0 ? [] : this.addresses.splice(at, 1);
    if (address === undefined) {
      return EADDRNOTAVAIL;
    }
    this.#notifier.address('deleted', address);
    // fib_del_ifaddr(): the address itself comes last.
    const [own, ...others] = routesOf(address);
    for (const route of [...others, own]) {
      this.#remove((one) => route !== undefined && sameRoute(one, route), true);
    }
    // fib_sync_down_addr(): silently.
    this.#remove(({ source }) => source !== null && same(source, bytes), false);
    return 0;
  }

  /** RTM_NEWROUTE of a program. @returns 0 or a positive errno */
  addRoute(route: Route4): number {
    const { device, gateway } = route;
    if (gateway === null && !device.up) {
      return ENETDOWN;
    }
    if (gateway !== null && !this.#reaches(device, gateway)) {
      return ENETUNREACH;
    }
    if (this.routes.some((one) => one.table === route.table && sameNet(one, route))) {
      return errno.EEXIST;
    }
    this.routes.push(route);
    this.#notifier.route('new', route);
    return 0;
  }

  /** RTM_DELROUTE. @returns 0 or a positive errno */
  deleteRoute(net: Pick<Route4, 'destination' | 'length'>): number {
    const route = this.routes.find((one) => one.table === numbers.RT_TABLE_MAIN && sameNet(one, net));
    if (route === undefined) {
      return ESRCH;
    }
    this.#remove((one) => one === route, true);
    return 0;
  }

  /** fib_check_nh(): whether a router is in a net of the link. */
  #reaches(device: Device, gateway: Uint8Array): boolean {
    return this.routes.some(
      ({ device: on, type, scope, destination, length }) =>
        on === device &&
        type === numbers.RTN_UNICAST &&
        scope === numbers.RT_SCOPE_LINK &&
        same(masked(gateway, length, 0), destination),
    );
  }

  #addRoutesOf(address: Address4): void {
    for (const route of routesOf(address)) {
      const stays = isOwn(route);
      if ((stays || address.device.up) && !this.routes.some((one) => sameRoute(one, route))) {
        this.routes.push(route);
        this.#notifier.route('new', route);
      }
    }
  }

  #remove(is: (route: Route4) => boolean, reported: boolean): void {
    for (const route of this.routes.filter(is)) {
      this.routes.splice(this.routes.indexOf(route), 1);
      if (reported) {
        this.#notifier.route('deleted', route);
      }
    }
  }

  #linkEvent(device: Device, event: DeviceEvent): void {
    const isLoopback = (device.flags & iff.IFF_LOOPBACK) !== 0;
    if (event === 'up' && isLoopback && !this.addresses.some((one) => one.device === device)) {
      this.addAddress(device, Uint8Array.of(127, 0, 0, 1), 8);
    } else if (event === 'up') {
      for (const address of this.addresses.filter((one) => one.device === device)) {
        this.#addRoutesOf(address);
      }
    } else if (event === 'down') {
      // fib_sync_down_dev() and fib_flush(): local routes stay.
      this.#remove((route) => route.device === device && route.type !== numbers.RTN_LOCAL, false);
    } else if (event === 'name') {
      // inetdev_changename(): the label changes.
      for (const address of this.addresses.filter((one) => one.device === device)) {
        this.#notifier.address('new', address);
      }
    } else if (event === 'unregister') {
      for (const { bytes } of this.addresses.filter((one) => one.device === device)) {
        this.deleteAddress(device, bytes);
      }
      this.#remove((route) => route.device === device, false);
    }
  }
}

/** fib_add_ifaddr(): the address itself, its net, and the last address of the net. */
function routesOf({ device, bytes, length }: Address4): Route4[] {
  const common = { device, gateway: null, source: bytes, protocol: numbers.RTPROT_KERNEL };
  const local = { ...common, table: numbers.RT_TABLE_LOCAL };
  const loopback = (device.flags & iff.IFF_LOOPBACK) !== 0;
  const net = masked(bytes, length, 0);
  const routes: Route4[] = [
    { ...local, destination: bytes, length: 32, scope: numbers.RT_SCOPE_HOST, type: numbers.RTN_LOCAL },
  ];
  if (length < 32) {
    routes.push(
      loopback
        ? { ...local, destination: net, length, scope: numbers.RT_SCOPE_HOST, type: numbers.RTN_LOCAL }
        : {
            ...common,
            table: numbers.RT_TABLE_MAIN,
            destination: net,
            length,
            scope: numbers.RT_SCOPE_LINK,
            type: numbers.RTN_UNICAST,
          },
    );
  }
  if (length < 31) {
    routes.push({
      ...local,
      destination: masked(bytes, length, 0xff),
      length: 32,
      scope: numbers.RT_SCOPE_LINK,
      type: numbers.RTN_BROADCAST,
    });
  }
  return routes;
}

/** Whether it leads to an address of this host, with or without a link that is up. */
function isOwn({ type, length }: Route4): boolean {
  return type === numbers.RTN_LOCAL && length === 32;
}

/** asm-generic/errno.h */
const [ESRCH, EADDRNOTAVAIL, ENETDOWN, ENETUNREACH] = [3, 99, 100, 101];

/** The address with all bits behind the first ones cleared, or set. */
function masked(bytes: Uint8Array, length: number, rest: 0 | 0xff): Uint8Array {
  return bytes.map((byte, at) => {
    const mask = (0xff << (8 - Math.min(8, Math.max(0, length - 8 * at)))) & 0xff;
    return (byte & mask) | (rest & ~mask & 0xff);
  });
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function sameNet(
  one: Pick<Route4, 'destination' | 'length'>,
  other: Pick<Route4, 'destination' | 'length'>,
): boolean {
  return one.length === other.length && same(one.destination, other.destination);
}

function sameRoute(one: Route4, other: Route4): boolean {
  return (
    one.table === other.table && one.device === other.device && one.type === other.type && sameNet(one, other)
  );
}
