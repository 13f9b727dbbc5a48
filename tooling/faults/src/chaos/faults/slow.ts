import { setTimeout as pause } from 'node:timers/promises';
import { ask, askStatus } from '../../ask.ts';
import type { Fault } from '../fault.ts';
import { SLOW_RULES, SOURCES } from '../rules.ts';
import { flip } from './links.ts';

/** Cuts and repairs of a source while the daemon is stopped: a backlog. */
const BLINKS = 1000;

export const slowFaults: readonly Fault[] = [
  {
    id: 'R20',
    name: 'destinations that take 5 to 50 ms, a blinking source, a backlog',
    weight: 1,
    async inject(world) {
      const { daemon, netif, random, slowSets, state } = world;
      world.configure(SLOW_RULES);
      await ask(world.socket, '/v1/reload', 'POST');
      world.fought.clear();
      slowSets.take({ leastMs: 5, mostMs: 50 });
      world.later.push(() => slowSets.take(null));
      const far = `${random.pick(SOURCES)}-x`;
      if (state(far) !== 'missing') {
        daemon.signal('SIGSTOP');
        try {
          for (let left = BLINKS; left > 0; left -= 1) {
            netif.setAdmin(far, 'down');
            netif.setAdmin(far, 'up');
          }
        } finally {
          daemon.signal('SIGCONT');
        }
      }
      // The sources change again while destinations are set.
      for (let left = 8; left > 0; left -= 1) {
        flip(world);
        await askStatus(world.socket);
        await pause(random.below(60));
      }
    },
  },
];
