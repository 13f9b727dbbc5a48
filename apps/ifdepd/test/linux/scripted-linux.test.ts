import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LinkOperation,
  openOperator,
  type ScriptedLinux,
  scriptedLinux,
} from '@ifdepd/scripted-kernels';
import { expect, onTestFinished, test } from 'vitest';
import { type Daemon, openDaemon, parseSettings } from '../../src/index.ts';
import { realLoop } from '../../src/system/loop.ts';
import { stoppedClock } from '../support/stopped-clock.ts';

interface Host {
  readonly kernel: ScriptedLinux;
  readonly daemon: Daemon;
  readonly log: readonly string[];
  /** A change by another program, and what follows from it in the daemon. */
  change(operation: LinkOperation): void;
  /** Lets the daemon read until nothing is left. */
  settle(): void;
  isUp(name: string): boolean;
}

const admin = (name: string, to: 'up' | 'down'): LinkOperation => ({ op: 'admin', name, to, by: 'netlink' });

/** eth0 with a cable, and two destinations on the card lan0: vrrp0, a macvlan, and vlan0; all up. */
async function host(config: string): Promise<Host> {
  const kernel = scriptedLinux();
  const operator = openOperator(kernel.libc);
  kernel.attach('eth0');
  kernel.attach('lan0');
  operator.apply({ op: 'create', kind: 'macvlan', name: 'vrrp0', on: 'lan0', id: 1 });
  operator.apply({ op: 'create', kind: 'vlan', name: 'vlan0', on: 'lan0', id: 5 });
  for (const name of ['eth0', 'lan0', 'vrrp0']) {
    operator.apply(admin(name, 'up'));
  }
  kernel.pass(5000);
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-linux-'));
  const log: string[] = [];
  const open = await openDaemon(parseSettings(config, '/etc/ifdepd.conf'), {
    libc: kernel.libc,
    loop: { ...realLoop, now: () => kernel.now() },
    directories: { runtime: join(folder, 'run'), state: join(folder, 'state') },
    log: { write: (entry) => void log.push(entry.message), close: () => Promise.resolve() },
  });
  onTestFinished(async () => {
    await open.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function settle(): void {
    using _ = stoppedClock();
    for (let left = 8; left > 0; left -= 1) {
      kernel.turn();
    }
  }

  return {
    kernel,
    daemon: open.daemon,
    log,
    change(operation) {
      expect(operator.apply(operation)).toBe(null);
      settle();
    },
    settle,
    isUp: (name) => kernel.link(name).up,
  };
}

const USUAL = 'groups: {gateway: {sources: [eth0], destinations: [vrrp0, vlan0]}}';

test('a daemon over the scripted Linux watches by rtnetlink and sets destinations down and up with the cable', async () => {
  const { kernel, daemon, settle, isUp } = await host(USUAL);
  expect(daemon.backend).toBe('rtnetlink');
  kernel.cable('eth0', 'down');
  settle();
  expect([isUp('vrrp0'), isUp('vlan0')]).toEqual([false, false]);
  kernel.cable('eth0', 'up');
  settle();
  expect([isUp('vrrp0'), isUp('vlan0')]).toEqual([true, true]);
});

test('a daemon over the scripted Linux finds a loss that link_watch holds back by asking the driver', async () => {
  const { kernel, change, settle, isUp } = await host(USUAL);
  change(admin('lan0', 'down'));
  change(admin('lan0', 'up'));
  kernel.closeWindow();
  kernel.cable('eth0', 'down');
  settle();
  expect([kernel.waiting, isUp('vrrp0')]).toEqual([true, true]);
  // The probe polls by real time; the window of the kernel does not open meanwhile.
  await expect.poll(() => isUp('vrrp0')).toBe(false);
  expect(kernel.link('eth0').operstate).toBe(2);
});

test('a daemon over the scripted Linux reads a renamed, deleted and new source as what it is', async () => {
  const { kernel, change, settle, isUp } = await host(USUAL);
  change({ op: 'rename', name: 'eth0', to: 'old0' });
  expect(isUp('vrrp0')).toBe(false);
  change({ op: 'rename', name: 'old0', to: 'eth0' });
  expect(isUp('vrrp0')).toBe(true);
  kernel.detach('eth0');
  settle();
  expect(isUp('vrrp0')).toBe(false);
  kernel.attach('eth0');
  change(admin('eth0', 'up'));
  expect(isUp('vrrp0')).toBe(true);
});

test('a daemon over the scripted Linux sets a destination down again that another program sets up', async () => {
  const { kernel, change, settle, isUp } = await host(USUAL);
  kernel.cable('eth0', 'down');
  settle();
  change(admin('vrrp0', 'up'));
  expect(isUp('vrrp0')).toBe(false);
});

test('a daemon over the scripted Linux without CAP_NET_ADMIN reports the refusal and leaves destinations up', async () => {
  const { kernel, settle, isUp, daemon } = await host(USUAL);
  kernel.privileged = false;
  kernel.cable('eth0', 'down');
  settle();
  expect(isUp('vrrp0')).toBe(true);
  expect(daemon.failures.get('vrrp0')?.message).toContain('operation not permitted');
});
