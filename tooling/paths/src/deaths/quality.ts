import { filter, firewallFault } from '@ifdepd/netlab';
import type { Death } from '../death.ts';
import { farHost, near } from '../far-host.ts';
import { services } from '../services.ts';

/** Probes of a window, and how often they are sent: a window passes in ten seconds. */
const WINDOW = 100;
const LOSS_EVERY_MS = 100;

/** Every twentieth packet is dropped, more than the 3 % that the probe allows. */
export const loss: Death = {
  number: 4,
  name: '5 % of the packets are lost',
  fault: firewallFault,
  async make({ at }) {
    const far = await farHost(at);
    const settings = {
      ping: near(at).far,
      every: `${LOSS_EVERY_MS}ms`,
      timeout: '500ms',
      window: WINDOW,
      loss: '3%',
    };
    return {
      sources: [
        {
          name: `ping, loss over ${WINDOW} probes`,
          require: { probe: settings },
          everyMs: LOSS_EVERY_MS,
          within: WINDOW,
        },
      ],
      kill: () => void far.run('nft', filter('input', 'icmp type echo-request numgen inc mod 20 == 0 drop')),
      mend: () => void far.run('nft', filter('input', 'accept')),
      [Symbol.dispose]: () => far[Symbol.dispose](),
    };
  },
};

/** More than what a busy machine takes for an answer, and less than the timeout. */
const SLOW_MS = 1500;
const SLOW_EVERY_MS = 3000;

/** A server that takes longer: without a queue in the kernel that delays packets, this is the latency that can be made. */
export const latency: Death = {
  number: 4,
  name: `answers take ${SLOW_MS} ms more`,
  async make({ at }) {
    const { far } = near(at);
    const host = await farHost(at);
    const running = await host.serve(services);
    const delay = async (ms: number): Promise<void> => {
      await fetch(`http://${far}/delay/${ms}`);
    };
    const every = `${SLOW_EVERY_MS}ms`;
    const settings = { http: `http://${far}/`, every, timeout: every, window: 3, latency: '500ms' };
    return {
      sources: [
        {
          name: 'http, latency over 3 probes',
          require: { probe: settings },
          everyMs: SLOW_EVERY_MS,
          within: 3,
        },
      ],
      kill: () => delay(SLOW_MS),
      mend: () => delay(0),
      [Symbol.dispose]() {
        running[Symbol.dispose]();
        host[Symbol.dispose]();
      },
    };
  },
};
