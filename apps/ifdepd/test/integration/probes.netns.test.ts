import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ip, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { configFile } from '../support/config-file.ts';
import { host } from '../support/host.ts';
import { daemon, program, runToEnd, socket } from '../support/program.ts';

const GATEWAY = '192.0.2.1';

/** Two groups that require one probe of the gateway. */
const rules = (probe: string) => `groups:
  one: {require: {all: [em0, {probe: gateway}]}, destinations: [carp0]}
  two: {require: {probe: gateway}, destinations: [carp1]}
probes:
  gateway: ${probe}
`;

const PING = `{ping: ${GATEWAY}, every: 100ms, timeout: 1s, fall: 3}`;

/** The gateway is this host itself: without its address there is no route to it. */
const answer = () => ip('addr', 'add', `${GATEWAY}/32`, 'dev', 'lo');
const beSilent = () => ip('addr', 'del', `${GATEWAY}/32`, 'dev', 'lo');

/** Sockets of this namespace that can send an echo request: a line each, after the line with the titles. */
const pingSockets = () =>
  ['icmp', 'raw'].flatMap((kind) =>
    readFileSync(`/proc/thread-self/net/${kind}`, 'latin1').trim().split('\n').slice(1),
  );

async function ask(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd([...words, '--socket', socket]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

test('a group follows its probe, and a probe that two groups name runs once', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  answer();
  using file = configFile(rules(PING));
  await using running = await daemon(['-v', '-f', file.path, '--socket', socket]);
  await running.line(/probe gateway is active/);
  await lab.allAre('up', ['carp0', 'carp1']);
  expect(pingSockets()).toHaveLength(1);

  beSilent();
  await lab.allAre('down', ['carp0', 'carp1']);
  const words =
    /192\.0\.2\.1: 3 of 3 probes failed for \d\.\d s: 192\.0\.2\.1: network is unreachable \(connect: ENETUNREACH\)/;
  await running.line(new RegExp(`probe gateway failed: ${words.source}`));
  expect(await ask('explain', 'carp1')).toMatch(
    /^carp1 is down because probe:gateway failed \(192\.0\.2\.1: 3 of 3 probes failed/,
  );
  const report = JSON.parse(await ask('status', '--json')) as StatusReport;
  const probes = report.groups.flatMap(({ sources }) => sources.filter(({ id }) => id === 'probe:gateway'));
  expect(probes).toHaveLength(2);
  const detail = { sent: expect.any(Number), received: expect.any(Number), lossPercent: expect.any(Number) };
  expect(probes[0]).toMatchObject({ health: 'failed', reason: expect.stringMatching(words), detail });

  answer();
  await lab.allAre('up', ['carp0', 'carp1']);
  expect(await ask('status')).toMatch(/probe:gateway +active .*192\.0\.2\.1: \d+ of \d+ answered, [\d.]+ ms/);
  expect(running.lines.filter((line) => line.includes('probe gateway failed'))).toHaveLength(1);
});

test('the metrics have the round trip and the loss of a probe', async () => {
  using _lab = host('em0', 'carp0', 'carp1');
  answer();
  using file = configFile(`${rules(PING)}metrics: {listen: 9817}\n`);
  await using running = await daemon(['-v', '-f', file.path]);
  await running.line(/probe gateway is active/);
  const text = await (await fetch('http://127.0.0.1:9817/metrics')).text();
  expect(text).toMatch(/^ifdepd_probe_rtt_seconds\{source="probe:gateway"\} 0\.\d+$/m);
  expect(text).toContain('\nifdepd_probe_loss_ratio{source="probe:gateway"} 0\n');
  expect(text).toContain('\nifdepd_source_active{source="probe:gateway"} 1\n');
});

test('a reload begins with new probes, and ends old ones', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  using file = configFile(rules(PING));
  await using running = await daemon(['-v', '-f', file.path]);
  await lab.allAre('down', ['carp0', 'carp1']);
  file.write(rules('{tcp: "127.0.0.1:1", every: 100ms, fall: 1}'));
  running.signal('SIGHUP');
  await running.line(/reloaded/);
  await running.line(/probe gateway failed: 127\.0\.0\.1 port 1: .*connection refused/);
  file.write(rules('{ping: 127.0.0.1, every: 100ms}'));
  running.signal('SIGHUP');
  await lab.allAre('up', ['carp0', 'carp1']);
});

test('a probe whose name cannot be resolved is unknown, says why, and its group changes nothing', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  using file = configFile(rules('{ping: gateway.invalid, every: 100ms}'));
  await using running = await daemon(['-v', '-f', file.path, '--socket', socket]);
  await running.line(/ready: /);
  await until('the reason', () => running.lines.some((line) => line.includes('cannot resolve the name')));
  expect(lab.isUp('carp1')).toBe(true);
  expect(await ask('status')).toMatch(/probe:gateway +unknown .*cannot resolve the name gateway\.invalid/);
});

test('--once decides by one answer of each probe', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  using file = configFile(rules(PING));
  expect(await runToEnd(['--once', '-f', file.path])).toMatchObject({ code: 0 });
  expect([lab.isUp('carp0'), lab.isUp('carp1')]).toEqual([false, false]);
  answer();
  expect(await runToEnd(['--once', '-f', file.path])).toMatchObject({ code: 0 });
  expect([lab.isUp('carp0'), lab.isUp('carp1')]).toEqual([true, true]);
});

test('check names a probe without a route, one through a destination, and an interface that is not there', async () => {
  using _lab = host('em0', 'carp0', 'carp1');
  using file = configFile(`${rules('{ping: 203.0.113.1}')}  away: {tcp: "192.0.2.1:1", interface: carp0}\n`);
  const { code, stdout } = await runToEnd(['check', '-f', file.path]);
  expect(code).toBe(0);
  expect(stdout).toContain('probe gateway: cannot be sent at present: there is no route to 203.0.113.1\n');
  expect(stdout).toContain(
    'away: no group requires this probe, so what it finds changes nothing: {probe: away}\n',
  );

  file.write(rules('{arp: 192.0.2.1, interface: em7}'));
  const missing = await runToEnd(['check', '-f', file.path]);
  expect(missing.code).toBe(1);
  expect(missing.stdout).toContain('em7: no such interface (source)');
  const refused = await runToEnd(['--once', '-f', file.path]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('no such interface: em7') });
});

test('completion of explain offers the groups of a daemon with probes, and no names of probes', async () => {
  using _lab = host('em0', 'carp0', 'carp1');
  answer();
  using file = configFile(rules(PING));
  await using running = await daemon(['-v', '-f', file.path, '--socket', socket]);
  await running.line(/probe gateway is active/);
  const { stdout: completion } = await runToEnd(['completion', 'bash']);
  const script = `ifdepd() { printf %s "$STATUS"; }
    ${completion}
    COMP_WORDBREAKS=' ' COMP_WORDS=(ifdepd explain '') COMP_CWORD=2
    _ifdepd
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { ...process.env, STATUS: await ask('status', '--json') };
  const bash = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env });
  expect(bash).toMatchObject({ stderr: '', stdout: 'one\ntwo\n' });
});

test('plan sends no probe, and names the one that decides about a destination', async () => {
  using lab = host('em0', 'carp0', 'carp1');
  answer();
  lab.netif.setAdmin('em0', 'down');
  lab.netif.setAdmin('carp1', 'down');
  using file = configFile(rules(PING));
  const { code, stdout } = await runToEnd(['plan', '-f', file.path]);
  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
    'carp0 would be set down at once one: em0 failed (admin down)',
    'carp1 stays down two: probe:gateway unknown (not probed yet)',
    '',
  ]);
  const report = JSON.parse((await runToEnd(['plan', '--json', '-f', file.path])).stdout) as object;
  expect(report).toMatchObject({
    changes: [
      { destination: 'carp0', to: 'down' },
      { destination: 'carp1', to: null, group: 'two', blame: ['probe:gateway unknown (not probed yet)'] },
    ],
  });
});

test('the graph and a simulation know probes', async () => {
  using file = configFile(rules(PING));
  const graph = await runToEnd(['graph', '-f', file.path]);
  expect(graph).toMatchObject({ code: 0, stdout: expect.stringContaining('probe:gateway') });
  using timeline = configFile('');
  timeline.write('1s probe:gateway failed unanswered\n');
  const simulated = await runToEnd(['simulate', '-f', file.path, timeline.path]);
  expect(simulated).toMatchObject({ code: 0, stdout: expect.stringContaining('probe:gateway') });
});

test.each([
  ['sends probes', 'ping_group_range'],
  ['watches routes', 'function watchRoutes'],
])('neither the core nor the reader of files contains the code that %s', (_, words) => {
  const folder = dirname(program);
  const files = readdirSync(folder).filter((name) => name.endsWith('.cjs'));
  const holders = files.filter((name) => readFileSync(join(folder, name), 'latin1').includes(words));
  const loaders = files.filter((name) => /^(?:main|core|load-settings)\b/.test(name));
  const reached = new Set<string>();
  const reach = (name: string): void => {
    if (!reached.has(name)) {
      reached.add(name);
      for (const [, next = ''] of readFileSync(join(folder, name), 'latin1').matchAll(
        // Later ones are within a function.
        /^var \w+ = require\("\.\/([^"]+)"\)/gm,
      )) {
        reach(next);
      }
    }
  };
  for (const name of loaders) {
    reach(name);
  }
  expect(loaders.length).toBeGreaterThanOrEqual(3);
  expect(holders).not.toEqual([]);
  expect(holders.filter((name) => reached.has(name))).toEqual([]);
});
