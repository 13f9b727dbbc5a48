import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { ip, until } from '@ifdepd/netlab';
import { farHost, near, services } from '@ifdepd/paths';
import { expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { host } from '../support/host.ts';
import { systemd, systemdFault } from '../support/systemd.ts';

const noSystemd = systemdFault();

/** Everything that ifdepd.conf(5) shows of checks, hooks, files and metrics, with interfaces of the test. */
const CONFIGURATION = `groups:
  uplinks:
    require:
      all:
        - {at-least: 1, of: [eth0, eth1]}
        - {check: upstream}
        - {check: page}
        - {check: maintenance}
    destinations:
      - vrrp51
      - {file: /run/keepalived/track, up: "0", down: "1"}
checks:
  maintenance: {file: /etc/ifdepd/maintenance, active-when: missing}
  upstream:    {exec: [ping, -c1, -W1, 192.0.2.1], every: 200ms, timeout: 5s, rise: 1, fall: 1}
  page:        {exec: [curl, -sf, -o, /dev/null, "http://192.0.2.1:8080/page"], every: 200ms, timeout: 5s, rise: 1, fall: 1}
hooks:
  - {on: [up, down], exec: [sh, -c, 'curl -s "http://192.0.2.1:8080/hook?$IFDEPD_TO"'], timeout: 10s}
metrics: {listen: "192.0.2.2:9817"}
`;

/** A web server of another host, as far as the sandbox can tell: at an address that is not localhost. */
function webServer() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('ok');
  });
  server.listen(8080, '192.0.2.1');
  return {
    asked,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('under the unit alone, the sandbox keeps ping and curl from an address that answers', async ({
  skip,
}) => {
  skip(noSystemd !== null, noSystemd ?? '');
  using _lab = host('eth0', 'eth1', 'vrrp51');
  ip('link', 'set', 'lo', 'up');
  ip('address', 'add', '192.0.2.1/32', 'dev', 'lo');
  using _web = webServer();
  // The file destination and the metrics apart.
  const text = CONFIGURATION.replace(/^.*(?:keepalived|metrics).*\n/gm, '');
  await using manager = await systemd(text);
  expect(manager.run('ping', '-c1', '192.0.2.1').status).toBe(0);
  expect(manager.run('systemctl', 'start', 'ifdepd').status).toBe(0);
  const failed = () => {
    const { stdout } = manager.run('ifdepd', 'status', '--json');
    const { groups } = JSON.parse(stdout) as StatusReport;
    return groups.flatMap(({ sources }) =>
      sources.flatMap(({ id, health }) => (health === 'failed' ? [id] : [])),
    );
  };
  await until(
    () => `both checks to fail: ${failed()}`,
    () => ['check:upstream', 'check:page'].every((one) => failed().includes(one)),
  );
  // The start warns of what check warns of.
  const warned = () =>
    manager
      .run('ifdepd', 'events', '--json')
      .stdout.split('\n')
      .flatMap((line) => /"msg":"((?:check|hook)[^"]*\(ifdepd\.service\))"/.exec(line)?.[1] ?? []);
  const found = manager.run('ifdepd', 'check', '-f', '/etc/ifdepd.conf').stdout;
  await until(
    () => `the same warnings: ${warned().join('\n')}`,
    () => warned().length === 3 && warned().every((message) => found.includes(`warning: ${message}\n`)),
  );
});

test('under the unit, check names the drop-ins that a configuration needs, and with them all of it works', async ({
  skip,
}) => {
  skip(noSystemd !== null, noSystemd ?? '');
  using lab = host('eth0', 'eth1', 'vrrp51');
  ip('link', 'set', 'lo', 'up');
  ip('address', 'add', '192.0.2.1/32', 'dev', 'lo');
  ip('address', 'add', '192.0.2.2/32', 'dev', 'lo');
  using web = webServer();
  await using manager = await systemd(CONFIGURATION);
  manager.run('sh', '-c', 'mkdir /run/keepalived');

  const check = () => manager.run('ifdepd', 'check', '-f', '/etc/ifdepd.conf');
  const named = () =>
    [...check().stdout.matchAll(/^warning: ([^:]+): .*\/([\w-]+)\.conf \/etc/gm)].map((one) => one.slice(1));
  expect(named(), check().stdout).toEqual([
    ['metrics on 192.0.2.2', 'network'],
    ['check upstream', 'ping'],
    ['check page', 'network'],
    ['hook on up, down', 'network'],
    ['/run/keepalived/track', 'track-files'],
  ]);
  const commands = [...check().stdout.matchAll(/(mkdir -p .* systemctl daemon-reload)/g)].map(
    (one) => one[0],
  );
  for (const command of new Set(commands)) {
    expect(manager.run('sh', '-c', command.replaceAll('/etc/systemd/system', '/run/units'))).toMatchObject({
      status: 0,
    });
  }
  expect(check().stdout).toMatch(/^\/etc\/ifdepd\.conf: fine/m);
  expect(check().stdout).not.toContain('ifdepd.service');

  expect(manager.run('systemctl', 'start', 'ifdepd')).toEqual({ status: 0, stdout: '', stderr: '' });
  const status = (): StatusReport =>
    JSON.parse(
      manager.run('curl', '-s', '--unix-socket', '/run/ifdepd/ifdepd.sock', 'http://x/v1/status').stdout,
    );
  const track = () => manager.run('cat', '/run/keepalived/track').stdout.trim();
  const is = async (to: 'up' | 'down') => {
    await lab.allAre(to, ['vrrp51']);
    await until(`the track file to say ${to}`, () => track() === (to === 'up' ? '0' : '1'));
    await until(
      `the hook to be called for ${to}`,
      () => web.asked.at(-1) !== undefined && web.asked.includes(`/hook?${to}`),
    );
  };
  await until(
    () => `the group to come up: ${JSON.stringify(status().groups)}`,
    () => status().groups[0]?.phase === 'up',
  );
  lab.cables.eth0.cut();
  lab.cables.eth1.cut();
  await is('down');
  lab.cables.eth0.repair();
  await is('up');
  // The gateway answers no more.
  ip('address', 'del', '192.0.2.1/32', 'dev', 'lo');
  // The group blames the check that failed first.
  const upstream = () => status().groups[0]?.sources.find(({ id }) => id === 'check:upstream');
  await until(
    () => `the ping check to fail: ${JSON.stringify(status().groups)}`,
    () => upstream()?.health === 'failed',
  );
  await lab.allAre('down', ['vrrp51']);
  const scraped = manager.run('curl', '-s', 'http://192.0.2.2:9817/metrics').stdout;
  expect(scraped).toContain('ifdepd_group_up{group="uplinks"} 0');
  expect(manager.run('systemctl', 'stop', 'ifdepd').status).toBe(0);
});

test('under the unit, check names the drop-in of probes, without it the state of a ping says why, and with it the ping is answered', async ({
  skip,
}) => {
  skip(noSystemd !== null, noSystemd ?? '');
  using lab = host('eth0', 'vrrp51');
  ip('link', 'set', 'lo', 'up');
  ip('address', 'add', '192.0.2.1/32', 'dev', 'lo');
  await using manager = await systemd(`groups:
  uplink: {require: {all: [eth0, {probe: gateway}]}, destinations: [vrrp51]}
probes:
  gateway: {ping: 192.0.2.1, every: 100ms, timeout: 5s}
`);
  const gateway = () => {
    const { stdout } = manager.run('ifdepd', 'status', '--json');
    const { groups } = JSON.parse(stdout) as StatusReport;
    return groups[0]?.sources.find(({ id }) => id === 'probe:gateway');
  };
  const check = () => manager.run('ifdepd', 'check', '-f', '/etc/ifdepd.conf').stdout;
  const warning = /^warning: probe gateway: .*(mkdir -p .*\/probes\.conf \/etc.* systemctl daemon-reload)/m;
  expect(check()).toMatch(warning);

  expect(manager.run('systemctl', 'start', 'ifdepd')).toEqual({ status: 0, stdout: '', stderr: '' });
  await until(
    () => `a probe that cannot be sent: ${JSON.stringify(gateway())}`,
    () => gateway()?.reason.includes('cannot probe: ICMP needs CAP_NET_RAW') === true,
  );
  expect(gateway()).toMatchObject({ health: 'unknown' });
  expect(lab.isUp('vrrp51')).toBe(true);

  const [, command = ''] = warning.exec(check()) ?? [];
  expect(manager.run('sh', '-c', command.replaceAll('/etc/systemd/system', '/run/units')).status).toBe(0);
  expect(check()).toMatch(/^\/etc\/ifdepd\.conf: fine/m);
  expect(manager.run('systemctl', 'restart', 'ifdepd').status).toBe(0);
  await until(
    () => `a ping that is answered: ${JSON.stringify(gateway())}`,
    () => gateway()?.health === 'active',
  );
  ip('address', 'del', '192.0.2.1/32', 'dev', 'lo');
  await lab.allAre('down', ['vrrp51']);
  expect(gateway()).toMatchObject({ health: 'failed', reason: expect.stringContaining('ENETUNREACH') });
});

test('under the unit with the drop-in of probes, a probe of each kind is answered', async ({ skip }) => {
  skip(noSystemd !== null, noSystemd ?? '');
  using _lab = host('vrrp51');
  ip('link', 'set', 'lo', 'up');
  using other = await farHost(1);
  using _running = await other.serve(services);
  const { name, far, far6 } = near(1);
  const probes = {
    ping: { ping: far },
    ping6: { ping: far6 },
    arp: { arp: far, interface: name },
    neighbour: { arp: far6, interface: name },
    tcp: { tcp: `${far}:80`, interface: name },
    http: { http: `http://${far}/` },
    dns: { dns: 'example.net', server: far },
    address: { address: name },
  };
  const all = Object.keys(probes).map((probe) => ({ probe }));
  await using manager = await systemd(
    JSON.stringify({ groups: { path: { require: { all }, destinations: ['vrrp51'] } }, probes }),
  );
  const said = manager.run('ifdepd', 'check', '-f', '/etc/ifdepd.conf').stdout;
  const [command = ''] = /mkdir -p .*\/probes\.conf \/etc.* systemctl daemon-reload/.exec(said) ?? [];
  manager.run('sh', '-c', command.replaceAll('/etc/systemd/system', '/run/units'));
  expect(manager.run('systemctl', 'start', 'ifdepd')).toEqual({ status: 0, stdout: '', stderr: '' });
  const healths = () => {
    const { stdout } = manager.run('ifdepd', 'status', '--json');
    const { groups } = JSON.parse(stdout) as StatusReport;
    return groups[0]?.sources.map(({ id, health, reason }) => `${id} ${health}: ${reason}`) ?? [];
  };
  await until(
    () => `each probe to be answered: ${healths().join('\n')}`,
    () => healths().every((line) => line.includes(' active: ')),
  );
});

/** The first of the EXAMPLES of ifdepd.conf(5), word for word. */
function example(): string {
  const page = readFileSync(new URL('../../man/ifdepd.conf.5', import.meta.url), 'utf8');
  return /^\.Sh EXAMPLES\n\.Bd -literal\n([\s\S]*?)\n\.Ed/m.exec(page)?.[1] ?? '';
}

test('under the unit with the drop-ins that check names, the example of the manual page works word for word', async ({
  skip,
}) => {
  skip(noSystemd !== null, noSystemd ?? '');
  using lab = host('em0', 'bge0', 'carp0', 'carp1', 'eth0', 'eth1', 'eth2');
  ip('link', 'add', 'link', 'eth0', 'name', 'vrrp.51', 'up', 'type', 'macvlan');
  ip('link', 'add', 'link', 'eth0', 'name', 'eth9', 'up', 'type', 'macvlan');
  ip('link', 'set', 'lo', 'up');
  ip('address', 'add', '192.0.2.1/32', 'dev', 'lo');
  await using manager = await systemd(example());
  const notify = '#!/bin/sh\necho "$IFDEPD_GROUP $IFDEPD_TO" >> /run/ifdepd/notified\n';
  manager.run(
    'sh',
    '-c',
    'printf %s "$0" > /usr/local/sbin/notify; chmod 755 /usr/local/sbin/notify',
    notify,
  );
  const said = manager.run('ifdepd', 'check', '-f', '/etc/ifdepd.conf').stdout;
  const commands = [...said.matchAll(/mkdir -p .* systemctl daemon-reload/g)].map(([command]) => command);
  expect(commands.map((command) => /([\w-]+)\.conf/.exec(command)?.[1])).toEqual(['ping', 'track-files']);
  for (const command of commands) {
    manager.run('sh', '-c', command.replaceAll('/etc/systemd/system', '/run/units'));
  }
  expect(manager.run('systemctl', 'start', 'ifdepd')).toEqual({ status: 0, stdout: '', stderr: '' });
  const phases = () => {
    const { stdout } = manager.run('ifdepd', 'status', '--json');
    const { groups } = JSON.parse(stdout) as StatusReport;
    return Object.fromEntries(groups.map(({ name, phase }) => [name, phase]));
  };
  const read = (path: string) => manager.run('cat', path).stdout;
  await until(
    () => `both groups to be up: ${JSON.stringify(phases())}`,
    () => phases()['gateway'] === 'up' && phases()['uplinks'] === 'up',
  );
  expect(read('/run/keepalived/track')).toMatch(/^0/);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0', 'carp1']);
  manager.run('sh', '-c', 'mkdir -p /etc/ifdepd; touch /etc/ifdepd/maintenance');
  await lab.allAre('down', ['vrrp.51']);
  await until('the track file', () => read('/run/keepalived/track').startsWith('1'));
  expect(ip('-d', 'link', 'show', 'eth9')).toMatch(/protodown on/);
  await until('the hook', () =>
    ['gateway down', 'uplinks down'].every((line) => read('/run/ifdepd/notified').includes(line)),
  );
});
