import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type Libc, loadLibc, openSocket } from '@ifdepd/libc';
import { linkRecord, newLink } from '@ifdepd/linkwatch/testing';
import { ip, ipBatch, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';
import { quietLog } from '../support/quiet-log.ts';

const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0'] } } };

/** The calls of this system, with one receive that is not as usual. */
function withReceive(
  number: number,
  receive: (libc: Libc, ...values: Parameters<Libc['recvfrom']>) => number,
) {
  const libc = loadLibc();
  let received = 0;
  return {
    ...libc,
    recvfrom(...values: Parameters<Libc['recvfrom']>) {
      received += 1;
      return received === number ? receive(libc, ...values) : libc.recvfrom(...values);
    },
  };
}

test('a list that links change under: read again, counted, decided on what is', () => {
  using lab = host('em0', 'carp0');
  ipBatch(Array.from({ length: 60 }, (_, at) => `link add br${at} type bridge`));
  lab.netif.setAdmin('em0', 'down');
  const libc = withReceive(3, (real, ...values) => {
    ip('link', 'add', 'late0', 'type', 'bridge');
    return real.recvfrom(...values);
  });
  const either = { groups: { cli: { require: { any: ['em0', 'late0'] }, destinations: ['carp0'] } } };
  using running = startDaemon({ policy: either, log: quietLog, libc });
  expect(running.linkCounters.interrupted).toBe(1);
  expect(running.links.links.has('late0')).toBe(true);
  expect(lab.isUp('carp0')).toBe(false);
});

test('a datagram that does not fit: read again, counted, decided on what is', () => {
  using lab = host('em0', 'carp0');
  lab.netif.setAdmin('em0', 'down');
  const libc = withReceive(1, (real, fd, into, flags, from) =>
    real.recvfrom(fd, into.subarray(0, 256), flags, from),
  );
  using running = startDaemon({ policy, log: quietLog, libc });
  expect(running.linkCounters.snapshots).toBe(1);
  expect(lab.isUp('carp0')).toBe(false);
});

/** The ports of a process's NETLINK_ROUTE sockets in this namespace. */
function portsOf(pid: number): readonly number[] {
  const open = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return '';
      }
    }),
  );
  // sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
  return readFileSync('/proc/thread-self/net/netlink', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, protocol, , , , , , , , inode]) => protocol === '0' && open.has(`socket:[${inode}]`))
    .map(([, , port]) => Number(port));
}

test('a message that the source is gone, from a sender that is not the kernel: ignored', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  const libc = loadLibc();
  /** linux/netlink.h: AF_NETLINK, SOCK_RAW, NETLINK_ROUTE; struct sockaddr_nl. */
  const [AF_NETLINK, SOCK_RAW] = [16, 3];
  using sender = openSocket(libc, AF_NETLINK, SOCK_RAW, 0, 'sender');
  const index = lab.netif.list().find(({ name }) => name === 'em0')?.index ?? 0;
  const forged = newLink(
    linkRecord({ index, name: 'em0', adminUp: false, flags: 0, carrier: false, operstate: 'down' }),
  );
  const taken = portsOf(running.pid).map((port) => {
    const to = new Uint8Array(12);
    new DataView(to.buffer).setUint16(0, AF_NETLINK, true);
    new DataView(to.buffer).setUint32(4, port, true);
    const sent = Array.from({ length: 100 }, () =>
      libc.sendto(sender.fd, forged, libc.target.socket.MSG_DONTWAIT, to),
    );
    return sent.filter((result) => result > 0).length;
  });
  // The one that is only there to wake the daemon has no room for more than some, and that of the kernel failover refuses all.
  expect(taken).toContain(100);
  expect(lab.isUp('carp0')).toBe(true);
  // What the kernel tells afterwards comes after them.
  lab.netif.setAdmin('carp0', 'down');
  lab.cables.em0.cut();
  await running.line(/em0: active -> failed/);
  lab.cables.em0.repair();
  await lab.allAre('up', ['carp0']);
  await until('the last line', () => running.lines.some((line) => /carp0: set up/.test(line)));
  expect(running.lines.filter((line) => /em0: active -> failed/.test(line))).toHaveLength(1);
});
