import { type Libc, type Result, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { Carps, type ScriptedCarp } from './carps.ts';
import { ioctl, type Kernel } from './ioctls.ts';
import { Layers, type ScriptedLayer } from './layers.ts';
import { bsdLayouts } from './layouts/index.ts';
import { Messages } from './messages.ts';
import { RouteTable } from './route-table.ts';
import { netOf } from './socket-addresses.ts';
import { Sockets } from './sockets.ts';
import { World } from './world.ts';

const EPERM = 1;
const ENOENT = 2;

/** Seconds of the last start, because no two scripted kernels start at the same time. */
let lastBoot = 1_800_000_000;

/** A BSD kernel in memory: {@link scriptedBsd}. A name of a missing interface throws. */
export interface ScriptedBsd {
  /** The libc for the code under test. */
  readonly libc: Libc;
  /** Whether the process is root. Otherwise every change is refused with EPERM. Default: true. */
  privileged: boolean;
  /** Adds a network card, or with `carrier` null an interface without media. It is down, and its link is unknown. */
  attach(name: string, carrier?: 'up' | 'down' | null): void;
  /** Adds a network card whose driver reports no link state: only SIOCGIFMEDIA shows its carrier. */
  attachSilent(name: string, carrier?: 'up' | 'down'): void;
  /** Adds an interface that never runs and has an unknown link, such as a gif without a tunnel. */
  attachIdle(name: string): void;
  /** FreeBSD: adds a vlan, lagg or bridge over other interfaces. */
  attachOver(name: string, kind: ScriptedLayer, below: readonly string[]): void;
  /** FreeBSD: sets the routing table of its addresses. The sockets of a watch belong to table 0. */
  setFib(name: string, fib: number): void;
  detach(name: string): void;
  /** FreeBSD and DragonFly: renames an interface. */
  rename(from: string, to: string): void;
  /** Sets an interface up or down as another program would. */
  setAdmin(name: string, to: 'up' | 'down'): void;
  /** Pulls the cable or plugs it in. */
  carrier(name: string, to: 'up' | 'down'): void;
  /** Sets the link state, with and without media. */
  link(name: string, to: 'unknown' | 'down' | 'up'): void;
  /** Adds an IPv4 address, which sets the interface up, with or without a message. */
  addAddress(name: string): void;
  /** Adds an address of the caller's own choice, as `192.0.2.1/24`. IPv6 is written in full. */
  giveOwnAddress(name: string, net: string): void;
  /**
   * Adds a route: `0.0.0.0/0` through a router, or with `gateway` null a net on the link. It is in the list while the interface is up.
   *
   * @param flags RTF_* besides RTF_UP and RTF_GATEWAY. Default: 0
   */
  addRoute(net: string, gateway: string | null, name: string, flags?: number): void;
  /** Deletes the routes to a net. @param silently without a message, as after an overflow. Default: false */
  deleteRoute(net: string, silently?: boolean): void;
  /**
   * Adds a carp over `parent`: `carp0`, or `1@em0` where a vhid belongs to its parent. It is backup at once when its parent is up,
   * and never master by itself.
   *
   * @param family the family of the addresses of a vhid, on which the messages about its state depend. Default: `inet`
   */
  createCarp(
    name: string,
    parent: string,
    vhid: number,
    advskew?: number,
    family?: ScriptedCarp['family'],
  ): void;
  /** Adds an address to a vhid that is backup. */
  giveAddress(name: string): void;
  /** Sets the advskew of a vhid as another program would. No message reports it. */
  setAdvskew(name: string, advskew: number): void;
  /** FreeBSD: sets `net.inet.carp.allow`. When it is off, every vhid is INIT. No message reports it. */
  allowCarp(allowed: boolean): void;
  /** Sets the state of a carp as the advertisements of its peers do. No effect in INIT. */
  elect(name: string, state: 'master' | 'backup'): void;
  /** The current state of a carp. */
  carp(name: string): Readonly<ScriptedCarp>;
  /** Sets more flags as another program would. No message reports them. */
  addFlags(name: string, flags: number): void;
  /** All flags of an interface. */
  flags(name: string): number;
  /** The demotion counter of the machine, or of OpenBSD's group carp. */
  demotion(): number;
  /** Adds to the demotion counter as another program would. */
  demote(delta: number): void;
  /** Calls back every watch of a readable descriptor now. The event loop does so too. */
  turn(): void;
}

/**
 * The interfaces, ioctls, routing sockets and carp(4) of a BSD, in memory. They follow what was observed on FreeBSD 13.0 and NetBSD
 * 7.99.34, and the sources of OpenBSD, DragonFly and macOS. As on the real systems, an overflow is silent, the message of an interface
 * set down still has IFF_RUNNING, and an index is reused at once.
 *
 * The layouts are written apart from those of the packages that read them, so that each checks the other.
 */
export function scriptedBsd(system: keyof typeof bsdLayouts): ScriptedBsd {
  const layout = bsdLayouts[system];
  const target = targetOf(layout.platform);
  const sockets = new Sockets(target, layout, () => new Messages(layout).desync());
  const world = new World(layout, sockets);
  const routes = new RouteTable(layout, sockets);
  const carps = new Carps(world);
  world.carp = carps;
  const layers = new Layers(world);
  world.layers = layers;
  const groups = new Map<string, number>(layout.behaviour.demotion === 'group' ? [['carp', 0]] : []);
  const sysctls = new Map<string, number>(
    layout.behaviour.demotion === 'sysctl' ? [['net.inet.carp.demotion', 0]] : [],
  );
  let privileged = true;

  lastBoot += 1;
  /** struct timeval of the start of this kernel. */
  const bootTime = new Uint8Array(16);
  new DataView(bootTime.buffer).setBigInt64(0, BigInt(lastBoot), true);

  function sysctl(mib: readonly number[], into: Uint8Array | null): Result {
    if ('mib' in target.bootId && mib.join() === target.bootId.mib.join()) {
      into?.set(bootTime.subarray(0, into.byteLength));
      return bootTime.byteLength;
    }
    const list = mib.join() === layout.iflist.join() ? world.list() : routes.list(mib);
    if (list === null) {
      return -ENOENT;
    }
    if (into !== null && into.byteLength < list.byteLength) {
      return -target.errnoOf.ENOMEM;
    }
    into?.set(list);
    return list.byteLength;
  }

  function sysctlbyname(name: string, into: Uint8Array | null, from: Uint8Array | null): Result {
    const value = sysctls.get(name);
    if (value === undefined) {
      return -ENOENT;
    }
    if (from !== null && !privileged) {
      return -EPERM;
    }
    if (into !== null) {
      new DataView(into.buffer, into.byteOffset).setInt32(0, value, true);
    }
    if (from !== null) {
      // The kernel adds the number that is written.
      sysctls.set(name, value + new DataView(from.buffer, from.byteOffset).getInt32(0, true));
    }
    return 4;
  }

  const libc = scriptedLibc(
    {
      socket: (domain, type, protocol) => sockets.socket(domain, type, protocol),
      close: (fd) => sockets.close(fd),
      fcntl: (fd, command, argument) => sockets.fcntl(fd, command, argument),
      setsockopt: (fd, level, option, value) => sockets.setsockopt(fd, level, option, value),
      getsockopt: (fd, level, option, value) => sockets.getsockopt(fd, level, option, value),
      recvfrom: (fd, into, flags) => sockets.recvfrom(fd, into, flags),
      ioctl: (fd, request, argument) => ioctl(kernel, fd, request, argument),
      sysctl,
      sysctlbyname,
      if_nameindex: () => [...world.nics.values()].map(({ index, name }) => ({ index, name })),
    },
    { target, keepCalls: false },
  );

  const kernel: Kernel = {
    layout,
    world,
    carps,
    sockets,
    groups,
    get privileged() {
      return privileged;
    },
    at: (address) => libc.at(address),
  };

  function carpOf(name: string): ScriptedCarp {
    const carp = carps.all.get(name);
    if (carp === undefined) {
      throw new RangeError(`there is no carp ${name}`);
    }
    return carp;
  }

  return {
    libc: { ...libc, readable: (fd, callback) => sockets.readable(fd, callback) },
    get privileged() {
      return privileged;
    },
    set privileged(value) {
      privileged = value;
    },
    attach: (name, carrier = 'up') => void world.attach(name, carrier),
    attachSilent: (name, carrier = 'up') => void world.attach(name, carrier, { silent: true }),
    attachIdle(name) {
      world.attach(name, null).idle = true;
    },
    attachOver(name, kind, below) {
      if (!layout.behaviour.layers) {
        throw new RangeError(`interfaces that stand on others were not observed on ${system}`);
      }
      layers.create(name, kind, below);
    },
    setFib(name, fib) {
      world.get(name).fib = fib;
    },
    detach: (name) => world.detach(name),
    rename: (from, to) => world.rename(from, to),
    setAdmin: (name, to) => world.setAdmin(world.get(name), to),
    carrier: (name, to) => world.carrier(world.get(name), to),
    link: (name, to) => world.link(world.get(name), to),
    addAddress: (name) => world.addAddress(world.get(name)),
    giveOwnAddress: (name, net) => world.giveOwnAddress(world.get(name), netOf(net)),
    addRoute: (net, gateway, name, flags = 0) => routes.add(net, gateway, world.get(name), flags),
    deleteRoute: (net, silently = false) => routes.delete(net, silently),
    createCarp(name, parent, vhid, advskew = 0, family = 'inet') {
      if (layout.behaviour.carp === null) {
        throw new RangeError(`${system} has no carp(4)`);
      }
      carps.create(name, parent, vhid, advskew, family);
    },
    giveAddress: (name) => carps.giveAddress(carpOf(name)),
    setAdvskew(name, advskew) {
      carpOf(name).advskew = advskew;
    },
    allowCarp(allowed) {
      if (layout.behaviour.carp !== 'vhid') {
        throw new RangeError(`net.inet.carp.allow is not scripted on ${system}`);
      }
      carps.allow(allowed);
    },
    elect: (name, state) => carps.elect(carpOf(name), state),
    carp: carpOf,
    addFlags(name, flags) {
      world.get(name).flags |= flags;
    },
    flags: (name) => world.get(name).flags,
    demotion: () => groups.get('carp') ?? sysctls.get('net.inet.carp.demotion') ?? 0,
    demote(delta) {
      for (const [counters, name] of [
        [groups, 'carp'],
        [sysctls, 'net.inet.carp.demotion'],
      ] as const) {
        const value = counters.get(name);
        if (value !== undefined) {
          counters.set(name, value + delta);
        }
      }
    },
    turn: () => sockets.turn(),
  };
}
