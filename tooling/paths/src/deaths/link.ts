import { ip, otherNamespace } from '@ifdepd/netlab';
import { type Death, probe } from '../death.ts';
import { addressBoth, farHost, near } from '../far-host.ts';

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

/** The far end is unplugged from the switch. The cable from here to the switch keeps its carrier. */
export const farEndDead: Death = {
  number: 2,
  name: 'far end dead behind a switch',
  async make({ at, everyMs }) {
    const { name, far, far6 } = near(at);
    const bridge = await otherNamespace();
    const host = await otherNamespace();
    ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'port0', 'netns', `${bridge.pid}`);
    bridge.run('ip', 'link', 'add', 'port1', 'type', 'veth', 'peer', 'name', 'far0', 'netns', `${host.pid}`);
    bridge.run('ip', 'link', 'add', 'br0', 'type', 'bridge');
    for (const port of ['port0', 'port1']) {
      bridge.run('ip', 'link', 'set', port, 'master', 'br0', 'up');
    }
    bridge.run('ip', 'link', 'set', 'br0', 'up');
    addressBoth(at, host);
    return {
      sources: [
        probe('arp', { arp: far, interface: name }, everyMs),
        probe('arp (IPv6)', { arp: far6, interface: name }, everyMs),
        probe('ping', { ping: far, interface: name }, everyMs),
      ],
      kill: () => void bridge.run('ip', 'link', 'set', 'port1', 'down'),
      mend: () => void bridge.run('ip', 'link', 'set', 'port1', 'up'),
      [Symbol.dispose]() {
        host[Symbol.dispose]();
        bridge[Symbol.dispose]();
      },
    };
  },
};
