import { readFileSync, readlinkSync } from 'node:fs';
import { loadLibc, openSocket, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { type Cable, cable, enterNewNamespace, ip, settle } from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchLinks } from '../../src/index.ts';
import {
  type Loss,
  type LossSocket,
  openGuardSocket,
  openLossSocket,
  openRepairSocket,
} from '../../src/linux/index.ts';
import { linkRecord, newLink } from '../../src/testing/index.ts';
import { MOST_LOSS_INDICES } from '../../src/wire/link-state-filters.ts';

const libc = loadLibc();
const EAGAIN = 11;
const ECONNREFUSED = 111;
let cables: readonly [em0: Cable, em1: Cable];
let losses: LossSocket;

beforeEach(() => {
  enterNewNamespace();
  cables = [cable('em0'), cable('em1')];
  const opened = openLossSocket({ libc });
  if (opened === null) {
    throw new Error('no socket of losses');
  }
  losses = opened;
});

afterEach(() => {
  losses[Symbol.dispose]();
});

function indexOf(name: string): number {
  using watch = watchLinks({ libc });
  return watch.lookUp(name)?.index ?? 0;
}

/** The messages in the queue. */
function queued(): readonly (Loss | null)[] {
  const into = new Uint8Array(4096);
  const found: (Loss | null)[] = [];
  for (;;) {
    const size = libc.recvfrom(losses.fd, into, libc.target.socket.MSG_DONTWAIT, null);
    if (size === -EAGAIN) {
      return found;
    }
    found.push(losses.read(into.subarray(0, size)));
  }
}

/** The port that the kernel has given the socket: getsockname(2) by way of /proc. */
function portOf(fd: number): number {
  const inode = /\d+/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[0];
  const sockets = readFileSync('/proc/thread-self/net/netlink', 'utf8').split('\n');
  // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
  const fields = sockets.map((line) => line.trim().split(/\s+/)).find((words) => words.at(-1) === inode);
  return Number(fields?.[2]);
}

test('a loss socket accepts messages of the kernel only', () => {
  const index = indexOf('em0');
  expect(losses.narrow([index])).toBe(0);
  /** linux/netlink.h: AF_NETLINK, SOCK_RAW, NETLINK_ROUTE; struct sockaddr_nl. */
  const [AF_NETLINK, SOCK_RAW] = [16, 3];
  using sender = openSocket(libc, AF_NETLINK, SOCK_RAW, 0, 'sender');
  const to = new Uint8Array(12);
  new DataView(to.buffer).setUint16(0, AF_NETLINK, true);
  new DataView(to.buffer).setUint32(4, portOf(losses.fd), true);
  const forged = newLink(linkRecord({ index, name: 'em0', carrier: false, operstate: 'down' }));
  expect(libc.sendto(sender.fd, forged, libc.target.socket.MSG_DONTWAIT, to)).toBe(-ECONNREFUSED);
  expect(queued()).toEqual([]);
  cables[0].cut();
  settle('em0');
  expect(queued()).not.toEqual([]);
});

test('a loss socket queues nothing at first, and after narrow only losses of the named links', () => {
  const [em0, em1] = cables;
  em0.cut();
  em0.repair();
  settle('em0', 'em1');
  expect(queued()).toEqual([]);

  expect(losses.narrow([indexOf('em0')])).toBe(0);
  ip('link', 'set', 'em0', 'alias', 'said and left');
  em1.cut();
  settle('em1');
  expect(queued()).toEqual([]);
  em0.cut();
  settle('em0');
  const lost = { index: indexOf('em0'), health: { health: 'failed', reason: 'no carrier' } };
  const found = queued();
  expect(found.length).toBeGreaterThan(0);
  for (const loss of found) {
    expect(loss).toEqual(lost);
  }
  em0.repair();
  settle('em0');
  queued();
  ip('link', 'set', 'em0', 'down');
  expect(queued().at(-1)).toEqual({
    index: indexOf('em0'),
    health: { health: 'failed', reason: 'admin down' },
  });
  const index = indexOf('em0');
  ip('link', 'del', 'em0');
  expect(queued().at(-1)).toEqual({ index, health: { health: 'failed', reason: 'missing' } });
});

test('a repair socket queues messages in which a named link is active, and a guard what does not say so', () => {
  const [em0, em1] = cables;
  using repairs = openRepairSocket({ libc });
  using guard = openGuardSocket({ libc });
  if (repairs === null || guard === null) {
    throw new Error('no socket of repairs');
  }
  const [index, other] = [indexOf('em0'), indexOf('em1')];
  expect(repairs.narrow([index])).toBe(0);
  expect(guard.narrow({ repaired: [index], watched: [other] })).toBe(0);
  em0.cut();
  settle('em0');
  expect([repairs.drain(), guard.drain()]).toEqual([false, true]);
  em0.repair();
  // The kernel may update the state of the link by itself before it is asked.
  settle('em0');
  const into = new Uint8Array(4096);
  const size = libc.recvfrom(repairs.fd, into, libc.target.socket.MSG_DONTWAIT, null);
  expect(repairs.read(into.subarray(0, Math.max(0, size)))).toBe(index);
  expect(guard.drain()).toBe(false);
  ip('link', 'set', 'em0', 'alias', 'active');
  expect([repairs.drain(), guard.drain()]).toEqual([true, false]);
  ip('link', 'set', 'em1', 'alias', 'active');
  expect([repairs.drain(), guard.drain()]).toEqual([false, true]);
  em1.cut();
  settle('em1');
  expect([repairs.drain(), guard.drain()]).toEqual([false, true]);
  ip('link', 'set', 'em0', 'down');
  expect([repairs.drain(), guard.drain()]).toEqual([false, true]);
});

test('a link that leaves its bridge is no loss', (ctx) => {
  expect(losses.narrow([indexOf('em0')])).toBe(0);
  try {
    ip('link', 'add', 'br0', 'type', 'bridge');
  } catch {
    return ctx.skip('this kernel has no bridges');
  }
  ip('link', 'set', 'em0', 'master', 'br0');
  ip('link', 'set', 'em0', 'nomaster');
  settle('em0');
  expect(queued()).toEqual([]);
});

test('drain empties a full queue of losses', () => {
  expect(losses.narrow([indexOf('em0')])).toBe(0);
  for (let round = 0; round < 200; round += 1) {
    cables[0].cut();
    cables[0].repair();
  }
  settle('em0');
  losses.drain();
  expect(queued()).toEqual([]);
  cables[0].cut();
  settle('em0');
  expect(queued().length).toBeGreaterThan(0);
});

test('narrow refuses more links than one filter program can hold', () => {
  const many = Array.from({ length: MOST_LOSS_INDICES + 1 }, (_, at) => at + 1);
  expect(losses.narrow(many)).toBe(-libc.target.errnoOf.EINVAL);
});

test('read returns null for a message that is no loss', () => {
  expect(losses.read(new Uint8Array(0))).toBeNull();
  expect(losses.read(new Uint8Array(64))).toBeNull();
});

test('openLossSocket, openRepairSocket and openGuardSocket return null without rtnetlink', () => {
  for (const open of [openRepairSocket, openGuardSocket]) {
    expect(open({ libc: scriptedLibc({}, { target: targetOf('freebsd') }) })).toBeNull();
  }
});

test('openLossSocket returns null without rtnetlink, and when the kernel refuses the socket', () => {
  expect(openLossSocket({ libc: scriptedLibc({}, { target: targetOf('freebsd') }) })).toBeNull();
  expect(openLossSocket({ libc: scriptedLibc({ socket: () => -1 }) })).toBeNull();
});
