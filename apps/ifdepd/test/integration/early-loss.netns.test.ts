import { openNetIf } from '@ifdepd/netif';
import { enterNewNamespace, ip, tap, tapFault, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { expectEarlyLosses } from '../support/early-losses.ts';
import { quietLog } from '../support/quiet-log.ts';

const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0'] } } };

test('a loss within a second of another: the driver reports it before the kernel', async ({ skip }) => {
  const fault = tapFault();
  skip(fault !== null, fault ?? '');
  enterNewNamespace();
  using em0 = tap('em0');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  using netif = openNetIf();
  using daemon = startDaemon({ policy, log: quietLog });
  // The kernel tells the first loss at once and holds the next ones back.
  await expectEarlyLosses(3, daemon, netif, { lose: () => em0.cut(), repair: () => em0.repair() });
  await until('the reads to end', () => !daemon.earlyLoss.running);
});

test('a loss within a second of an event of an unwatched link: the driver reports it before the kernel', async ({
  skip,
}) => {
  const fault = tapFault();
  skip(fault !== null, fault ?? '');
  enterNewNamespace();
  using em0 = tap('em0');
  using other0 = tap('other0');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  using netif = openNetIf();
  using daemon = startDaemon({ policy, log: quietLog });
  await expectEarlyLosses(2, daemon, netif, {
    async open() {
      await until('the reads to end', () => !daemon.earlyLoss.running);
      other0.cut();
      await until('the window to be noticed', () => daemon.earlyLoss.running);
    },
    lose: () => em0.cut(),
    repair() {
      em0.repair();
      other0.repair();
    },
  });
  expect([...daemon.links.links.keys()].sort()).toEqual(['carp0', 'em0']);
});

test('a source is deleted: its driver is no longer asked, the others are', async ({ skip }) => {
  const fault = tapFault();
  skip(fault !== null, fault ?? '');
  enterNewNamespace();
  using em0 = tap('em0');
  const bge0 = tap('bge0');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  using netif = openNetIf();
  const any = { groups: { cli: { require: { any: ['em0', 'bge0'] }, destinations: ['carp0'] } } };
  using daemon = startDaemon({ policy: any, log: quietLog });
  bge0[Symbol.dispose]();
  await until('bge0 to be gone', () => daemon.links.lookUp('bge0') === undefined);
  em0.cut();
  await until('carp0 to be down', () => !netif.flags('carp0').up);
  await until('the reads to end', () => !daemon.earlyLoss.running);
});
