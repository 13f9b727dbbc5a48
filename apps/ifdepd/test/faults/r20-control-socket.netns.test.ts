import { join } from 'node:path';
import { ask, askStatus } from '@ifdepd/faults';
import { monotonicMs, type SlowCall, slowSets } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon, home, socket } from '../support/program.ts';

const destinations = Array.from({ length: 40 }, (_, at) => `slow${at}`);
const CALL_MS = 50;

/** An answer may take 100 ms and one call. */
const CALLS_AT_MOST = 1 + 100 / CALL_MS;

const overlapping = (calls: readonly SlowCall[], from: number, to: number): number =>
  calls.filter(({ began, ended }) => began < to && ended > from).length;

// Counted in calls and not in milliseconds: a busy machine makes each call and each answer longer, and not their ratio.
test.each(['/v1/status', '/v1/interfaces', '/v1/explain', '/metrics'])(
  `while 40 destinations that take ${CALL_MS} ms each are set, %s is answered within 100 ms and one such call`,
  async (path) => {
    using lab = host('em0', ...destinations);
    const slow = slowSets(join(home, 'slow-sets'));
    await using running = await daemon(
      ['-S', 'em0', '-D', destinations.join(':'), '--kernel-failover', 'off'],
      { nodeOptions: slow.options, env: slow.env },
    );
    await askStatus(socket);
    slow.take({ leastMs: CALL_MS, mostMs: CALL_MS });
    lab.netif.setAdmin('em0-x', 'down');
    const answers: { readonly from: number; readonly to: number }[] = [];
    while (destinations.some(lab.isUp)) {
      const from = monotonicMs();
      await ask(socket, path);
      answers.push({ from, to: monotonicMs() });
    }
    await running.line(/slow39: .*set down/);
    const calls = slow.calls();
    expect(calls).toHaveLength(destinations.length);
    expect(answers.length).toBeGreaterThan(1);
    expect(Math.max(...answers.map(({ from, to }) => overlapping(calls, from, to)))).toBeLessThanOrEqual(
      CALLS_AT_MOST,
    );
  },
);
