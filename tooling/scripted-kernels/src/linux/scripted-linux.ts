import { type Libc, type Result, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { linux } from '@ifdepd/netlink';
import { controlRequest } from './control-requests.ts';
import { Descriptors } from './descriptors.ts';
import type { Device } from './device.ts';
import { Ipv4 } from './ipv4.ts';
import { addressMessage, routeMessage } from './ipv4-messages.ts';
import { ALL, LinuxKernel } from './kernel.ts';
import { card, loopback, tap } from './kinds/card.ts';
import { macvlansFollow } from './kinds/macvlan.ts';
import { vlansFollow } from './kinds/vlan.ts';
import { linkMessage, portMessage } from './messages.ts';
import { deliver, newNetlinkSocket, receive, setReceiveBuffer } from './netlink-sockets.ts';
import { errno } from './numbers.ts';
import { takeRequests } from './rtnetlink.ts';
import { readSysfs, sysfsFile } from './sysfs.ts';

const { bpf, rtnlgrp, socket: numbers, struct } = linux;

/** Options of {@link scriptedLinux}. */
export interface ScriptedLinuxOptions {
  /** Calls back in a later turn of the event loop. Default: `setImmediate`. */
  readonly defer?: (callback: () => void) => void;
}

/** A Linux kernel in memory: {@link scriptedLinux}. A name of a missing interface throws. */
export interface ScriptedLinux {
  /** The libc for the code under test. */
  readonly libc: Libc;
  /** Whether the process has CAP_NET_ADMIN. Otherwise every change is refused with EPERM. Default: true. */
  privileged: boolean;
  /** Whether there is no memory for large parts of lists. Default: false. */
  scarce: boolean;
  /** The time of the kernel in milliseconds. It passes only with {@link ScriptedLinux.pass}. */
  now(): number;
  /** Lets time pass, and does what the kernel does meanwhile. */
  pass(ms: number): void;
  /** Adds a network card with a cable in it, down. @param ownLink whether its driver asks the hardware for the link */
  attach(name: string, ownLink?: boolean): void;
  /** Removes a card, as when it is unplugged. */
  detach(name: string): void;
  /** Adds a tap, whose carrier a program sets. */
  attachTap(name: string): void;
  /** Pulls the cable of a card or plugs it in. */
  cable(name: string, to: 'up' | 'down'): void;
  /** The facts of a link. */
  link(name: string): Readonly<Device>;
  /** The same; undefined where there is no such link. */
  find(name: string): Readonly<Device> | undefined;
  /** When the kernel does something next by itself, in its time; null where it has nothing to do. */
  readonly due: number | null;
  /** Whether link_watch has events that wait for the end of its window of a second. */
  readonly waiting: boolean;
  /** Closes the window of link_watch now, as an event of another namespace does. */
  closeWindow(): void;
  /** Calls back every watch of a readable descriptor now. The event loop does so too. */
  turn(): void;
}

/** The links, sockets and ioctls of a Linux, in memory. A test compares them with the kernel on which it runs. */
export function scriptedLinux({ defer = setImmediate }: ScriptedLinuxOptions = {}): ScriptedLinux {
  const target = targetOf('linux');
  const descriptors = new Descriptors(defer);
  const cables = new Map<string, boolean>();
  let clock = 1000;
  let privileged = true;
  let lastPort = 4000;
  const memory = { isScarce: false };

  function broadcast(message: Uint8Array, group: number): void {
    for (const socket of descriptors.sockets) {
      if (socket.protocol === numbers.NETLINK_ROUTE && socket.groups.has(group)) {
        deliver(socket, message);
      }
    }
  }

  const kernel = new LinuxKernel(
    {
      link: (type, device, change) => broadcast(linkMessage(type, device, change), rtnlgrp.RTNLGRP_LINK),
      port: (type, port) => broadcast(portMessage(type, port), rtnlgrp.RTNLGRP_LINK),
    },
    () => clock,
  );
  const ipv4 = new Ipv4(kernel, {
    address: (type, address) => broadcast(addressMessage(type, address), rtnlgrp.RTNLGRP_IPV4_IFADDR),
    route: (type, route) => broadcast(routeMessage(type, route), rtnlgrp.RTNLGRP_IPV4_ROUTE),
  });
  kernel.follows(macvlansFollow);
  kernel.follows(vlansFollow);
  kernel.register(kernel.allocate('lo', loopback, new Uint8Array(6)));

  /** Ends a call: what the kernel does at once happens before anything else. */
  function settled<Answer>(answer: Answer): Answer {
    while (kernel.linkWatch.run(clock)) {
      // One run can cause the next.
    }
    descriptors.changed();
    return answer;
  }

  function get(name: string): Device {
    const device = kernel.byName(name);
    if (device === undefined) {
      throw new RangeError(`there is no interface ${name}`);
    }
    return device;
  }

  function add(name: string, driver: Device['driver']): Device {
    if (kernel.byName(name) !== undefined) {
      throw new RangeError(`an interface ${name} exists already`);
    }
    const device = kernel.allocate(name, driver, null);
    kernel.register(device);
    kernel.report('new', device, ALL);
    return settled(device);
  }

  function setsockopt(fd: number, level: number, option: number, value: Uint8Array): Result {
    const descriptor = descriptors.get(fd);
    if (descriptor?.is !== 'netlink') {
      return descriptor === undefined ? -errno.EBADF : 0;
    }
    const { socket } = descriptor;
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    if (level === numbers.SOL_NETLINK) {
      if (option === numbers.NETLINK_ADD_MEMBERSHIP) {
        socket.groups.add(view.getUint32(0, true));
      }
      return 0;
    }
    switch (option) {
      case target.socket.SO_RCVBUF:
        setReceiveBuffer(socket, view.getUint32(0, true));
        return 0;
      case numbers.SO_RCVBUFFORCE:
        if (!privileged) {
          return -errno.EPERM;
        }
        setReceiveBuffer(socket, view.getUint32(0, true));
        return 0;
      case numbers.SO_ATTACH_FILTER:
        return attachFilter(socket, view);
      case numbers.SO_DETACH_FILTER: {
        const had = socket.program !== null;
        socket.program = null;
        return had ? 0 : -errno.ENOENT;
      }
      default:
        return -errno.EINVAL;
    }
  }

  function attachFilter(socket: { program: unknown }, fprog: DataView): Result {
    const length = fprog.getUint16(linux.sock_fprog.len, true);
    if (length === 0 || length > bpf.BPF_MAXINSNS) {
      return -errno.EINVAL;
    }
    const bytes = libc.at(fprog.getBigUint64(linux.sock_fprog.filter, true));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    socket.program = Array.from({ length }, (_, at) => ({
      code: view.getUint16(at * struct.sock_filter.size, true),
      jt: view.getUint8(at * struct.sock_filter.size + 2),
      jf: view.getUint8(at * struct.sock_filter.size + 3),
      k: view.getUint32(at * struct.sock_filter.size + 4, true),
    }));
    return 0;
  }

  const libc = scriptedLibc(
    {
      socket(domain, type, protocol) {
        if (domain === numbers.AF_NETLINK) {
          lastPort += 1;
          const blocking = (type & target.socket.SOCK_NONBLOCK) === 0;
          return descriptors.add({
            is: 'netlink',
            socket: newNetlinkSocket(lastPort, protocol, blocking, memory),
          });
        }
        return domain === numbers.AF_INET ? descriptors.add({ is: 'control' }) : -errno.EAFNOSUPPORT;
      },
      close: (fd) => (descriptors.close(fd) ? 0 : -errno.EBADF),
      bind(fd, address) {
        const descriptor = descriptors.get(fd);
        if (descriptor?.is !== 'netlink') {
          return -errno.EINVAL;
        }
        const groups = new DataView(address.buffer, address.byteOffset).getUint32(8, true);
        for (let group = 1; group <= 32; group += 1) {
          if (((groups >>> (group - 1)) & 1) === 1) {
            descriptor.socket.groups.add(group);
          }
        }
        return 0;
      },
      connect: (fd) => (descriptors.get(fd)?.is === 'netlink' ? 0 : -errno.EINVAL),
      setsockopt,
      sendto(fd, bytes) {
        const descriptor = descriptors.get(fd);
        if (descriptor?.is !== 'netlink') {
          return -errno.EBADF;
        }
        takeRequests({ kernel, ipv4 }, descriptor.socket, bytes, privileged);
        return settled(bytes.byteLength);
      },
      recvfrom(fd, into, flags, from) {
        const descriptor = descriptors.get(fd);
        if (descriptor?.is !== 'netlink') {
          return -errno.EBADF;
        }
        return receive(descriptor.socket, into, from, (flags & target.socket.MSG_TRUNC) !== 0);
      },
      ioctl(fd, request, argument) {
        if (descriptors.get(fd) === undefined) {
          return -errno.EBADF;
        }
        return settled(controlRequest(kernel, request, argument, privileged, libc.at));
      },
      open(path) {
        const file = sysfsFile(kernel, path);
        return file === null ? -errno.ENOENT : descriptors.add({ is: 'file', file });
      },
      pread(fd, into, offset) {
        const descriptor = descriptors.get(fd);
        return descriptor?.is === 'file' ? readSysfs(kernel, descriptor.file, into, offset) : -errno.EBADF;
      },
      if_nameindex: () => [...kernel.devices.values()].map(({ index, name }) => ({ index, name })),
    },
    { target, keepCalls: false },
  );

  return {
    libc: { ...libc, readable: (fd, callback) => descriptors.watch(fd, callback) },
    get privileged() {
      return privileged;
    },
    set privileged(value) {
      privileged = value;
    },
    get scarce() {
      return memory.isScarce;
    },
    set scarce(value) {
      memory.isScarce = value;
    },
    now: () => clock,
    pass(ms) {
      const end = clock + ms;
      for (let due = kernel.linkWatch.due; due !== null && due <= end; due = kernel.linkWatch.due) {
        clock = Math.max(clock, due);
        settled(undefined);
      }
      clock = end;
    },
    attach(name, ownLink) {
      cables.set(name, true);
      const device = add(
        name,
        card(() => cables.get(name) === true, ownLink),
      );
      device.carrier = false;
    },
    detach(name) {
      kernel.unregister([get(name)]);
      settled(undefined);
    },
    attachTap: (name) => void add(name, tap),
    cable(name, to) {
      const device = get(name);
      cables.set(name, to === 'up');
      if (device.running) {
        kernel.setCarrier(device, to === 'up');
      }
      settled(undefined);
    },
    link: get,
    find: (name) => kernel.byName(name),
    get due() {
      return kernel.linkWatch.due;
    },
    get waiting() {
      return kernel.linkWatch.waiting;
    },
    closeWindow: () => kernel.linkWatch.close(clock),
    turn: () => descriptors.turn(),
  };
}
