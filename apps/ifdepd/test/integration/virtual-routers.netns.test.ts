import { type Gateway, type Gateways, keepalived, keepalivedFault, twoGateways, until } from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { configFile } from '../support/config-file.ts';
import { daemon, type Running, run, runToEnd, socket } from '../support/program.ts';

const VIRTUAL = '192.0.2.9';
const EVERY_MS = 100;

let lab: Gateways;
const parts: Disposable[] = [];

beforeEach(async () => {
  expect(keepalivedFault()).toBeNull();
  lab = await twoGateways();
  parts.push(lab);
});

afterEach(() => {
  for (const part of parts.splice(0).reverse()) {
    part[Symbol.dispose]();
  }
});

/** Starts keepalived on a gateway, its virtual address on a vmac. */
function route(gateway: Gateway, priority: number): Disposable {
  const lines = ['use_vmac vrrp.51', 'vmac_xmit_base'];
  const router = { interface: 'eth0', vrid: 51, priority, address: `${VIRTUAL}/24`, lines };
  const routing = keepalived(gateway, gateway.folder, [router], EVERY_MS);
  parts.push(routing);
  return routing;
}

/** Waits until the virtual address is on these gateways and on no other one. */
async function areMaster(...names: readonly string[]): Promise<void> {
  await until(`master: ${names.join(' ') || 'none'}`, () => masters().join() === names.join());
}

function masters(): readonly string[] {
  return [lab.a, lab.b].filter((one) => one.has(VIRTUAL)).map(({ name }) => name);
}

function on(gateway: Gateway) {
  return { under: ['nsenter', '-t', `${gateway.pid}`, '-n'] };
}

const PROBES = `probes:
  master:  {vrrp: 51, interface: eth0, every: ${EVERY_MS}ms}
  partner: {peer: 51, interface: eth0, every: ${EVERY_MS}ms}
`;

test('a node knows from adverts whether it is master and whether another router is', async () => {
  route(lab.a, 200);
  await areMaster('a');
  using file = configFile(`groups:
  master: {require: {probe: master}, destinations: [{file: ${lab.a.folder}/master, up: "1", down: "0"}]}
  partner: {require: {probe: partner}, destinations: [{file: ${lab.a.folder}/partner, up: "1", down: "0"}]}
metrics: {listen: 9817}
${PROBES}`);
  await using running = await daemon(['-v', '-f', file.path, '--socket', socket], on(lab.a));
  await running.line(/probe master is active/);
  await running.line(/probe partner failed: no advert of another router for VRID 51 on eth0 for \d\.\d s$/);
  const explained = async (name: string) => (await runToEnd(['explain', name, '--socket', socket])).stdout;
  expect(await explained('partner')).toContain('no advert of another router for VRID 51 on eth0 for');

  const other = route(lab.b, 250);
  await running.line(/probe master failed: 192\.0\.2\.2 is master of VRID 51 on eth0 with priority 250$/);
  await running.line(/probe partner is active/);
  const status = JSON.parse(
    (await runToEnd(['status', '--json', '--socket', socket])).stdout,
  ) as StatusReport;
  expect(status.groups[1]?.sources[0]).toMatchObject({
    id: 'probe:partner',
    health: 'active',
    reason: '192.0.2.2 advertises VRID 51 on eth0 with priority 250',
    detail: { heard: expect.any(Number), ignored: 0, last: { priority: 250, intervalMs: EVERY_MS } },
  });
  const { stdout: events } = await runToEnd(['events', '--json', '--socket', socket]);
  expect(events).toMatch(/"source":"probe:partner"[^}]*"to":"active"/);
  expect(events).toMatch(/"source":"probe:master"[^}]*"to":"failed"/);

  const metrics = lab.a.run(
    process.execPath,
    '-e',
    "fetch('http://127.0.0.1:9817/metrics').then((answer) => answer.text()).then(console.log)",
  );
  expect(metrics).toMatch(/^ifdepd_probe_adverts_total\{source="probe:partner"\} [1-9]/m);
  expect(metrics).toMatch(/^ifdepd_probe_ignored_packets_total\{source="probe:partner"\} 0$/m);

  other[Symbol.dispose]();
  await running.line(/probe partner failed: 192\.0\.2\.2 has given up VRID 51 on eth0$/);
  await areMaster('a');
});

test('a node that sets its vmac down hears the adverts of the partner on the interface under it', async () => {
  route(lab.a, 200);
  route(lab.b, 100);
  await areMaster('a');
  using file = configFile(`groups:
  gateway: {sources: [eth0, eth1], destinations: [vrrp.51]}
  partner: {require: {probe: partner}, destinations: [{file: ${lab.a.folder}/partner, up: "1", down: "0"}]}
${PROBES}`);
  await using running = await daemon(['-v', '-f', file.path], on(lab.a));
  await running.line(/probe partner failed/);
  lab.a.cut('wan');
  await areMaster('b');
  await running.line(/probe partner is active/);
  lab.a.repair('wan');
  await areMaster('a');
});

/** The rule of the manual page, and its delays in the pace of these adverts. */
function guarded(upDelay: string, downDelay: string): string {
  return `groups:
  gateway:
    require:
      any:
        - all: [eth0, eth1]
        - all: [eth0, {group: alone}, {not: {probe: partner}}]
    destinations: [vrrp.51]
  alone:
    require: {all: [eth0, {not: {probe: master}}, {not: {probe: partner}}]}
    up-delay: ${upDelay}
    down-delay: ${downDelay}
${PROBES}`;
}

/** Starts a daemon on each gateway, and waits until each knows what its probes find. */
async function both(
  a: string,
  b: string,
): Promise<AsyncDisposable & { readonly a: Running; readonly b: Running }> {
  const start = (gateway: Gateway, text: string) => {
    const file = configFile(text);
    parts.push(file);
    return run(['-v', '-f', file.path, '--no-socket'], on(gateway));
  };
  const started = { a: start(lab.a, a), b: start(lab.b, b) };
  for (const one of [started.a, started.b]) {
    await one.line(/watching |ready: /);
  }
  return {
    ...started,
    async [Symbol.asyncDispose]() {
      await started.a[Symbol.asyncDispose]();
      await started.b[Symbol.asyncDispose]();
    },
  };
}

test('without a guard, two gateways give the address up when their shared upstream dies', async () => {
  route(lab.a, 200);
  route(lab.b, 100);
  await areMaster('a');
  const plain = 'groups: {gateway: {sources: [eth0, eth1], destinations: [vrrp.51]}}\n';
  await using _daemons = await both(plain, plain);
  lab.a.cut('wan');
  lab.b.cut('wan');
  await areMaster();
  lab.b.repair('wan');
  await areMaster('b');
});

test('one gateway keeps the address when their shared upstream dies, with the guard', async () => {
  route(lab.a, 200);
  route(lab.b, 100);
  await areMaster('a');
  await using daemons = await both(guarded('500ms', '60s'), guarded('1200ms', '60s'));
  await daemons.a.line(/probe partner failed/);
  await daemons.b.line(/probe partner is active/);

  // One cable: the guard holds no failover up.
  lab.a.cut('wan');
  await areMaster('b');
  lab.a.repair('wan');
  await areMaster('a');

  lab.a.cut('wan');
  lab.b.cut('wan');
  await daemons.a.line(/alone: coming-up -> up/);
  await areMaster('a');
  lab.a.repair('wan');
  lab.b.repair('wan');
  await until('vrrp.51 of the other gateway to be up', () => isUp(lab.b));
  expect(masters()).toEqual(['a']);
});

test('a gateway that is alone without an upstream yields now and then, and a partner that was repaired takes over', async () => {
  route(lab.a, 200);
  route(lab.b, 100);
  await areMaster('a');
  await using daemons = await both(guarded('500ms', '3s'), guarded('1200ms', '3s'));
  lab.a.cut('wan');
  lab.b.cut('wan');
  await daemons.a.line(/alone: coming-up -> up/);
  await areMaster('a');
  lab.b.repair('wan');
  await areMaster('b');
  await until('the other gateway to be down', () => !isUp(lab.a));
});

test('the short guard keeps a master up that hears nobody: also where a partner could take over', async () => {
  route(lab.a, 200);
  route(lab.b, 100);
  await areMaster('a');
  const short = `groups:
  gateway: {require: {any: [{all: [eth0, eth1]}, {not: {probe: partner}}]}, destinations: [vrrp.51]}
${PROBES}`;
  await using daemons = await both(short, short);
  await daemons.a.line(/probe partner failed/);
  await daemons.b.line(/probe partner is active/);
  lab.a.cut('wan');
  lab.b.cut('wan');
  await until('the other gateway to be down', () => !isUp(lab.b));
  expect(masters()).toEqual(['a']);
  lab.b.repair('wan');
  await until('the other gateway to be up', () => isUp(lab.b));
  expect(masters()).toEqual(['a']);
});

function isUp(gateway: Gateway): boolean {
  return /<[^>]*\bUP\b/.test(gateway.run('ip', '-o', 'link', 'show', 'vrrp.51'));
}
