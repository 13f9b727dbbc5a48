import { once } from 'node:events';
import { connect } from 'node:net';
import { askStatus, processFacts } from '@ifdepd/faults';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { explained } from '../support/explained.ts';
import { host } from '../support/host.ts';
import { hasRing } from '../support/kernel-failover.ts';
import { daemon, socket } from '../support/program.ts';

const TEN_MEGABYTES = 10 * 1024 * 1024;

// What they cost a failover is measured by `npm run chaos -- --reaction`: a test on a busy machine cannot.
test('500 at once that never read, send garbage or ten megabytes: bounded, and decisions go on', async () => {
  using lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  await askStatus(socket);
  // What kernel failover opens when it first arms calls, for a loss and for a repair, stays open.
  for (const [to, next] of [
    ['down', 'repair'],
    ['up', 'loss'],
  ] as const) {
    lab.netif.setAdmin(lab.cables.em0.far, to);
    await lab.allAre(to, ['carp0']);
    if (hasRing()) {
      await explained(socket, `armed for the ${next} of em0`);
    }
  }
  const before = processFacts(running.pid);
  const clients = Array.from({ length: 500 }, (_, number) => {
    const client = connect(socket).on('error', () => {});
    const says = [
      'GET /v1/events?follow=1 HTTP/1.1\r\nhost: x\r\n\r\n',
      Buffer.alloc(TEN_MEGABYTES, 0xff),
      'GET / HTTP/1.1\r\n',
      `POST /v1/reload HTTP/1.1\r\nhost: x\r\ncontent-length: ${TEN_MEGABYTES}\r\n\r\n${'x'.repeat(20_000)}`,
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
    ];
    // Ten megabytes from each of them would be a test of this process.
    client.write(says[number < 25 ? number % says.length : number % 2 === 0 ? 0 : 2] ?? '');
    return client.pause();
  });
  for (let round = 0; round < 40; round += 1) {
    const to = round % 2 === 0 ? 'down' : 'up';
    lab.netif.setAdmin(lab.cables.em0.far, to);
    await lab.allAre(to, ['carp0']);
  }
  const during = processFacts(running.pid);
  expect(during.rss - before.rss).toBeLessThan(60 * 1024 * 1024);
  // Those beyond the 64 that are served are dropped, not kept.
  expect(during.descriptors - before.descriptors).toBeLessThanOrEqual(64);
  for (const client of clients) {
    if (!client.closed) {
      client.destroy();
      await once(client, 'close');
    }
  }
  await until(
    'their descriptors to be closed',
    () => processFacts(running.pid).descriptors <= before.descriptors,
  );
  expect((await askStatus(socket)).counters.transitions).toBe(43);
});
