import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { busyLoops } from '@ifdepd/faults';
import { enterNewNamespace, ip, ipBatch, type OtherNamespace, until } from '@ifdepd/netlab';
import { farHost, near } from './far-host.ts';
import { startLabDaemon } from './lab-daemon.ts';

/** What came of it. */
export interface Soak {
  /** Echo requests that the far host received, by its kernel. */
  readonly probes: number;
  /** What the daemon said of a probe that it held for failed. */
  readonly falseAlarms: readonly string[];
  /** Changes of links of the storm, in a second. */
  readonly stormPerSecond: number;
  readonly seconds: number;
  /** Of a core, that the daemon took, from 0 to 1. */
  readonly share: number;
}

/** Targets, and milliseconds between two probes of each: 5,000 probes a second. */
const TARGETS = 500;
const EVERY_MS = 100;

/** Links that are set up and down all the time. */
const STORM = 50;

/** Probes a host that answers, until it has received so many requests, beside a storm of links and a busy loop on every core. */
export async function soak(program: string, wanted: number): Promise<Soak> {
  enterNewNamespace();
  using far = await farHost(1);
  const { name } = near(1);
  const addresses = Array.from({ length: TARGETS }, (_, at) => `198.19.${at >> 8}.${at & 0xff}`);
  for (const address of addresses) {
    far.run('ip', 'addr', 'add', `${address}/32`, 'dev', 'far0');
  }
  ip('route', 'add', '198.19.0.0/16', 'via', near(1).far, 'dev', name);
  ip('link', 'add', 'dst0', 'type', 'veth', 'peer', 'name', 'dst0-x');
  const names = addresses.map((_, at) => `p${at}`);
  await using daemon = await startLabDaemon(program, {
    groups: {
      all: { require: { all: names.map((probe) => ({ probe })) }, destinations: ['dst0'] },
    },
    probes: Object.fromEntries(addresses.map((ping, at) => [`p${at}`, { ping, every: `${EVERY_MS}ms` }])),
  });
  const isActive = (probe: string): boolean =>
    daemon.changes.some(({ subject, to }) => subject === `probe:${probe}` && to === 'active');
  await until('each probe to be active', () => names.every(isActive));

  await using _loops = busyLoops();
  await using storm = startStorm();
  const began = { at: performance.now(), cpuMs: daemon.facts().cpuMs, changes: daemon.changes.length };
  const before = requests(far);
  await until(
    () => `${wanted} requests; there are ${requests(far) - before}`,
    () => requests(far) - before >= wanted,
    (10 * 1000 * wanted) / ((TARGETS * 1000) / EVERY_MS),
  );
  const ms = performance.now() - began.at;
  return {
    probes: requests(far) - before,
    falseAlarms: daemon.changes
      .slice(began.changes)
      .filter(({ event, to }) => event === 'source' && to !== 'active')
      .map(({ message }) => message),
    stormPerSecond: storm.changes() / (ms / 1000),
    seconds: ms / 1000,
    share: (daemon.facts().cpuMs - began.cpuMs) / ms,
  };
}

/** Echo requests that a host has received: InEchos of /proc/net/snmp. */
function requests(host: OtherNamespace): number {
  const [names = [], values = []] = host
    .run('cat', '/proc/net/snmp')
    .split('\n')
    .filter((line) => line.startsWith('Icmp:'))
    .map((line) => line.split(' '));
  return Number(values[names.indexOf('InEchos')]);
}

/** Sets links up and down, as fast as ip(8) can. */
function startStorm(): AsyncDisposable & { changes(): number } {
  const links = Array.from({ length: STORM }, (_, at) => `storm${at}`);
  ipBatch(links.map((link) => `link add ${link} type veth peer name ${link}-x`));
  const lines = ['up', 'down'].flatMap((way) => links.map((link) => `link set ${link} ${way}`));
  let rounds = 0;
  let over = false;
  let running: ChildProcess;
  const next = (): void => {
    running = spawn('ip', ['-batch', '-'], { stdio: ['pipe', 'ignore', 'inherit'] });
    running.stdin?.end(`${lines.join('\n')}\n`);
    running.once('close', () => {
      if (!over) {
        rounds += 1;
        next();
      }
    });
  };
  next();
  return {
    changes: () => rounds * lines.length,
    async [Symbol.asyncDispose]() {
      over = true;
      if (running.exitCode === null) {
        await once(running, 'close');
      }
    },
  };
}
