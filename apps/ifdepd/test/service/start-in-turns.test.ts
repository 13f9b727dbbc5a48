import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { expect, onTestFinished, test, vi } from 'vitest';
import { askForAll } from '../../src/identity/interfaces-now.ts';
import { parseSettings } from '../../src/index.ts';
import { prepareDaemon } from '../../src/service/prepare-daemon.ts';
import { takeInTurns } from '../../src/state/destination-locks.ts';
import { type Loop, realLoop, turnsOf } from '../../src/system/loop.ts';
import { removeFolder } from '../support/remove-folder.ts';

const names = (count: number) => Array.from({ length: count }, (_, i) => `em${i}`);

test('work of less than 25 ms takes one turn of the event loop, and each 25 ms of longer work another one', async () => {
  let now = 0;
  let turns = 0;
  const defer = (callback: () => void) => {
    turns += 1;
    return realLoop.defer(callback);
  };
  const turn = turnsOf({ ...realLoop, now: () => now, defer });
  for (let step = 0; step < 12; step += 1) {
    now += 5;
    await turn();
  }
  expect(turns).toBe(2);
});

test('1,000 names: the event loop goes on after each hundred of them', async () => {
  const asked: number[] = [];
  const interfaceOf = vi.fn(() => null);
  await askForAll(names(1000), interfaceOf, async () => void asked.push(interfaceOf.mock.calls.length));
  expect(asked).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900]);
});

test('50 destinations: the event loop goes on after each twenty locks', async () => {
  const take = vi.fn();
  const taken: number[] = [];
  await takeInTurns({ take }, names(50), async () => void taken.push(take.mock.calls.flat(2).length));
  expect(taken).toEqual([20, 40]);
  expect(take.mock.calls.flat(2)).toEqual(names(50));
});

test('a start whose first decision is saved before there is a daemon saves it again', async () => {
  const kernel = scriptedBsd('freebsd');
  for (const name of ['em0', 'lan0']) {
    kernel.attach(name);
    kernel.setAdmin(name, 'up');
  }
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-turns-'));
  const state = join(folder, 'state');
  // A start so slow that each timer set within a turn has passed by the next one, that of the saving too.
  let clock = 0;
  let isStarting = true;
  const slow: Loop = {
    ...realLoop,
    now: () => (clock += 25),
    setTimer: (callback, ms) => realLoop.setTimer(callback, isStarting ? 1 : ms),
    defer: (callback) => realLoop.setTimer(callback, 2),
    cancel: (deferral) => clearTimeout(deferral as NodeJS.Timeout | undefined),
  };
  const daemon = await prepareDaemon(
    parseSettings('groups: {g: {sources: [em0], destinations: [lan0]}}', 'file'),
    {
      libc: kernel.libc,
      loop: slow,
      directories: { runtime: join(folder, 'run'), state },
      log: { write: () => {}, close: () => Promise.resolve() },
    },
  );
  onTestFinished(async () => {
    await daemon.close();
    await removeFolder(folder);
  });
  const running = await daemon.start();
  isStarting = false;
  expect(running.daemon.status.groups).toMatchObject([{ name: 'g', phase: 'up' }]);
  await vi.waitUntil(() => readdirSync(state).some((name) => name.endsWith('.state')));
});
