import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { runToEnd } from '../support/program.ts';
import { systemd, systemdFault } from '../support/systemd.ts';

const noSystemd = systemdFault();

const CONFIGURATION = `groups:
  gateway: {require: {all: [em0, {probe: beyond}]}, destinations: [carp0]}
probes:
  beyond: {ping: 127.0.0.1, every: 200ms}
  router: {ping: 192.0.2.1, every: 200ms}
`;

test('service install writes a unit that a real systemd runs, with the drop-in of the probes; uninstall removes both', async ({
  skip,
}) => {
  skip(noSystemd !== null, noSystemd ?? '');
  using lab = host('em0', 'carp0');
  await using manager = await systemd(CONFIGURATION);
  // The shipped unit is out of the way: what runs is what the command wrote.
  manager.run('rm', '/run/units/ifdepd.service');
  manager.run('sh', '-c', 'mkdir -p /run/systemd/system && mount --bind /run/units /etc/systemd/system');
  const installed = manager.run('ifdepd', 'service', 'install', '--now', '--system', 'systemd');
  expect(installed).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('ifdepd.service.d/probes.conf'),
  });
  expect(JSON.parse(manager.run('ifdepd', 'service', 'status', '--json').stdout)).toEqual({
    system: 'systemd',
    file: '/etc/systemd/system/ifdepd.service',
    active: true,
    missing: [],
  });
  expect(manager.run('systemctl', 'show', '-P', 'ExecStart', 'ifdepd').stdout).toMatch(/path=\/opt\/node ;/);
  await lab.allAre('up', ['carp0']);
  lab.cables.em0.cut();
  await lab.allAre('down', ['carp0']);
  const folder = '/etc/systemd/system/ifdepd.service.d';
  manager.run('sh', '-c', `printf '[Service]\\nIPAddressDeny=\\n' > ${folder}/network.conf`);
  expect(manager.run('ifdepd', 'service', 'uninstall')).toMatchObject({ status: 0 });
  // What was written is gone; a drop-in of one's own stays.
  expect(manager.run('ls', folder).stdout).toBe('network.conf\n');
  expect(manager.run('ifdepd', 'service', 'status')).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('not installed'),
  });
  expect(manager.run('ls', '/etc/systemd/system').stdout).not.toContain('ifdepd.service\n');
  expect(lab.isUp('carp0')).toBe(false);
});

test('service install --dry-run prints the files of any system and changes nothing', async () => {
  for (const system of ['systemd', 'openrc', 'freebsd', 'openbsd', 'netbsd', 'launchd']) {
    const { code, stdout } = await runToEnd(['service', 'install', '--dry-run', '--now', '--system', system]);
    expect(code).toBe(0);
    expect(stdout).toContain(process.execPath);
    expect(stdout).toMatch(/^==> \/\S+ifdepd\S* \(mode (?:644|755)\)$/m);
    expect(stdout).toMatch(/^\$ /m);
  }
});

test.each<[string, readonly string[], number, RegExp]>([
  ['no word', ['service'], 64, /'service' needs one of install, status, uninstall/],
  ['an unknown word', ['service', 'start'], 64, /got 'start'/],
  [
    'an unknown system',
    ['service', 'install', '--system', 'upstart'],
    64,
    /--system 'upstart': must be one of systemd/,
  ],
  [
    'a user where there is none',
    ['service', 'install', '--system', 'openrc', '--user', 'x'],
    64,
    /--user: openrc runs it as root/,
  ],
])('%s: the error says so', async (_name, words, code, message) => {
  const ended = await runToEnd(words);
  expect(ended.code).toBe(code);
  expect(ended.stderr).toMatch(message);
});
