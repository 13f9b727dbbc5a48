import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Keepalived, keepalived, keepalivedFault } from '@ifdepd/netlab';
import type { Death, LabSource, Plot } from '../death.ts';
import { near } from '../far-host.ts';
import { switchedHost } from '../switched-host.ts';

const VRID = 51;

/** Starts a router of the virtual one in a network namespace, by a process in it. */
function router(pid: number, { at, everyMs, folder }: Plot, name: string, priority: number): Keepalived {
  const own = join(folder, `${name}${at}`);
  mkdirSync(own);
  const virtual = { interface: name, vrid: VRID, priority, address: `198.18.${at}.51/24` };
  return keepalived({ pid }, own, [virtual], everyMs);
}

function source(kind: 'peer' | 'vrrp', { at, everyMs }: Plot): LabSource {
  const settings = { [kind]: VRID, interface: near(at).name, every: `${everyMs}ms` };
  return { name: kind, require: { probe: settings }, everyMs, within: 3 };
}

/** Another router with a higher priority is heard, and has the role. */
export const isBackup: Death = {
  number: 10,
  name: 'this node becomes backup',
  fault: keepalivedFault,
  async make(plot) {
    const behind = await switchedHost(plot.at);
    behind.forward(false);
    const own = router(process.pid, plot, near(plot.at).name, 100);
    const other = router(behind.host.pid, plot, 'far0', 250);
    return {
      sources: [source('vrrp', plot)],
      kill: () => behind.forward(true),
      mend: () => behind.forward(false),
      [Symbol.dispose]() {
        own[Symbol.dispose]();
        other[Symbol.dispose]();
        behind[Symbol.dispose]();
      },
    };
  },
};

/** The other router is cut off without a word: nobody else could take over. */
export const peerDead: Death = {
  number: 11,
  name: 'nobody else could take over',
  fault: keepalivedFault,
  async make(plot) {
    const behind = await switchedHost(plot.at);
    const other = router(behind.host.pid, plot, 'far0', 250);
    return {
      sources: [source('peer', plot)],
      kill: () => behind.forward(false),
      mend: () => behind.forward(true),
      [Symbol.dispose]() {
        other[Symbol.dispose]();
        behind[Symbol.dispose]();
      },
    };
  },
};
