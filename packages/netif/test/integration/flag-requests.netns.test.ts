import { loadLibc, must, openSocket, targetOf } from '@ifdepd/libc';
import { enterNewNamespace, ip, until } from '@ifdepd/netlab';
import { beforeEach, expect, test } from 'vitest';
import { openNetIf } from '../../src/index.ts';
import { downRequests, upRequests } from '../../src/linux/index.ts';

const libc = loadLibc();
const [AF_NETLINK, SOCK_RAW] = [16, 3];

beforeEach(() => {
  enterNewNamespace();
});

test('downRequests sent in one datagram set each interface down, change nothing else, and only a failure is answered', async () => {
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp1');
  ip('link', 'set', 'carp0', 'up', 'promisc', 'on', 'mtu', '1400');
  ip('link', 'set', 'carp1', 'up');
  ip('link', 'set', 'lo', 'up');
  using netif = openNetIf();
  using socket = openSocket(libc, AF_NETLINK, SOCK_RAW, 0, 'socket');
  await until('IFF_RUNNING', () => netif.flags('carp0').running);
  const before = netif.flags('carp0').value;
  const requests = downRequests(libc.target, ['carp0', 'gone0', 'carp1']) ?? new Uint8Array();
  expect(must(libc, libc.sendto(socket.fd, requests, 0, null), 'sendto', 'socket')).toBe(requests.byteLength);
  expect(['carp0', 'carp1', 'lo'].map((name) => netif.flags(name).up)).toEqual([false, false, true]);
  // IFF_UP, and IFF_RUNNING, which follows from it.
  expect(before & ~netif.flags('carp0').value).toBe(0x41);
  const answers = () => libc.recvfrom(socket.fd, new Uint8Array(64), libc.target.socket.MSG_DONTWAIT, null);
  // Only what failed is answered: there is no gone0.
  expect(answers()).toBeGreaterThan(0);
  expect(answers()).toBe(-libc.target.errnoOf.EAGAIN);
});

test('upRequests sent in one datagram set each interface up, change nothing else, and only a failure is answered', () => {
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp1');
  ip('link', 'set', 'carp0', 'promisc', 'on', 'mtu', '1400');
  using netif = openNetIf();
  using socket = openSocket(libc, AF_NETLINK, SOCK_RAW, 0, 'socket');
  const before = netif.flags('carp0').value;
  const requests = upRequests(libc.target, ['gone0', 'carp0', 'carp1']) ?? new Uint8Array();
  expect(must(libc, libc.sendto(socket.fd, requests, 0, null), 'sendto', 'socket')).toBe(requests.byteLength);
  expect(['carp0', 'carp1'].map((name) => netif.flags(name).up)).toEqual([true, true]);
  // IFF_UP, and IFF_RUNNING, which follows from it.
  expect((netif.flags('carp0').value & ~before) | 0x40).toBe(0x41);
  expect(before & ~netif.flags('carp0').value).toBe(0);
  const answers = () => libc.recvfrom(socket.fd, new Uint8Array(64), libc.target.socket.MSG_DONTWAIT, null);
  expect(answers()).toBeGreaterThan(0);
  expect(answers()).toBe(-libc.target.errnoOf.EAGAIN);
});

test('downRequests with a reason: protodown and the reason are set, the flag stays as it is', () => {
  ip('link', 'add', 'lower0', 'type', 'veth', 'peer', 'name', 'lower1');
  ip('link', 'add', 'carp0', 'link', 'lower0', 'type', 'macvlan');
  ip('link', 'set', 'carp0', 'up', 'protodown', 'on', 'protodown_reason', '3', 'on');
  using netif = openNetIf();
  using socket = openSocket(libc, AF_NETLINK, SOCK_RAW, 0, 'socket');
  const requests = downRequests(libc.target, [{ name: 'carp0', protoDownReason: 5 }]) ?? new Uint8Array();
  must(libc, libc.sendto(socket.fd, requests, 0, null), 'sendto', 'socket');
  expect(netif.protoDown('carp0')).toMatchObject({ on: true, reasons: 2 ** 3 + 2 ** 5 });
  expect(netif.flags('carp0').up).toBe(true);
});

test.each(['', 'x'.repeat(128), 'a\0b'])('downRequests refuses the name %j', (name) => {
  expect(() => downRequests(libc.target, [name])).toThrow(RangeError);
});

test('downRequests returns null on a system without rtnetlink', () => {
  expect(downRequests(targetOf('openbsd'), ['em0'])).toBeNull();
});
