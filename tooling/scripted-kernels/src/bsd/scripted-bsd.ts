import { type Libc, type Result, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { Carps, type ScriptedCarp } from './carps.ts';
import { ioctl, type Kernel } from './ioctls.ts';
import { Layers, type ScriptedLayer } from './layers.ts';
import { bsdLayouts } from './layouts/index.ts';
import { Messages } from './messages.ts';
import { Sockets } from './sockets.ts';
import { World } from './world.ts';

const EPERM = 1;
const ENOENT = 2;

/** Seconds: no two scripted kernels start at the same time. */
let lastBoot = 1_800_000_000;

/** A BSD kernel that exists only in a test: {@link scriptedBsd}. Names of interfaces that are not there throw. */
export interface ScriptedBsd {
  /** What the code under test is given. */
  readonly libc: Libc;
  /** Whether the process is root: what changes something is refused with EPERM otherwise. Default: true. */
  privileged: boolean;
  /** A new network card; `carrier` null: an interface without media. Down at first, its link unknown. */
  attach(name: string, carrier?: 'up' | 'down' | null): void;
  /** The same with a driver that tells no link state: its carrier is in SIOCGIFMEDIA alone, and makes no message. */
  attachSilent(name: string, carrier?: 'up' | 'down'): void;
  /** An interface that has nothing to work on: up, it never runs and never knows its link. A gif without a tunnel. */
  attachIdle(name: string): void;
  /** FreeBSD: a vlan, lagg or bridge over other interfaces. */
  attachOver(name: string, kind: ScriptedLayer, below: readonly string[]): void;
  /** FreeBSD: the routing table that its addresses are in. The sockets of whoever watches are of table 0. */
  setFib(name: string, fib: number): void;
  detach(name: string): void;
  /** FreeBSD and DragonFly. */
  rename(from: string, to: string): void;
  /** As somebody else's ifconfig. */
  setAdmin(name: string, to: 'up' | 'down'): void;
  /** Pulls the cable, or plugs it in. */
  carrier(name: string, to: 'up' | 'down'): void;
  /** Sets the link state itself, media or not. */
  link(name: string, to: 'unknown' | 'down' | 'up'): void;
  /** Adds an IPv4 address: sets the interface up, told or not. */
  addAddress(name: string): void;
  /**
   * A new carp over `parent`: `carp0`, or `1@em0` where a vhid belongs to its parent. Backup at once where its parent
   * is up; never master by itself.
   *
   * @param family of the addresses of a vhid: what is told of its states depends on it. Default: `inet`
   */
  createCarp(
    name: string,
    parent: string,
    vhid: number,
    advskew?: number,
    family?: ScriptedCarp['family'],
  ): void;
  /** A vhid that is backup gets an address. */
  giveAddress(name: string): void;
  /** Somebody else sets its advskew, which is told to nobody. */
  setAdvskew(name: string, advskew: number): void;
  /** FreeBSD: `net.inet.carp.allow`. Off, every vhid is INIT; told to nobody. */
  allowCarp(allowed: boolean): void;
  /** What the peers' advertisements make of it: nothing while it is in INIT. */
  elect(name: string, state: 'master' | 'backup'): void;
  /** What a carp is now. */
  carp(name: string): Readonly<ScriptedCarp>;
  /** Somebody else sets flags that no message is about, besides those there are. */
  addFlags(name: string, flags: number): void;
  /** The flags of an interface, all of them. */
  flags(name: string): number;
  /** The machine's demotion counter, or that of OpenBSD's group carp. */
  demotion(): number;
  /** Somebody else adds to it. */
  demote(delta: number): void;
  /** Turns the event loop once, now, for those who watch a descriptor; it also turns by itself. */
  turn(): void;
}

/**
 * A BSD's interfaces, ioctls, routing sockets and carp(4), in memory: what FreeBSD 13.0 and NetBSD 7.99.34 were seen
 * to do, and for OpenBSD, DragonFly and macOS what their sources say. Overflow is as silent as it is there, a downed
 * interface is told with IFF_RUNNING still set, an index is used again at once.
 *
 * Its layouts are written apart from those of the packages that read them, so that each checks the other.
 */
export function scriptedBsd(system: keyof typeof bsdLayouts): ScriptedBsd {
  const layout = bsdLayouts[system];
  const target = targetOf(layout.platform);
  const sockets = new Sockets(target, layout, () => new Messages(layout).desync());
  const world = new World(layout, sockets);
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
  /** struct timeval: when this kernel started. */
  const bootTime = new Uint8Array(16);
  new DataView(bootTime.buffer).setBigInt64(0, BigInt(lastBoot), true);

  function sysctl(mib: readonly number[], into: Uint8Array | null): Result {
    if ('mib' in target.bootId && mib.join() === target.bootId.mib.join()) {
      into?.set(bootTime.subarray(0, into.byteLength));
      return bootTime.byteLength;
    }
    if (mib.join() !== layout.iflist.join()) {
      return -ENOENT;
    }
    const list = world.list();
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
      // What is written is added.
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
        throw new RangeError(`what stands on other interfaces was not observed on ${system}`);
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
        throw new RangeError(`${system} has no net.inet.carp.allow that is scripted`);
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
