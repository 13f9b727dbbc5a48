import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cable, enterNewNamespace, ip, ipBatch } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { caughtUp } from '../support/caught-up.ts';
import { watched } from '../support/watch.ts';

test('a watch that reads while the kernel deletes routes without a message has none of them, in each of 30 rounds', async () => {
  enterNewNamespace();
  cable('eth0');
  ip('addr', 'add', '192.0.2.1/24', 'dev', 'eth0');
  const { watch } = watched({ families: ['ipv4'] });
  const nets = Array.from({ length: 300 }, (_, at) => `10.${at >> 8}.${at & 0xff}.0/24`);
  for (let round = 0; round < 30; round += 1) {
    ipBatch(nets.map((net) => `route add ${net} via 192.0.2.9`));
    caughtUp(watch);
    expect(watch.routes.length).toBeGreaterThan(300);
    const down = spawn('ip', ['link', 'set', 'eth0', 'down']);
    const ended = once(down, 'exit');
    // Meanwhile the message about the link is read as soon as it comes, before the kernel has deleted the routes.
    const { messages } = watch.counters;
    while (watch.counters.messages === messages) {
      caughtUp(watch);
    }
    await ended;
    caughtUp(watch);
    expect(watch.routes).toEqual([]);
    ip('link', 'set', 'eth0', 'up');
  }
});
