import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ip, until } from '@ifdepd/netlab';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type LogEntry, openDaemon, parseSettings } from '../../src/index.ts';
import { armed, hasRing, holdTheLoop, type Lab, lab, repairsArmed } from '../support/kernel-failover.ts';
import { removeFolder } from '../support/remove-folder.ts';

beforeEach(({ skip }) => skip(!hasRing(), 'no io_uring here'));

/** Daemons of one host, one after another. */
function daemons(knobs: string) {
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-recorded-'));
  onTestFinished(() => removeFolder(folder));
  const settings = parseSettings(
    `groups: {gateway: {sources: [em0, em1], destinations: [carp0, carp1], ${knobs}}}`,
    '/etc/ifdepd.conf',
  );
  const lines: LogEntry[] = [];
  return {
    foreignChanges: () =>
      lines.flatMap(({ event, message }) => (event === 'foreign-change' ? [message] : [])),
    /** @param state a copy of the files that an earlier daemon left. Default: those that the daemon before wrote */
    async start(state = 'state') {
      return await openDaemon(settings, {
        directories: { runtime: join(folder, `${state}-run`), state: join(folder, state) },
        earlyLoss: 'off',
        kernelFailover: true,
        log: { write: (entry) => void lines.push(entry), close: () => Promise.resolve() },
      });
    },
    /** Copies the files as they are now: what the next daemon finds if this one is killed. */
    kill: () => cpSync(join(folder, 'state'), join(folder, 'killed'), { recursive: true }),
  };
}

const bothDown = (net: Lab) => !net.isUp('carp0') && !net.isUp('carp1');

test.each(['raise: owned', 'on-exit: restore'])(
  '%s: the kernel sets the destinations down and up again while the event loop is blocked',
  async (knobs) => {
    using net = lab();
    const all = daemons(knobs);
    const of = await all.start();
    await armed(of.daemon, 2);
    for (const source of ['em0', 'em1'] as const) {
      net.cables[source].cut();
      holdTheLoop('both to be down', () => bothDown(net));
      await repairsArmed(of.daemon, 1);
      net.cables[source].repair();
      holdTheLoop('both to be up', () => net.isUp('carp0') && net.isUp('carp1'));
      await armed(of.daemon, 2);
    }
    expect(of.daemon.kernelFailover).toMatchObject({ failovers: 2, repairs: 2 });
    expect(all.foreignChanges()).toEqual([]);
    await of.stop();
  },
);

test('raise: owned, a daemon that is killed before it reads of the loss: the next one raises what the kernel has set down', async () => {
  using net = lab();
  const all = daemons('raise: owned');
  const first = await all.start();
  await armed(first.daemon, 2);
  net.cables.em0.cut();
  holdTheLoop('both to be down', () => bothDown(net));
  all.kill();
  net.cables.em0.repair();
  await first.abandon();
  expect(bothDown(net)).toBe(true);
  const second = await all.start('killed');
  await net.allAre('up', ['carp0', 'carp1']);
  await second.stop();
});

test('raise: owned, a daemon with armed calls is killed: the next one leaves down what an administrator has set down', async () => {
  using net = lab();
  const all = daemons('raise: owned');
  const first = await all.start();
  await armed(first.daemon, 2);
  all.kill();
  await first.abandon();
  ip('link', 'set', 'carp0', 'down');
  const second = await all.start('killed');
  await armed(second.daemon, 2);
  expect([net.isUp('carp0'), net.isUp('carp1')]).toEqual([false, true]);
  await second.stop();
});

test('raise: owned, a loss is over before the daemon reads of it: the destinations are raised again', async () => {
  using net = lab();
  const all = daemons('raise: owned');
  const of = await all.start();
  await armed(of.daemon, 2);
  net.cables.em0.cut();
  holdTheLoop('both to be down', () => bothDown(net));
  net.cables.em0.repair();
  holdTheLoop('the carrier', () => net.netif.flags('em0').running);
  await net.allAre('up', ['carp0', 'carp1']);
  expect(all.foreignChanges()).toEqual([]);
  await of.stop();
});

test('raise: owned, an administrator sets one destination down right before the loss: it stays down, the other is raised', async () => {
  using net = lab();
  const all = daemons('raise: owned');
  const of = await all.start();
  await armed(of.daemon, 2);
  ip('link', 'set', 'carp0', 'down');
  net.cables.em0.cut();
  holdTheLoop('both to be down', () => bothDown(net));
  await until('the policy to know', () => of.daemon.status.destinations.every(({ is }) => is === 'down'));
  net.cables.em0.repair();
  await net.allAre('up', ['carp1']);
  await armed(of.daemon, 2);
  expect(net.isUp('carp0')).toBe(false);
  expect(all.foreignChanges()).toEqual(['carp0: set down by another program; left down (enforce: down)']);
  await of.stop();
});

test('on-exit: restore, a stop before the daemon has read of the loss: the destinations are up again', async () => {
  using net = lab();
  const all = daemons('on-exit: restore');
  const of = await all.start();
  await armed(of.daemon, 2);
  net.cables.em0.cut();
  holdTheLoop('both to be down', () => bothDown(net));
  await of.stop();
  expect([net.isUp('carp0'), net.isUp('carp1')]).toEqual([true, true]);
});
