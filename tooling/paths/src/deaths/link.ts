import { type Death, probe } from '../death.ts';
import { farHost, near } from '../far-host.ts';
import { switchedHost } from '../switched-host.ts';

/** The carrier goes. */
export const carrierLost: Death = {
  number: 1,
  name: 'carrier lost',
  async make({ at }) {
    const { name } = near(at);
    const far = await farHost(at);
    return {
      sources: [{ name: 'interface', require: name, everyMs: null, within: 0 }],
      kill: () => void far.run('ip', 'link', 'set', 'far0', 'down'),
      mend: () => void far.run('ip', 'link', 'set', 'far0', 'up'),
      [Symbol.dispose]: () => far[Symbol.dispose](),
    };
  },
};

/** The switch forwards no more to the far end. */
export const farEndDead: Death = {
  number: 2,
  name: 'far end dead behind a switch',
  async make({ at, everyMs }) {
    const { name, far, far6 } = near(at);
    const behind = await switchedHost(at);
    return {
      sources: [
        probe('arp', { arp: far, interface: name }, everyMs),
        probe('arp (IPv6)', { arp: far6, interface: name }, everyMs),
        probe('ping', { ping: far, interface: name }, everyMs),
      ],
      kill: () => behind.forward(false),
      mend: () => behind.forward(true),
      [Symbol.dispose]: () => behind[Symbol.dispose](),
    };
  },
};
