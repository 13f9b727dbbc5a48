import { targetOf } from '@ifdepd/libc';
import { type ScriptedLibc, scriptedLibc } from '@ifdepd/libc/testing';
import { describe, expect, test } from 'vitest';
import { linux, netlinkAddress, openNetlinkSocket } from '../../src/index.ts';
import { scriptedNetlink } from '../../src/testing/index.ts';

const { bpf, socket } = linux;
const target = targetOf('linux');
const ACCEPT = [{ code: bpf.BPF_RET | bpf.BPF_K, jt: 0, jf: 0, k: 0xffff_ffff }];

function namesOf({ calls }: ScriptedLibc): readonly unknown[] {
  return calls.map(({ name, values }) => (name === 'setsockopt' ? `${name} ${values[2]}` : name));
}

describe('openNetlinkSocket', () => {
  test('a socket has its buffer and its filter before it joins its groups', () => {
    const libc = scriptedNetlink(() => []);
    openNetlinkSocket({
      libc,
      groups: [1, 5, 32],
      receiveBufferBytes: 4096,
      wishes: [socket.NETLINK_EXT_ACK],
      program: ACCEPT,
    });
    expect(namesOf(libc)).toEqual([
      'socket',
      `setsockopt ${socket.SO_RCVBUFFORCE}`,
      `setsockopt ${socket.NETLINK_EXT_ACK}`,
      `setsockopt ${socket.SO_ATTACH_FILTER}`,
      'bind',
    ]);
    const address = libc.calls.at(-1)?.values[1] as Uint8Array;
    expect([...address]).toEqual([16, 0, 0, 0, 0, 0, 0, 0, 0x11, 0, 0, 0x80]);
  });

  test('a socket without groups is not bound: the kernel gives it a port as it sends', () => {
    const libc = scriptedNetlink(() => []);
    openNetlinkSocket({ libc });
    expect(namesOf(libc)).toEqual(['socket']);
    const { SOCK_RAW, SOCK_NONBLOCK, SOCK_CLOEXEC } = target.socket;
    expect(libc.calls[0]?.values).toEqual([16, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0]);
  });

  test('a socket asks for SO_RCVBUF where SO_RCVBUFFORCE is not permitted', () => {
    const libc = scriptedLibc({
      setsockopt: (_fd, _level, option) => (option === socket.SO_RCVBUFFORCE ? -1 : 0),
    });
    openNetlinkSocket({ libc, receiveBufferBytes: 4096 });
    expect(namesOf(libc).slice(1)).toEqual([
      `setsockopt ${socket.SO_RCVBUFFORCE}`,
      `setsockopt ${target.socket.SO_RCVBUF}`,
    ]);
  });

  test.each([
    ['bind', { groups: [1] }],
    ['setsockopt SO_RCVBUF', { receiveBufferBytes: 1 }],
    ['setsockopt SO_ATTACH_FILTER', { program: ACCEPT }],
  ] as const)('a socket that cannot be prepared (%s) is closed again', (syscall, options) => {
    const libc = scriptedLibc({ setsockopt: () => -1 });
    expect(() => openNetlinkSocket({ libc, ...options })).toThrow(expect.objectContaining({ syscall }));
    expect(libc.calls.at(-1)?.name).toBe('close');
  });

  test('an error names the socket by its protocol, or as the caller says', () => {
    const libc = scriptedLibc({ socket: () => -1 });
    const { NETLINK_GENERIC } = socket;
    expect(() => openNetlinkSocket({ libc })).toThrow('rtnetlink socket: ');
    expect(() => openNetlinkSocket({ libc, protocol: NETLINK_GENERIC })).toThrow(/^netlink socket: /);
    expect(() => openNetlinkSocket({ libc, subject: 'sensor' })).toThrow('sensor: ');
  });
});

test.each([
  [{ groups: [33] }, RangeError, 'openNetlinkSocket: a group must be a whole number from 1 to 32, not 33'],
  [{ groups: 1 as never }, TypeError, 'openNetlinkSocket: groups must be an array, not 1'],
  [
    { bufferBytes: 0 },
    RangeError,
    'openNetlinkSocket: bufferBytes must be a whole number from 1 to 2147483647, not 0',
  ],
  [{ receiveBufferBytes: 0.5 }, RangeError, 'openNetlinkSocket: receiveBufferBytes must be a whole number'],
])('an option that is wrong (%j) is refused before a socket is opened', (options, kind, message) => {
  const libc = scriptedNetlink(() => []);
  expect(() => openNetlinkSocket({ libc, ...options })).toThrow(kind);
  expect(() => openNetlinkSocket({ libc, ...options })).toThrow(message);
  expect(libc.calls).toEqual([]);
});

test.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const)(
  'a netlink socket of %s is refused as unsupported, without a system call',
  (system) => {
    const libc = scriptedLibc({}, { target: targetOf(system) });
    expect(() => openNetlinkSocket({ libc })).toThrow(expect.objectContaining({ kind: 'unsupported' }));
    expect(libc.calls).toEqual([]);
  },
);

describe('receive', () => {
  const EINTR = 4;
  test.each([
    [target.errnoOf.EAGAIN, 'nothing'],
    [target.errnoOf.ENOBUFS, 'overrun'],
    [target.errnoOf.ENOMEM, 'overrun'],
  ])('a receive that fails with errno %i brings %s', (errno, type) => {
    const libc = scriptedNetlink(() => []);
    libc.deliver(errno);
    expect(openNetlinkSocket({ libc }).receive().type).toBe(type);
  });

  test('a receive that a signal interrupts goes on', () => {
    const libc = scriptedNetlink(() => []);
    libc.deliver(EINTR, EINTR, new Uint8Array(20));
    expect(openNetlinkSocket({ libc }).receive()).toMatchObject({ type: 'bytes', length: 20 });
  });

  test('a receive that is interrupted a hundred times throws', () => {
    const libc = scriptedLibc({ recvfrom: () => -EINTR });
    expect(() => openNetlinkSocket({ libc }).receive()).toThrow(expect.objectContaining({ code: 'EINTR' }));
  });

  test('a receive that fails in another way throws an error that names the socket', () => {
    const libc = scriptedNetlink(() => []);
    libc.deliver(9);
    expect(() => openNetlinkSocket({ libc }).receive()).toThrow(
      'rtnetlink socket: bad file descriptor (recvfrom: EBADF)',
    );
  });

  test('a datagram that is larger than the buffer is truncated once, and the next one fits', () => {
    const libc = scriptedNetlink(() => []);
    libc.deliver(new Uint8Array(1000), new Uint8Array(1000));
    const netlink = openNetlinkSocket({ libc, bufferBytes: 64 });
    expect(netlink.receive()).toEqual({ type: 'truncated' });
    expect(netlink.receive()).toMatchObject({ type: 'bytes', length: 1000 });
  });

  test('a length that cannot be believed makes the buffer grow to a megabyte, and no further', () => {
    const libc = scriptedLibc({ recvfrom: () => 0x7fff_ffff });
    const netlink = openNetlinkSocket({ libc });
    expect(netlink.receive()).toEqual({ type: 'truncated' });
    expect(netlink.receive()).toEqual({ type: 'truncated' });
    const sizes = libc.calls
      .filter(({ name }) => name === 'recvfrom')
      .map(({ values }) => (values[1] as Uint8Array).byteLength);
    expect(sizes).toEqual([32 * 1024, 1024 * 1024]);
  });

  test('a datagram of another process is foreign', () => {
    const libc = scriptedLibc({
      recvfrom: (_fd, _into, _flags, from) => {
        from?.set(netlinkAddress());
        from?.set([1], 4);
        return 20;
      },
    });
    expect(openNetlinkSocket({ libc }).receive()).toEqual({ type: 'foreign' });
  });
});

test('an attached program is what the pointer in the option leads to', () => {
  const libc = scriptedNetlink(() => []);
  const netlink = openNetlinkSocket({ libc });
  expect(netlink.filter.attach(ACCEPT)).toBe(0);
  const fprog = libc.calls.at(-1)?.values[3] as Uint8Array;
  const view = new DataView(fprog.buffer, fprog.byteOffset, fprog.byteLength);
  expect(view.getUint16(0, true)).toBe(1);
  expect([...libc.at(view.getBigUint64(8, true))]).toEqual([6, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  netlink.filter.detach();
  expect(libc.calls.at(-1)?.values[2]).toBe(socket.SO_DETACH_FILTER);
});

test('a socket calls back when there is something to read, until that is disposed', () => {
  const libc = scriptedNetlink(() => []);
  using netlink = openNetlinkSocket({ libc });
  let woken = 0;
  const watching = netlink.onReadable(() => {
    woken += 1;
  });
  expect(libc.wake(netlink.fd)).toBe(true);
  watching[Symbol.dispose]();
  expect(libc.wake(netlink.fd)).toBe(false);
  expect(woken).toBe(1);
});
