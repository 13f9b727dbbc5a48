import { ip, until } from '@ifdepd/netlab';
import { farHost, near, services } from '@ifdepd/paths';
import { expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, type Running, runToEnd, socket } from '../support/program.ts';

const { name, far, far6 } = near(1);
const PACE = 'every: 100ms, timeout: 1s, fall: 2';

/** A probe of each kind that asks a host, and what the daemon calls it. */
const KINDS = {
  ping: { probe: `{ping: ${far}, ${PACE}}`, label: far },
  arp: { probe: `{arp: ${far}, interface: ${name}, ${PACE}}`, label: `${far} on ${name}` },
  neighbour: { probe: `{arp: "${far6}", interface: ${name}, ${PACE}}`, label: `${far6} on ${name}` },
  tcp: { probe: `{tcp: "${far}:80", ${PACE}}`, label: `${far} port 80` },
  http: { probe: `{http: "http://${far}/", ${PACE}}`, label: `http://${far}/` },
  dns: { probe: `{dns: example.net, server: ${far}, ${PACE}}`, label: `${far} asked for example.net` },
} as const;

const names = Object.keys(KINDS);

const rules = `groups: {path: {require: {any: [${names.map((kind) => `{probe: ${kind}}`).join(', ')}]}, destinations: [carp0]}}
probes:
${Object.entries(KINDS)
  .map(([kind, { probe }]) => `  ${kind}: ${probe}`)
  .join('\n')}
metrics: {listen: 9817}
`;

async function ask(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd([...words, '--socket', socket]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const hasSaid = ({ lines }: Running, kind: string, words: string) =>
  lines.some((line) => line.includes(`probe ${kind} ${words}`));

test('status, explain, events and metrics have a probe of each kind with its round trip, and with its reason when it fails', async () => {
  using lab = host('carp0');
  using other = await farHost(1);
  using _running = await other.serve(services);
  using file = configFile(rules);
  await using running = await daemon(['-v', '-f', file.path, '--socket', socket]);
  await until('each probe to be active', () => names.every((kind) => hasSaid(running, kind, 'is active')));
  const status = await ask('status');
  const metrics = await (await fetch('http://127.0.0.1:9817/metrics')).text();
  for (const kind of names) {
    expect(status).toMatch(new RegExp(`probe:${kind} +active .*: (\\d+) of \\1 answered, [\\d.]+ ms`));
    expect(metrics).toMatch(
      new RegExp(`^ifdepd_probe_rtt_seconds\\{source="probe:${kind}"\\} [\\d.e-]+$`, 'm'),
    );
    expect(metrics).toContain(`\nifdepd_probe_loss_ratio{source="probe:${kind}"} 0\n`);
  }

  ip('link', 'set', name, 'down');
  await lab.allAre('down', ['carp0']);
  const report = JSON.parse(await ask('status', '--json')) as StatusReport;
  const [explained, events] = [await ask('explain', 'carp0'), await ask('events')];
  for (const [kind, { label }] of Object.entries(KINDS)) {
    const source = report.groups[0]?.sources.find(({ id }) => id === `probe:${kind}`);
    expect(source).toMatchObject({ health: 'failed' });
    expect(source?.reason).toMatch(/: \d+ of \d+ probes (?:unanswered|failed) for [\d.]+ s/);
    expect(source?.reason.startsWith(`${label}: `), source?.reason).toBe(true);
    expect(explained).toContain(`probe:${kind} failed (${label}: `);
    expect(events).toContain(`probe ${kind} failed: ${label}: `);
  }
});

test('check names each probe that cannot be sent, and its reason', async () => {
  using _lab = host('carp0');
  using _other = await farHost(1);
  using file = configFile(rules);
  const before = await runToEnd(['check', '-f', file.path]);
  expect(before).toMatchObject({ code: 0, stdout: expect.not.stringContaining('cannot be sent') });
  ip('link', 'set', name, 'down');
  const { stdout } = await runToEnd(['check', '-f', file.path]);
  for (const kind of ['ping', 'tcp', 'http', 'dns']) {
    expect(stdout).toContain(`probe ${kind}: cannot be sent at present: there is no route to ${far}\n`);
  }
});

test('a ping without CAP_NET_RAW has no verdict, and the reason names the right', async () => {
  using _lab = host('carp0');
  using _other = await farHost(1);
  using file = configFile(
    `groups: {path: {require: {probe: ping}, destinations: [carp0]}}\nprobes: {ping: ${KINDS.ping.probe}}\n`,
  );
  const under = ['setpriv', '--bounding-set', '-net_raw', '--'];
  const { stdout } = await runToEnd(['check', '-f', file.path], { under });
  const words = 'ICMP needs CAP_NET_RAW, or a group of this process in net.ipv4.ping_group_range';
  expect(stdout).toContain(`probe ping: cannot be sent at present: ${words}`);
  await using running = await daemon(['-v', '-f', file.path, '--socket', socket], { under });
  await until('the reason', () => running.lines.some((line) => line.includes(words)));
  expect(await ask('status')).toMatch(/probe:ping +unknown .*ICMP needs CAP_NET_RAW/);
});
