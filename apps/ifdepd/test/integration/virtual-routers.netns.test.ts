import { type Gateway, type Gateways, keepalived, keepalivedFault, twoGateways, until } from '@ifdepd/netlab';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { configFile } from '../support/config-file.ts';
import { daemon, runToEnd, socket } from '../support/program.ts';

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
  });

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
