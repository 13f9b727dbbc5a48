import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ip } from './ip.ts';
import { enterNewNamespace } from './namespace.ts';
import { type OtherNamespace, otherNamespace } from './other-namespace.ts';

/** The sides of a gateway: `eth0` is plugged into the switch `lan`, `eth1` into the switch `wan`. */
export type Side = 'lan' | 'wan';

/** A gateway in a network namespace of its own. */
export interface Gateway extends OtherNamespace {
  readonly name: 'a' | 'b';
  /** A folder of its own, for files. */
  readonly folder: string;
  /** Pulls a cable at the switch. */
  cut(side: Side): void;
  /** Plugs it in again. */
  repair(side: Side): void;
  /** Whether an interface of it has an IPv4 address. */
  has(address: string): boolean;
}

/**
 * Two gateways between two switches, which are in the namespace of this process. The switches send a gateway nothing for an
 * address that they have not learnt there: otherwise the vmac of a backup forwards for the master.
 */
export interface Gateways extends Disposable {
  readonly a: Gateway;
  readonly b: Gateway;
}

/** Gateway `a` is 192.0.2.1 and 198.51.100.1, `b` is 192.0.2.2 and 198.51.100.2. Both forward. */
export async function twoGateways(): Promise<Gateways> {
  enterNewNamespace();
  for (const side of ['lan', 'wan']) {
    ip('link', 'add', side, 'type', 'bridge', 'mcast_snooping', '0', 'ageing_time', '360000');
    ip('link', 'set', side, 'up');
  }
  const folder = mkdtempSync(join(tmpdir(), 'gateways-'));
  const a = await gateway('a', 1, folder);
  const b = await gateway('b', 2, folder);
  return {
    a,
    b,
    [Symbol.dispose]() {
      a[Symbol.dispose]();
      b[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function gateway(name: 'a' | 'b', number: number, folder: string): Promise<Gateway> {
  const space = await otherNamespace();
  plug(space, `${name}-lan`, 'lan', 'eth0', `192.0.2.${number}/24`);
  plug(space, `${name}-wan`, 'wan', 'eth1', `198.51.100.${number}/24`);
  for (const side of ['lan', 'wan']) {
    ip('link', 'set', `${name}-${side}`, 'type', 'bridge_slave', 'flood', 'off');
  }
  space.run('ip', 'link', 'set', 'lo', 'up');
  space.run('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  const set = (side: Side, to: 'up' | 'down') => void ip('link', 'set', `${name}-${side}`, to);
  return {
    ...space,
    name,
    folder: mkdtempSync(join(folder, `${name}-`)),
    cut: (side) => set(side, 'down'),
    repair: (side) => set(side, 'up'),
    has: (address) => space.run('ip', '-4', '-o', 'addr').includes(` ${address}/`),
  };
}

/** Makes an interface in a namespace, with a cable to a switch of this one. */
export function plug(space: OtherNamespace, cable: string, to: Side, name: string, address: string): void {
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', name, 'netns', `${space.pid}`);
  ip('link', 'set', cable, 'master', to, 'up');
  space.run('ip', 'addr', 'add', address, 'dev', name);
  space.run('ip', 'link', 'set', name, 'up');
}
