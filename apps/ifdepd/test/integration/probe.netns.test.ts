import { openNetIf } from '@ifdepd/netif';
import { enterNewNamespace, ip, tap, tapFault, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { quietLog } from '../support/quiet-log.ts';

const policy = { groups: { cli: { require: { all: ['em0'] }, destinations: ['carp0'] } } };

test('losses within a second of each other are read from the driver before the kernel tells them', async ({
  skip,
}) => {
  const fault = tapFault();
  skip(fault !== null, fault ?? '');
  enterNewNamespace();
  using em0 = tap('em0');
  ip('link', 'add', 'carp0', 'type', 'veth', 'peer', 'name', 'carp0-x');
  using netif = openNetIf();
  using daemon = startDaemon({ policy, log: quietLog });
  for (let round = 0; round < 5; round += 1) {
    em0.cut();
    await until('carp0 to be down', () => !netif.flags('carp0').up);
    em0.repair();
    await until('carp0 to be up', () => netif.flags('carp0').up);
  }
  // The kernel tells the first loss at once and holds the next ones back.
  expect(daemon.probe.early).toBeGreaterThanOrEqual(3);
  await until('the reads to end', () => !daemon.probe.running);
});
