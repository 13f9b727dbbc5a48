import { ip, until } from '@ifdepd/netlab';
import { beforeEach, expect, test } from 'vitest';
import type { DaemonOptions } from '../../src/daemon/daemon.ts';
import type { LogEntry } from '../../src/log/index.ts';
import { host } from '../support/host.ts';
import { armed, hasRing, holdTheLoop, start } from '../support/kernel-failover.ts';

beforeEach(({ skip }) => skip(!hasRing(), 'no io_uring here'));

const OURS = 2 ** 5;

/** em0, which vrrp.1 follows by protodown, a macvlan over em1; and a daemon. */
function follower(destination = 'vrrp.1') {
  const net = host('em0', 'em1');
  ip('link', 'add', 'vrrp.1', 'link', 'em1', 'type', 'macvlan', 'mode', 'bridge');
  ip('link', 'set', 'vrrp.1', 'up');
  const lines: LogEntry[] = [];
  const options: Partial<DaemonOptions> = {
    policy: { groups: { g: { require: { all: ['em0'] }, destinations: [destination] } } },
    destinations: new Map([
      [destination, { id: destination, action: 'protodown', interface: destination, onExit: 'leave' }],
    ]),
    log: { write: (entry) => void lines.push(entry), close: () => Promise.resolve() },
  };
  const of = start(options);
  return {
    ...net,
    of,
    isHeld: () => net.netif.protoDown('vrrp.1')?.on === true,
    messages: (event: string) => lines.flatMap((one) => (one.event === event ? [one.message] : [])),
    [Symbol.dispose]() {
      of.close();
      net[Symbol.dispose]();
    },
  };
}

test('a source is lost while the event loop is blocked: the kernel sets protodown with the reason of ifdepd, the repair clears it', async () => {
  using net = follower();
  for (let times = 1; times <= 2; times += 1) {
    await armed(net.of, 1);
    net.cables.em0.cut();
    holdTheLoop('protodown', net.isHeld);
    expect(net.netif.protoDown('vrrp.1')).toEqual({ on: true, reasons: OURS, carrier: false });
    expect(net.isUp('vrrp.1')).toBe(true);
    await until('the policy to know', () => net.of.status.destinations.every(({ is }) => is === 'down'));
    expect(net.of.kernelFailover?.failovers).toBe(times);
    net.cables.em0.repair();
    await until('no protodown', () => !net.isHeld());
  }
  expect(net.netif.protoDown('vrrp.1')).toMatchObject({ on: false, reasons: 0 });
  expect(net.messages('action')).toEqual([
    'vrrp.1: set down (g: em0 failed)',
    'vrrp.1: set up (g: em0 active)',
    'vrrp.1: set down (g: em0 failed)',
    'vrrp.1: set up (g: em0 active)',
  ]);
  expect(net.messages('foreign-change')).toEqual([]);
});

test('the interface of a protodown destination is set down before the loss: protodown counts as set by the daemon, the repair clears it', async () => {
  using net = follower();
  await armed(net.of, 1);
  ip('link', 'set', 'vrrp.1', 'down');
  net.cables.em0.cut();
  holdTheLoop('protodown', net.isHeld);
  await until('the policy to know', () => net.of.status.destinations.every(({ is }) => is === 'down'));
  expect(net.messages('foreign-change')).toEqual([]);
  net.cables.em0.repair();
  await until('no protodown', () => !net.isHeld());
  expect(net.isUp('vrrp.1')).toBe(false);
});

test('an interface that has no protodown: the kernel refuses, and the daemon reports the failure', async () => {
  using net = follower('em1');
  await armed(net.of, 1);
  net.cables.em0.cut();
  await until('the failure', () => net.of.failures.has('em1'));
  expect(net.of.failures.get('em1')).toMatchObject({ code: 'EOPNOTSUPP' });
});
