import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseSettings } from '../../src/index.ts';
import { prepareDaemon } from '../../src/service/prepare-daemon.ts';
import { reload } from '../../src/service/reload.ts';
import { followChecks, followProbes } from '../../src/service/running.ts';
import { type Loop, realLoop } from '../../src/system/loop.ts';
import { quietLog } from '../support/quiet-log.ts';
import { removeFolder } from '../support/remove-folder.ts';

/** The event loop, and how many timers are set in it. */
function countedLoop() {
  const set = new Set<unknown>();
  const loop: Loop = {
    ...realLoop,
    setTimer(callback, ms) {
      const timer = realLoop.setTimer(() => {
        set.delete(timer);
        callback();
      }, ms);
      set.add(timer);
      return timer;
    },
    clearTimer(timer) {
      set.delete(timer);
      realLoop.clearTimer(timer);
    },
    setTicker(callback, everyMs) {
      const ticker = realLoop.setTicker(callback, everyMs);
      set.add(ticker);
      return ticker;
    },
    clearTicker(ticker) {
      set.delete(ticker);
      realLoop.clearTicker(ticker);
    },
  };
  return { loop, set };
}

const RULE = 'sources: [em0], destinations: [lan0, lan1], on-exit: up';

/** A daemon that holds lan0 and lan1 down, over a system that sets nothing any more, and what its reload finds. */
async function refused(first: string, next: string) {
  const kernel = scriptedBsd('freebsd');
  for (const name of ['em0', 'lan0', 'lan1']) {
    kernel.attach(name);
    kernel.setAdmin(name, 'up');
  }
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-closed-'));
  const fault = { on: false };
  const { EINVAL } = kernel.libc.target.errnoOf;
  const ioctl: typeof kernel.libc.ioctl = (fd, request, argument) =>
    fault.on && (request & 0xffff) === 0x6910 ? -EINVAL : kernel.libc.ioctl(fd, request, argument);
  const { loop, set } = countedLoop();
  const prepared = await prepareDaemon(parseSettings(first, join(folder, 'ifdepd.conf')), {
    libc: { ...kernel.libc, ioctl },
    loop,
    directories: { runtime: join(folder, 'run'), state: join(folder, 'state') },
    log: quietLog,
    load: async (file) => parseSettings(next, file),
  });
  onTestFinished(async () => {
    await prepared.close();
    await removeFolder(folder);
  });
  const running = await prepared.start();
  kernel.carrier('em0', 'down');
  kernel.turn();
  running.daemon.resync();
  // A later turn of the event loop sets the second one, where the first one takes 5 ms.
  await vi.waitUntil(() => running.daemon.status.destinations.every(({ is }) => is === 'down'));
  fault.on = true;
  return { kernel, prepared, running, set };
}

test.each([
  ['a destination that cannot be released', `groups: {g: {${RULE.replace('lan0, ', '')}}}`],
  ['a delay', `groups: {g: {${RULE}, up-delay: 1h}}`],
])('%s: no timer of a closed daemon is left', async (_what, next) => {
  const { kernel, prepared, running, set } = await refused(`groups: {g: {${RULE}}}`, next);
  expect(await reload(running)).toBeNull();
  kernel.carrier('em0', 'up');
  running.daemon.resync();

  expect(set.size).toBeGreaterThan(0);
  await prepared.close();
  expect(set.size).toBe(0);
});

test('a daemon that has ended while it reloads starts no checks and no probes', async () => {
  const next = `checks: {c: {file: /run/x}}
probes: {p: {ping: 192.0.2.1}}
groups: {g: {sources: [em0, {check: c}, {probe: p}], destinations: [lan1]}}`;
  const { prepared, running } = await refused(`groups: {g: {${RULE}}}`, next);
  running.settings = parseSettings(next, 'ifdepd.conf');
  const follow = Promise.all([followChecks(running), followProbes(running)]);
  await Promise.all([follow, prepared.close()]);
  await Promise.all([followChecks(running), followProbes(running)]);
  expect([running.checks, running.probes]).toEqual([null, null]);
});
