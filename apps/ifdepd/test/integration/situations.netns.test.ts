import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ip, keepalived, keepalivedFault, otherNamespace, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { configFile } from '../support/config-file.ts';
import { blocksOf, documentText } from '../support/documents.ts';
import { frr, frrFault } from '../support/frr.ts';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';
import { shownCommands } from '../support/shown-commands.ts';
import { textOf } from '../support/workers.ts';

const page = (name: string): string => documentText(`docs/recipes/${name}.md`);
/** The first configuration of a page, or another one, without its delays. */
const configurationOf = (name: string, at = 0): string =>
  (blocksOf(page(name), 'yaml')[at] ?? '').replace(/\b(start-hold|up-delay|down-delay): .*/g, '$1: 0');

test.for([
  { name: 'uplink-failure-detection', sources: ['eth0', 'eth1'], destinations: ['eth2', 'eth3'] },
  { name: 'evpn-uplinks', sources: ['swp51', 'swp52'], destinations: ['swp1', 'swp2'] },
  { name: 'vyos', sources: ['eth0'], destinations: ['eth1v10v4'] },
])(
  'docs/recipes, $name: the destinations go down with the last uplink, and the far ends notice it',
  async ({ name, sources, destinations }) => {
    using lab = host(...sources, ...destinations);
    using file = configFile(configurationOf(name));
    const shown = shownCommands(file);
    await using running = await daemon(['-f', file.path]);
    for (const source of sources) {
      expect(destinations.filter(lab.isUp)).toEqual(destinations);
      lab.cables[source]?.cut();
      await running.line(new RegExp(`${source}: active -> failed`));
    }
    await lab.allAre('down', destinations);
    await until('no carrier at the far ends', () =>
      destinations.every((destination) => !lab.netif.flags(`${destination}-x`).running),
    );
    for (const script of blocksOf(page(name), 'sh')) {
      expect({ script, ...shown.run(script) }).toMatchObject({ script, status: 0, stderr: '' });
    }
    lab.cables[sources[0] ?? '']?.repair();
    await lab.allAre('up', destinations);
  },
);

test('docs/recipes/lte-backup.md: the modem is up only while the provider does not answer behind a live link', async () => {
  using lab = host('eth0', 'wwan0');
  using provider = await otherNamespace();
  ip('link', 'set', 'eth0-x', 'netns', `${provider.pid}`);
  const address = (what: 'add' | 'del') =>
    provider.run('ip', 'address', what, '203.0.113.1/24', 'dev', 'eth0-x');
  address('add');
  provider.run('ip', 'link', 'set', 'eth0-x', 'up');
  ip('address', 'add', '203.0.113.2/24', 'dev', 'eth0');
  using file = configFile(configurationOf('lte-backup').replace('every: 2s', 'every: 100ms'));
  const shown = shownCommands(file);
  await using _running = await daemon(['-f', file.path]);
  await lab.allAre('down', ['wwan0']);
  address('del');
  await lab.allAre('up', ['wwan0']);
  address('add');
  await lab.allAre('down', ['wwan0']);
  for (const script of blocksOf(page('lte-backup'), 'sh')) {
    expect({ script, ...shown.run(script) }).toMatchObject({ script, status: 0, stderr: '' });
  }
});

/** What stands for the hypervisors' programs: the state of the link is in a file. */
const hypervisors = {
  virsh: `#!/bin/sh
case $1 in
  domif-setlink) echo "$4" > "$STATE" ;;
  domif-getlink) echo "$3 $(cat "$STATE" 2>/dev/null || echo up)" ;;
esac
`,
  qm: `#!/bin/sh
case $4 in *link_down=1) echo down ;; *) echo up ;; esac > "$STATE"
`,
};

test.for([
  ['virsh', 0],
  ['qm', 1],
] as const)(
  'docs/recipes/guests.md: %s pulls the cable of the guest, and plugs it in',
  async ([program, at]) => {
    using lab = host('eth0');
    using file = configFile(configurationOf('guests', at));
    const shown = shownCommands(file);
    const state = join(file.folder, 'state');
    // Programs of a destination have no environment of their own.
    shown.install(program, hypervisors[program].replaceAll('$STATE', state));
    await using _running = await daemon(['-f', file.path], { env: shown.env });
    const is = (text: string) => until(`${state}: ${text}`, () => textOf(state).trim() === text);
    lab.cables.eth0.cut();
    await is('down');
    lab.cables.eth0.repair();
    await is('up');
    for (const script of blocksOf(page('guests'), 'sh')) {
      expect({ script, ...shown.run(script) }).toMatchObject({ script, status: 0, stderr: '' });
    }
  },
);

test('docs/recipes/webhook-and-mail.md: a failover posts its text and sends its mail', async () => {
  using lab = host('eth0', 'eth1', 'vrrp.51');
  using file = configFile('');
  const shown = shownCommands(file);
  for (const script of blocksOf(page('webhook-and-mail'), 'bash')) {
    shown.install(/^# .*\/(\S+)$/m.exec(script)?.[1] ?? '', script);
  }
  const mail = join(file.folder, 'mail');
  shown.install('sendmail', `#!/bin/sh\ncat > ${mail}.part && mv ${mail}.part ${mail}\n`);
  const posted: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => posted.push(text));
    request.on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as { port: number };
    file.write(
      configurationOf('webhook-and-mail')
        .replace(/"https:.*"/, `"http://127.0.0.1:${port}/"`)
        .replaceAll('/usr/local/sbin', join(file.folder, 'bin')),
    );
    await using _running = await daemon(['-f', file.path], { env: shown.env });
    lab.cables.eth0.cut();
    await until('a text and a mail', () => posted.length > 0 && existsSync(mail));
    const { text } = JSON.parse(posted.at(-1) ?? '') as { text: string };
    expect(text).toMatch(/: gateway is down \(eth0\)$/);
    expect(readFileSync(mail, 'utf8')).toMatch(
      /^To: operators@example\.net\nSubject: .*: gateway is down\n\nBecause of: eth0\nDestinations: vrrp\.51\n$/,
    );
    for (const script of blocksOf(page('webhook-and-mail'), 'sh')) {
      expect({ script, ...shown.run(script) }).toMatchObject({ script, status: 0, stderr: '' });
    }
  } finally {
    server.close();
  }
});

test('docs/recipes/keepalived.md: a macvlan down, one without a carrier and a file each take an instance to FAULT', async () => {
  expect(keepalivedFault()).toBeNull();
  using lab = host('eth0', 'eth1', 'lan0');
  ip('address', 'add', '192.0.2.2/24', 'dev', 'lan0');
  using file = configFile('');
  const inFolder = (text: string): string => text.replaceAll('/run/keepalived', file.folder);
  file.write(inFolder(configurationOf('keepalived')));
  const shown = shownCommands(file);
  await using _running = await daemon(['--wait', '-f', file.path]);
  const block = /^track_file gateway \{\n.*?^\}$/ms.exec(inFolder(page('keepalived')))?.[0] ?? '';
  const lines = [
    ...['51', '52'].map((vrid) => [`use_vmac vrrp.${vrid}`, 'vmac_xmit_base']),
    ['track_file { gateway }'],
  ];
  const routers = lines.map((more, at) => ({
    ...{ interface: 'lan0', vrid: 51 + at, priority: 100, address: `192.0.2.${51 + at}/24` },
    lines: more,
  }));
  using routing = keepalived({ pid: process.pid }, file.folder, routers, 100, [block]);
  const areAll = (state: string): Promise<unknown> =>
    until(
      () => `${state} of all in:\n${routing.log()}`,
      () =>
        ['V51', 'V52', 'V53'].every(
          (name) =>
            [...routing.log().matchAll(new RegExp(`\\(${name}\\) Entering (\\w+) STATE`, 'g'))].at(
              -1,
            )?.[1] === state,
        ),
    );
  await areAll('MASTER');
  lab.cables.eth0.cut();
  await areAll('FAULT');
  for (const script of blocksOf(page('keepalived'), 'sh')) {
    expect({ script, ...shown.run(script) }).toMatchObject({ script, status: 0, stderr: '' });
  }
  lab.cables.eth0.repair();
  await areAll('MASTER');
});

test('docs/recipes/frr-vrrp.md: wan0 is up while FRR is master, and down while another router is', async ({
  skip,
}) => {
  const fault = frrFault() ?? keepalivedFault();
  skip(fault !== null, fault ?? '');
  using lab = host('eth0', 'wan0');
  using peer = await otherNamespace();
  ip('link', 'set', 'eth0-x', 'netns', `${peer.pid}`);
  peer.run('ip', 'address', 'add', '192.0.2.3/24', 'dev', 'eth0-x');
  peer.run('ip', 'link', 'set', 'eth0-x', 'up');
  ip('address', 'add', '192.0.2.2/24', 'dev', 'eth0');
  using file = configFile(configurationOf('frr-vrrp'));
  const shown = shownCommands(file);
  const [macvlan = ''] = blocksOf(page('frr-vrrp'), 'bash');
  const [, conf = ''] = /^```\n(interface .*?)^```$/ms.exec(page('frr-vrrp')) ?? [];
  // It matters for IPv6 alone, which not every kernel has.
  expect(shown.run(macvlan.replace('addrgenmode random', ''))).toMatchObject({ status: 0, stderr: '' });
  using routing = await frr(file.folder, `${conf} vrrp 5 advertisement-interval 100\n`);
  await until(
    () => `master in:\n${routing.log()}`,
    () => routing.log().includes('Backup -> Master'),
  );
  await using _running = await daemon(['-f', file.path]);
  await lab.allAre('up', ['wan0']);
  const folder = join(file.folder, 'peer');
  mkdirSync(folder);
  {
    const router = { interface: 'eth0-x', vrid: 5, priority: 250, address: '192.0.2.1/24' };
    using _better = keepalived(peer, folder, [router], 100);
    await lab.allAre('down', ['wan0']);
  }
  await lab.allAre('up', ['wan0']);
  for (const script of blocksOf(page('frr-vrrp'), 'sh')) {
    expect({ script, ...shown.run(script) }).toMatchObject({ script, status: 0, stderr: '' });
  }
});

test('docs/recipes/ansible.md: the playbook checks and writes the configuration, and the daemon takes it', async ({
  skip,
}) => {
  const found = spawnSync('ansible-playbook', ['--version']);
  skip(found.error !== undefined, 'ansible-playbook is not installed: apt-get install ansible-core');
  using lab = host('eth0', 'eth1', 'vrrp.51');
  using file = configFile('groups: {gateway: {sources: [eth0], destinations: [vrrp.51]}}\n');
  const shown = shownCommands(file);
  await using running = await daemon(['-f', file.path]);
  const [playbook = '', variables = ''] = blocksOf(page('ansible'), 'yml');
  const at = (name: string, text: string): string => {
    writeFileSync(join(file.folder, name), text);
    return join(file.folder, name);
  };
  const local = 'ansible_connection=local ansible_become=false ansible_python_interpreter=/usr/bin/python3';
  const { status, stdout } = spawnSync(
    'ansible-playbook',
    [
      ...['-i', at('inventory', `[gateways]\ngw1 ${local}\n`), '-e', `@${at('variables.yml', variables)}`],
      ...['--skip-tags', 'install', at('gateways.yml', playbook.replaceAll('/etc/', `${file.folder}/`))],
    ],
    { encoding: 'utf8', env: { ...shown.env, HOME: file.folder, ANSIBLE_NOCOLOR: '1' } },
  );
  expect({ stdout, status }).toMatchObject({ status: 0 });
  await running.line(/reloaded: 1 group of/);
  lab.cables.eth1.cut();
  await lab.allAre('down', ['vrrp.51']);
});
