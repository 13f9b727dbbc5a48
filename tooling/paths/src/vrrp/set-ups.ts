import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gateway, keepalived } from '@ifdepd/netlab';
import { type LabDaemon, startLabDaemon } from '../lab-daemon.ts';

/** The addresses of the two virtual routers, and the host behind the upstream. */
export const VIRTUAL = { lan: '192.0.2.9', wan: '198.51.100.9' } as const;
export const SERVER = '198.51.100.100';

/** Milliseconds between two advertisements. */
export const ADVERTS_MS = 100;

/** A way to couple the two virtual routers of a gateway. */
export interface SetUp {
  readonly name: string;
  /** Lines of keepalived for each virtual router. */
  readonly lines: readonly string[];
  /** What ifdepd sets down; null without ifdepd. */
  readonly destinations: ((gateway: Gateway) => readonly object[]) | null;
  /** Whether ifdepd requires a ping of the server, too. */
  readonly pings?: boolean;
}

const vmacs = ['vrrp.51', 'vrrp.52'];

const trackFile = (gateway: Gateway) => join(gateway.folder, 'track');

const admin = {
  lines: [],
  destinations: () => vmacs.map((name) => ({ interface: name })),
};

export const setUps: readonly SetUp[] = [
  { name: 'nothing couples them', lines: [], destinations: null },
  {
    name: 'keepalived: `track_interface` of both',
    lines: ['track_interface { eth0\n eth1 }'],
    destinations: null,
  },
  { name: 'ifdepd: vmacs down', ...admin },
  {
    name: 'ifdepd: vmacs protodown',
    lines: [],
    destinations: () => vmacs.map((name) => ({ interface: name, action: 'protodown' })),
  },
  {
    name: 'ifdepd: `track_file`',
    lines: ['track_file { ifdepd }'],
    destinations: (gateway) => [{ file: trackFile(gateway), up: '0', down: '1' }],
  },
  { name: 'ifdepd: vmacs down, with a ping', ...admin, pings: true },
];

/** Starts keepalived on a gateway, and ifdepd where the set-up has it. */
export async function startGateway(
  program: string,
  gateway: Gateway,
  { lines, destinations, pings = false }: SetUp,
): Promise<AsyncDisposable> {
  writeFileSync(trackFile(gateway), '0');
  const priority = gateway.name === 'a' ? 200 : 100;
  const router = (side: 'lan' | 'wan', name: string, vrid: number) => ({
    interface: name,
    vrid,
    priority,
    address: `${VIRTUAL[side]}/32`,
    lines: [`use_vmac vrrp.${vrid}`, 'vmac_xmit_base', ...lines],
  });
  const routers = [router('lan', 'eth0', 51), router('wan', 'eth1', 52)];
  // Of weight 0: any other number than 0 in it is a fault.
  const files = `track_file ifdepd {\n  file "${trackFile(gateway)}"\n  weight 0\n}`;
  const routing = keepalived(gateway, gateway.folder, routers, ADVERTS_MS, [files]);
  let daemon: LabDaemon | null = null;
  if (destinations !== null) {
    const sources = ['eth0', 'eth1', ...(pings ? [{ probe: 'beyond' }] : [])];
    const group = { require: { all: sources }, destinations: destinations(gateway), 'up-delay': '500ms' };
    const beyond = { ping: SERVER, interface: 'eth1', every: '100ms', timeout: '100ms', fall: 2 };
    const configuration = { groups: { gateway: group }, ...(pings ? { probes: { beyond } } : {}) };
    daemon = await startLabDaemon(program, configuration, ['nsenter', '-t', `${gateway.pid}`, '-n']);
  }
  return {
    async [Symbol.asyncDispose]() {
      await daemon?.[Symbol.asyncDispose]();
      routing[Symbol.dispose]();
    },
  };
}
