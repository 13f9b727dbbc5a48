import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ip } from '@ifdepd/netlab';
import type { Death } from '../death.ts';
import { farHost, near } from '../far-host.ts';

/** The default route is deleted. */
export const routeGone: Death = {
  number: 5,
  name: 'default route gone',
  async make({ at }) {
    const { far, name } = near(at);
    const host = await farHost(at);
    const mend = () => void ip('route', 'add', 'default', 'via', far, 'dev', name);
    mend();
    return {
      sources: [{ name: 'route', require: { probe: { route: 'default' } }, everyMs: null, within: 0 }],
      kill: () => void ip('route', 'del', 'default'),
      mend,
      [Symbol.dispose]: () => host[Symbol.dispose](),
    };
  },
};

/** The address is removed, as a DHCP client does when its lease has expired. */
export const addressGone: Death = {
  number: 5,
  name: 'address gone',
  async make({ at }) {
    const { own, name } = near(at);
    const host = await farHost(at);
    return {
      sources: [
        {
          name: 'address',
          require: { probe: { address: name, family: 'ipv4' } },
          everyMs: null,
          within: 0,
        },
      ],
      kill: () => void ip('addr', 'del', `${own}/24`, 'dev', name),
      mend: () => void ip('addr', 'add', `${own}/24`, 'dev', name),
      [Symbol.dispose]: () => host[Symbol.dispose](),
    };
  },
};

/** A program of this machine ends: its process is asked for, and its file goes. */
export const serviceDead: Death = {
  number: 12,
  name: 'a service of this machine ends',
  async make({ at, everyMs, folder }) {
    const pidFile = join(folder, `service${at}.pid`);
    let service: ChildProcess | undefined;
    const mend = (): void => {
      service = spawn('sleep', ['3600'], { stdio: 'ignore' });
      writeFileSync(pidFile, `${service.pid}\n`);
    };
    const kill = (): void => {
      service?.kill();
      rmSync(pidFile, { force: true });
    };
    mend();
    // The script ends by itself: its default limit, the interval, would hold a busy machine for a dead service.
    const isRunning = { exec: ['sh', '-c', 'kill -0 "$(cat "$0")"', pidFile], timeout: '30s' };
    return {
      sources: [
        { name: 'exec', require: { check: { ...isRunning, every: `${everyMs}ms` } }, everyMs, within: 3 },
        { name: 'file', require: { check: { file: pidFile } }, everyMs: null, within: 0 },
      ],
      kill,
      mend,
      [Symbol.dispose]: kill,
    };
  },
};
