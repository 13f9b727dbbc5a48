import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GroupConfig } from '@ifdepd/policy';
import { expect, onTestFinished, test } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { metrics } from '../../src/report/metrics.ts';
import { release } from '../../src/state/release.ts';
import { realLoop } from '../../src/system/loop.ts';
import { quietLog } from '../support/quiet-log.ts';
import { scriptedLinux } from '../support/scripted-linux.ts';

const SOURCES = ['eth0', 'eth1', 'eth2'] as const;

/** A daemon with a file that holds the weight of a group: eth0 weighs 3, eth1 2, eth2 1; down below 2. */
function weighed(knobs: Partial<GroupConfig> = {}, before?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-weight-'));
  const path = join(folder, 'track');
  if (before !== undefined) {
    writeFileSync(path, before);
  }
  const kernel = scriptedLinux([...SOURCES], ['vrrp51'], () => 0);
  const of = SOURCES.map((source, at) => ({ source, weight: 3 - at }));
  const group = { require: { weight: { atLeast: 2, of } }, destinations: [path, 'vrrp51'], ...knobs };
  const { libc, now } = kernel;
  const destinations = new Map([
    [path, { id: path, action: 'weight', path, group: 'g', onExit: 'leave' } as const],
  ]);
  const daemon = startDaemon({
    policy: { groups: { g: group } },
    destinations,
    log: quietLog,
    libc,
    loop: { ...realLoop, now },
    earlyLoss: 'off',
  });
  onTestFinished(() => {
    daemon.close();
    rmSync(folder, { recursive: true });
  });
  return {
    daemon,
    kernel,
    path,
    folder,
    held: () => Number(readFileSync(path, 'utf8')),
    carriers(to: 'up' | 'down', ...names: readonly string[]) {
      // Linux reports a second loss within a second late.
      kernel.pass(2000);
      for (const name of names) {
        kernel.carrier(name, to);
      }
      kernel.wake();
    },
    is: () => daemon.status.destinations.find(({ id }) => id === path)?.is,
  };
}

test('a file with value weight holds the sum from the start, follows each source, and also below the threshold', () => {
  const { held, carriers, is, kernel, daemon, path } = weighed();
  expect([held(), is()]).toEqual([6, 'up']);
  carriers('down', 'eth1');
  expect([held(), is()]).toEqual([4, 'up']);
  carriers('down', 'eth0');
  expect([held(), is(), kernel.isUp('vrrp51')]).toEqual([1, 'down', false]);
  carriers('down', 'eth2');
  expect([held(), is()]).toEqual([0, 'down']);
  carriers('up', 'eth2');
  expect([held(), is()]).toEqual([1, 'down']);
  carriers('up', 'eth0', 'eth1');
  expect([held(), is(), kernel.isUp('vrrp51')]).toEqual([6, 'up', true]);
  expect(daemon.driverOf(path)?.note?.()).toBe('holds 6, the weight of its group');
  const { status, linkCounters, kernelFailover, passedLosses } = daemon;
  const text = metrics('linux').text({ status, linkCounters, kernelFailover, passedLosses });
  expect(text).toContain('\nifdepd_group_weight{group="g"} 6\n');
});

test('while a group waits for its up-delay the weight falls and does not rise', () => {
  const { held, carriers } = weighed({ upDelayMs: 60_000 });
  carriers('down', 'eth0', 'eth1');
  expect(held()).toBe(1);
  carriers('up', 'eth0');
  expect(held()).toBe(1);
  carriers('down', 'eth2');
  expect(held()).toBe(1);
  carriers('down', 'eth0');
  expect(held()).toBe(0);
});

test('the weight of a drained group is 0, and its own again after a resume; a paused group leaves it', () => {
  const { daemon, held, carriers } = weighed();
  daemon.feed({ type: 'drain', group: 'g' });
  expect(held()).toBe(0);
  daemon.feed({ type: 'resume', group: 'g' });
  expect(held()).toBe(6);
  daemon.feed({ type: 'pause', group: 'g' });
  carriers('down', 'eth0');
  expect(held()).toBe(6);
  daemon.feed({ type: 'resume', group: 'g' });
  expect(held()).toBe(3);
});

test('a start that finds the right weight writes nothing', () => {
  const { is, path } = weighed({}, ' 6 ');
  expect([readFileSync(path, 'utf8'), is()]).toEqual([' 6 ', 'up']);
});

test('a weight that cannot be written is tried again with the next event', () => {
  const { held, carriers, folder, is } = weighed();
  rmSync(folder, { recursive: true });
  carriers('down', 'eth1');
  expect(is()).toBe('up');
  mkdirSync(folder);
  carriers('up', 'eth1');
  carriers('down', 'eth2');
  expect(held()).toBe(5);
});

test('on-exit: down writes 0', () => {
  const { daemon, path, held } = weighed();
  const one = { id: path, action: 'weight', path, group: 'g', onExit: 'down' } as const;
  const ledger = { entries: new Map(), intend: () => {}, noteSet: () => {}, forget: () => {} };
  release([one], {
    driverOf: daemon.driverOf,
    ledger: ledger as never,
    log: { write: () => {} } as never,
    status: daemon.status,
  });
  expect(held()).toBe(0);
});
