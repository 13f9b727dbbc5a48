import { openNetIf } from '@ifdepd/netif';
import { enterNewNamespace, ip, mountSysfs, tap, tapFault, until } from '@ifdepd/netlab';
import { beforeEach, expect, test } from 'vitest';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { expectEarlyLosses } from '../support/early-losses.ts';
import { quietLog } from '../support/quiet-log.ts';

const require = { any: ['em0', 'bge0', 'ix0'] };
const policy = { groups: { cli: { require, destinations: ['carp0'] } } };

/** Opens the window by what happens to an interface that nobody watches, until a condition holds. */
async function inWindow(what: string, condition: () => boolean): Promise<void> {
  let round = 0;
  await until(what, () => {
    round += 1;
    ip('link', 'set', 'other0', round % 2 === 0 ? 'up' : 'down');
    return condition();
  });
}

/** Without counters every look reads drivers; with them, only the sweep and what has moved. */
async function lookWithoutRead({ earlyLoss }: Daemon): Promise<void> {
  let last = { looks: Number.POSITIVE_INFINITY, reads: 0 };
  await inWindow('a look that reads no driver', () => {
    const { looks, reads } = earlyLoss;
    const found = looks > last.looks && reads === last.reads;
    last = { looks, reads };
    return found;
  });
}

beforeEach(({ skip }) => {
  const fault = tapFault();
  skip(fault !== null, fault ?? '');
  enterNewNamespace();
  const refusal = mountSysfs();
  skip(refusal !== null, refusal ?? '');
  for (const name of ['carp0', 'other0']) {
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}-x`);
  }
});

test('several sources: counters are looked at, drivers asked every 250 ms and where a counter has moved', async () => {
  using em0 = tap('em0');
  using bge0 = tap('bge0');
  using ix0 = tap('ix0');
  using netif = openNetIf();
  using daemon = startDaemon({ policy, log: quietLog });
  await lookWithoutRead(daemon);
  for (const source of [em0, bge0, ix0]) {
    source.cut();
  }
  await until('carp0 to be down', () => !netif.flags('carp0').up);
  bge0.repair();
  await until('carp0 to be up', () => netif.flags('carp0').up);
  bge0.cut();
  await until('carp0 to be down again', () => !netif.flags('carp0').up);
});

test('a source is deleted and made again: its counter is followed again, the others all the time', async () => {
  using em0 = tap('em0');
  let bge0 = tap('bge0');
  using netif = openNetIf();
  using daemon = startDaemon({ policy, log: quietLog });
  await lookWithoutRead(daemon);
  bge0[Symbol.dispose]();
  await until('bge0 to be gone', () => daemon.links.lookUp('bge0') === undefined);
  em0.cut();
  await until('carp0 to be down', () => !netif.flags('carp0').up);
  bge0 = tap('bge0');
  await until('carp0 to be up', () => netif.flags('carp0').up);
  await expectEarlyLosses(1, daemon, netif, {
    open: () => lookWithoutRead(daemon),
    lose: () => bge0.cut(),
    repair: () => bge0.repair(),
  });
  bge0[Symbol.dispose]();
});

test('/sys shows another network namespace: drivers are asked at each look, and losses are found as early', async () => {
  using there = tap('em0');
  enterNewNamespace();
  for (const name of ['carp0', 'other0']) {
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}-x`);
  }
  using em0 = tap('em0');
  using netif = openNetIf();
  using daemon = startDaemon({ policy, log: quietLog });
  await inWindow('some looks', () => daemon.earlyLoss.looks >= 50);
  expect(daemon.earlyLoss.reads).toBeGreaterThanOrEqual(50);
  await expectEarlyLosses(1, daemon, netif, {
    async open() {
      const { looks } = daemon.earlyLoss;
      await inWindow('more looks', () => daemon.earlyLoss.looks > looks);
      there.cut();
    },
    lose: () => em0.cut(),
    repair() {
      em0.repair();
      there.repair();
    },
  });
});
