import { OwnedFd, openSocket } from '@ifdepd/libc';
import { describe, expect, test } from 'vitest';
import { bsdLayouts } from '../../src/bsd/layouts/index.ts';
import { type ScriptedBsd, scriptedBsd } from '../../src/index.ts';

type System = keyof typeof bsdLayouts;

const systems = Object.keys(bsdLayouts) as System[];
const EPERM = 1;
const EBADF = 9;
const EINVAL = 22;

function routeSocket({ libc }: ScriptedBsd, system: System, protocol = 0): number {
  const { SOCK_RAW, SOCK_NONBLOCK } = libc.target.socket;
  return openSocket(libc, bsdLayouts[system].AF_ROUTE, SOCK_RAW | SOCK_NONBLOCK, protocol, 'routing socket')
    .fd;
}

/** The types of the messages that wait, or the negated errno of a read that failed otherwise than with EAGAIN. */
function drain({ libc }: ScriptedBsd, fd: number, size = 2048): number[] {
  const into = new Uint8Array(size);
  const types: number[] = [];
  for (;;) {
    const received = libc.recvfrom(fd, into, 0, null);
    if (received === -libc.target.errnoOf.EAGAIN) {
      return types;
    }
    types.push(received < 0 ? received : (into[3] ?? 0));
  }
}

function word(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** Up and down: a message each. */
function flap(kernel: ScriptedBsd, times: number): void {
  for (let round = 0; round < times; round += 1) {
    kernel.setAdmin('em0', kernel.flags('em0') % 2 === 0 ? 'up' : 'down');
  }
}

describe.each(systems)('%s', (system) => {
  const layout = bsdLayouts[system];
  const { RTM_IFINFO, RTM_DESYNC } = layout.rtm;

  test('an overflow of the default buffer is silent, or reported once in the way of the system', () => {
    const kernel = scriptedBsd(system);
    kernel.attach('em0', null);
    const fd = routeSocket(kernel, system);
    flap(kernel, 200);
    const types = drain(kernel, fd);
    const capacity = { freebsd: 48, netbsd: 16, netbsd7: 16, openbsd: 32, dragonfly: 32, darwin: 32 }[system];
    expect(types.filter((type) => type === RTM_IFINFO)).toHaveLength(capacity);
    expect(types.filter((type) => type !== RTM_IFINFO)).toEqual(RTM_DESYNC === null ? [] : [RTM_DESYNC]);
    flap(kernel, 1);
    expect(drain(kernel, fd)).toContain(RTM_IFINFO);
  });

  test('SO_RERROR makes an overflow ENOBUFS, once and before the queued messages', () => {
    const { SO_RERROR } = layout;
    const kernel = scriptedBsd(system);
    kernel.attach('em0', null);
    const fd = routeSocket(kernel, system);
    const { SOL_SOCKET } = kernel.libc.target.socket;
    if (SO_RERROR === null) {
      expect(kernel.libc.setsockopt(fd, SOL_SOCKET, 0x4000, word(1))).toBe(-EINVAL);
      return;
    }
    expect(kernel.libc.setsockopt(fd, SOL_SOCKET, SO_RERROR, word(1))).toBe(0);
    flap(kernel, 200);
    const [first, ...others] = drain(kernel, fd);
    expect(first).toBe(-kernel.libc.target.errnoOf.ENOBUFS);
    expect(others.every((type) => type === RTM_IFINFO)).toBe(true);
    expect(drain(kernel, fd)).toEqual([]);
  });

  test('SO_RCVBUF grows to a limit, and a larger one is ENOBUFS and keeps the old size', () => {
    const kernel = scriptedBsd(system);
    const fd = routeSocket(kernel, system);
    const { SOL_SOCKET, SO_RCVBUF } = kernel.libc.target.socket;
    const size = () => {
      const value = new Uint8Array(4);
      kernel.libc.getsockopt(fd, SOL_SOCKET, SO_RCVBUF, value);
      return new DataView(value.buffer).getUint32(0, true);
    };
    expect(size()).toBe(8192);
    expect(kernel.libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, word(200_000))).toBe(0);
    expect(kernel.libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, word(1_900_000))).toBe(-55);
    expect(size()).toBe(200_000);
  });

  test('a socket with a family as protocol gets addresses only', () => {
    const kernel = scriptedBsd(system);
    const inet = routeSocket(kernel, system, kernel.libc.target.socket.AF_INET);
    kernel.attach('em0', null);
    kernel.setAdmin('em0', 'up');
    expect(drain(kernel, inet)).toEqual([]);
    kernel.addAddress('em0');
    const { RTM_NEWADDR, RTM_NEWMADDR } = layout.rtm;
    expect(drain(kernel, inet)).toEqual([RTM_NEWADDR, RTM_NEWMADDR].filter((type) => type !== null));
  });

  test('a message that does not fit is cut, and its rest is lost', () => {
    const kernel = scriptedBsd(system);
    kernel.attach('em0', null);
    const fd = routeSocket(kernel, system);
    flap(kernel, 1);
    const count = layout.behaviour.up.length;
    expect(kernel.libc.recvfrom(fd, new Uint8Array(10), 0, null)).toBe(10);
    expect(drain(kernel, fd)).toHaveLength(count - 1);
  });

  test('a filter accepts the types that it names', () => {
    const { filter } = layout;
    const kernel = scriptedBsd(system);
    const fd = routeSocket(kernel, system);
    if (filter === null) {
      expect(kernel.libc.setsockopt(fd, layout.AF_ROUTE, 1, word(1))).toBe(-EINVAL);
      return;
    }
    const value = filter.takes === 'mask' ? word(1 << RTM_IFINFO) : Uint8Array.of(RTM_IFINFO);
    expect(kernel.libc.setsockopt(fd, filter.level, filter.option, value)).toBe(0);
    kernel.attach('em0', null);
    kernel.addAddress('em0');
    kernel.setAdmin('em0', 'down');
    expect(new Set(drain(kernel, fd))).toEqual(new Set([RTM_IFINFO]));
  });

  test('a blocking read of an empty queue throws, because it would hang', () => {
    const kernel = scriptedBsd(system);
    const { libc } = kernel;
    const fd = libc.socket(layout.AF_ROUTE, libc.target.socket.SOCK_RAW, 0);
    expect(() => libc.recvfrom(fd, new Uint8Array(9), 0, null)).toThrow('would block for ever');
    const { MSG_DONTWAIT } = libc.target.socket;
    expect(libc.recvfrom(fd, new Uint8Array(9), MSG_DONTWAIT, null)).toBe(-libc.target.errnoOf.EAGAIN);
  });

  test('a closed descriptor is refused', () => {
    const { libc } = scriptedBsd(system);
    const fd = libc.socket(layout.AF_ROUTE, libc.target.socket.SOCK_RAW, 0);
    new OwnedFd(libc, fd).close();
    const calls = [
      libc.close(fd),
      libc.recvfrom(fd, new Uint8Array(9), 0, null),
      libc.ioctl(fd, layout.ioctl.SIOCGIFFLAGS, new Uint8Array(144)),
      libc.setsockopt(fd, 0, 0, word(0)),
      libc.fcntl(fd, 3, 0),
    ];
    expect(calls).toEqual(calls.map(() => -EBADF));
  });

  test('a watch is called back by the event loop until the queue is empty', async () => {
    const kernel = scriptedBsd(system);
    kernel.attach('em0', null);
    const fd = routeSocket(kernel, system);
    const sizes: number[] = [];
    const into = new Uint8Array(2048);
    await new Promise<void>((resolve) => {
      // One message a call, though several wait.
      const watch = kernel.libc.readable(fd, () => {
        sizes.push(kernel.libc.recvfrom(fd, into, 0, null));
        if (sizes.length === 3) {
          watch[Symbol.dispose]();
          resolve();
        }
      });
      flap(kernel, 3);
    });
    expect(sizes).toEqual([layout.if_msghdr.size, layout.if_msghdr.size, layout.if_msghdr.size]);
    flap(kernel, 1);
    kernel.turn();
    expect(sizes).toHaveLength(3);
  });

  test('only root may make changes', () => {
    const kernel = scriptedBsd(system);
    const { libc } = kernel;
    kernel.attach('em0');
    const fd = libc.socket(libc.target.socket.AF_INET, libc.target.socket.SOCK_DGRAM, 0);
    const request = new Uint8Array(144);
    request.set(Buffer.from('em0'));
    request[16] = 1;
    kernel.privileged = false;
    expect(libc.ioctl(fd, layout.ioctl.SIOCSIFFLAGS, request)).toBe(-EPERM);
    expect(libc.ioctl(fd, layout.ioctl.SIOCSIFMETRIC, request)).toBe(-EPERM);
    expect(libc.ioctl(fd, layout.ioctl.SIOCGIFFLAGS, request)).toBe(0);
    kernel.privileged = true;
    request[16] = 3;
    expect(libc.ioctl(fd, layout.ioctl.SIOCSIFFLAGS, request)).toBe(0);
    expect(kernel.flags('em0') % 2).toBe(1);
  });
});

test('FreeBSD refuses 8, 4 and 2 MiB of SO_RCVBUF, grants 1 MiB, and silently drops messages after 4,096', () => {
  const kernel = scriptedBsd('freebsd');
  const fd = routeSocket(kernel, 'freebsd');
  const { SOL_SOCKET, SO_RCVBUF } = kernel.libc.target.socket;
  const MiB = 2 ** 20;
  const ask = (bytes: number) => kernel.libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, word(bytes));
  expect([8, 4, 2, 1].map((size) => ask(size * MiB))).toEqual([-55, -55, -55, 0]);
  kernel.attach('em0');
  kernel.setAdmin('em0', 'up');
  for (let round = 0; round < 2500; round += 1) {
    kernel.carrier('em0', 'down');
    kernel.carrier('em0', 'up');
  }
  expect(drain(kernel, fd)).toHaveLength(4096);
  expect(kernel.libc.recvfrom(fd, new Uint8Array(64), 0, null)).toBe(-35);
});

describe('kernel events of macOS', () => {
  const kernel = scriptedBsd('darwin');
  const { libc } = kernel;
  const { SOCK_RAW, SOCK_NONBLOCK } = libc.target.socket;
  const { fd } = openSocket(libc, 32, SOCK_RAW | SOCK_NONBLOCK, 1, 'kernel event socket');

  /** The number of waiting events. */
  function drainEvents(on: number): number {
    const into = new Uint8Array(256);
    let count = 0;
    while (libc.recvfrom(on, into, 0, null) > 0) {
      count += 1;
    }
    return count;
  }

  /** Codes and names of the events that wait. */
  function events(): string[] {
    const into = new Uint8Array(256);
    const found: string[] = [];
    for (let size = libc.recvfrom(fd, into, 0, null); size > 0; size = libc.recvfrom(fd, into, 0, null)) {
      const view = new DataView(into.buffer);
      expect([view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)]).toEqual([
        size,
        1,
        1,
      ]);
      const name = Buffer.from(into.subarray(32, 48)).toString().replace(/\0.*$/s, '');
      found.push(`${view.getUint32(20, true)} ${name}${view.getUint32(28, true)}`);
    }
    return found;
  }

  test('kernel events come after SIOCSKEVFILT and report the links that the routing socket does not', () => {
    const route = routeSocket(kernel, 'darwin');
    kernel.attach('en0');
    expect(events()).toEqual([]);
    expect(libc.ioctl(fd, bsdLayouts.darwin.ioctl.SIOCSKEVFILT, new Uint8Array(12))).toBe(0);
    kernel.setAdmin('en0', 'up');
    expect(events()).toEqual(['13 en0', '1 en0']);
    drain(kernel, route);
    kernel.carrier('en0', 'down');
    kernel.carrier('en0', 'up');
    expect(events()).toEqual(['12 en0', '13 en0']);
    kernel.detach('en0');
    expect(events()).toEqual(['11 en0']);
    expect(drain(kernel, route)).toEqual([14]);
  });

  test('only the kernel events of the filter come', () => {
    const { fd: links } = openSocket(libc, 32, SOCK_RAW | SOCK_NONBLOCK, 1, 'kernel event socket');
    // Apple, network, data link.
    const request = new Uint8Array(Uint32Array.of(1, 1, 2).buffer);
    expect(libc.ioctl(links, bsdLayouts.darwin.ioctl.SIOCSKEVFILT, request)).toBe(0);
    kernel.attach('en1');
    events();
    drainEvents(links);
    kernel.addAddress('en1');
    expect(events()).toEqual(['1 en1']);
    expect(drainEvents(links)).toBe(0);
    kernel.setAdmin('en1', 'down');
    expect(drainEvents(links)).toBe(1);
  });

  test('32 KiB of kernel events wait, and further ones are dropped silently', () => {
    kernel.attach('en2');
    kernel.setAdmin('en2', 'up');
    events();
    for (let round = 0; round < 100; round += 1) {
      kernel.carrier('en2', 'down');
      kernel.carrier('en2', 'up');
    }
    expect(events()).toHaveLength((32 * 1024) / 256);
  });

  test('kernel events do not come on another socket', () => {
    const control = libc.socket(libc.target.socket.AF_INET, libc.target.socket.SOCK_DGRAM, 0);
    expect(libc.ioctl(control, bsdLayouts.darwin.ioctl.SIOCSKEVFILT, new Uint8Array(12))).toBe(-25);
    expect(scriptedBsd('freebsd').libc.socket(32, 3, 1)).toBe(-47);
  });
});
