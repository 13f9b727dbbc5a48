import { ip, type OtherNamespace, otherNamespace } from '@ifdepd/netlab';
import { addressBoth, near } from './far-host.ts';

/** A far host behind a switch: the cable from here to the switch keeps its carrier. */
export interface SwitchedHost extends Disposable {
  readonly host: OtherNamespace;
  /** Whether the switch forwards from and to the host. Its cable keeps its carrier, so that the host does not know. */
  forward(yes: boolean): void;
}

/** States of a port, of linux/if_bridge.h. */
const DISABLED = '0';
const FORWARDING = '3';

/** Makes `eth` and a number here, with the addresses of {@link near} there and at the host. */
export async function switchedHost(at: number): Promise<SwitchedHost> {
  const bridge = await otherNamespace();
  const host = await otherNamespace();
  ip('link', 'add', near(at).name, 'type', 'veth', 'peer', 'name', 'port0', 'netns', `${bridge.pid}`);
  bridge.run('ip', 'link', 'add', 'port1', 'type', 'veth', 'peer', 'name', 'far0', 'netns', `${host.pid}`);
  bridge.run('ip', 'link', 'add', 'br0', 'type', 'bridge');
  for (const port of ['port0', 'port1']) {
    bridge.run('ip', 'link', 'set', port, 'master', 'br0', 'up');
  }
  bridge.run('ip', 'link', 'set', 'br0', 'up');
  addressBoth(at, host);
  return {
    host,
    forward: (yes) =>
      void bridge.run('bridge', 'link', 'set', 'dev', 'port1', 'state', yes ? FORWARDING : DISABLED),
    [Symbol.dispose]() {
      host[Symbol.dispose]();
      bridge[Symbol.dispose]();
    },
  };
}
