import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Installation } from '../../src/cli/install/installation.ts';
import { lastingUser } from '../../src/cli/install/lasting-user.ts';
import { refuseUnnameable, type ServiceSystem, serviceRules } from '../../src/cli/install/service-files.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { dropInsFor } from '../../src/diagnose/sandbox-findings.ts';
import { shippedSandbox } from '../../src/diagnose/service-sandbox.ts';
import { UsageError } from '../../src/system/errors.ts';
import { configFile } from '../support/config-file.ts';

const wide: Installation = {
  node: '/usr/bin/node',
  program: '/usr/local/lib/node_modules/ifdepd/dist/main.cjs',
  config: '/etc/ifdepd/gateway.conf',
  user: null,
  inHome: false,
};
const home: Installation = {
  node: '/home/a b/.nvm/versions/node/v22.1.0/bin/node',
  program: '/home/a b/50%/$x/main.cjs',
  config: '/home/a b/ifdepd.conf',
  user: 'anna',
  inHome: true,
};
const shipped = (system: ServiceSystem): string =>
  readFileSync(
    fileURLToPath(new URL(`../../service/${serviceRules[system].shipped}`, import.meta.url)),
    'utf8',
  );
const filled = (system: ServiceSystem, installation: Installation): string =>
  serviceRules[system].fill(shipped(system), installation);

describe.each(Object.keys(serviceRules) as ServiceSystem[])('the service file of %s', (system) => {
  test('names this Node and this program, and no path of another installation', () => {
    const text = filled(system, wide);
    expect(text).toContain(wide.node);
    expect(text).toContain(wide.program);
    expect(text).not.toMatch(/\/usr\/bin\/env ifdepd|="\/usr\/(?:local|pkg)\/bin\/ifdepd"/);
  });

  test('the file or the command that starts it names the configuration', () => {
    const commands = serviceRules[system].start(wide).flat().join(' ');
    expect(filled(system, wide) + commands).toContain(wide.config);
  });
});

test('the unit of a Node in a home directory: that user, who sees the homes, and words in quotes', () => {
  const text = filled('systemd', home);
  expect(text).toContain(
    'ExecStart="/home/a b/.nvm/versions/node/v22.1.0/bin/node" "/home/a b/50%%/$$x/main.cjs" --wait -f "/home/a b/ifdepd.conf"\n',
  );
  expect(text).toMatch(/^User=anna$/m);
  expect(text).not.toMatch(/^DynamicUser=|^ProtectHome=yes/m);
});

test('systemd understands every line of a written unit', ({ skip }) => {
  skip(spawnSync('systemd-analyze', ['--version']).status !== 0, 'systemd-analyze is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'ifdepd-unit-'));
  try {
    const unit = join(folder, 'ifdepd.service');
    // systemd-analyze looks for the programs, too.
    const node = join(folder, 'a ;%é#');
    symlinkSync(process.execPath, node);
    const config = '/etc/a b\\\'"$x%y.conf';
    writeFileSync(unit, filled('systemd', { ...wide, node, config, user: 'root' }));
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each<[string, string, readonly string[]]>([
  ['links alone', '', []],
  ['a ping by a program', 'checks: {p: {exec: [ping, -c1, 192.0.2.1]}}', ['ping']],
  ['a probe', 'probes: {p: {ping: 192.0.2.1}}', ['probes']],
  ['a unit that a hook stops', 'hooks: [{on: [down], exec: [systemctl, stop, web]}]', ['units']],
  ['metrics for others', 'metrics: {listen: "192.0.2.1:9817"}', ['network']],
  [
    'a probe and metrics for others',
    'probes: {p: {ping: 192.0.2.1}}\nmetrics: {listen: "192.0.2.1:9817"}',
    ['network', 'probes'],
  ],
])('a configuration with %s: its drop-ins', (_name, text, names) => {
  const settings = parseSettings(`groups: {g: {sources: [em0], destinations: [carp0]}}\n${text}\n`, 'file');
  expect(dropInsFor(settings, settings.metrics)).toEqual(names);
});

test('a file for keepalived needs its drop-in', () => {
  const text = 'groups: {g: {sources: [em0], destinations: [{file: /run/keepalived/t, up: "0", down: "1"}]}}';
  const settings = parseSettings(text, 'file');
  expect(dropInsFor(settings, null)).toEqual(['track-files']);
});

test('what is known of the shipped unit is what the unit says', () => {
  const unit = shipped('systemd');
  const has = (line: string): boolean => unit.split('\n').includes(line);
  expect({
    localhostOnly: has('IPAddressDeny=any') && has('IPAddressAllow=localhost'),
    ownRawSockets: /Ambient.*NET_RAW/.test(unit),
    noNewPrivileges: has('NoNewPrivileges=yes'),
    writable: [/^RuntimeDirectory=(.*)$/m.exec(unit)?.[1], /^StateDirectory=(.*)$/m.exec(unit)?.[1]],
    hidden: has('ProtectHome=yes') && has('PrivateTmp=yes') && has('ProtectSystem=strict'),
  }).toEqual({
    localhostOnly: shippedSandbox.localhostOnly,
    ownRawSockets: shippedSandbox.ownRawSockets,
    noNewPrivileges: shippedSandbox.noNewPrivileges,
    writable: ['ifdepd', 'ifdepd'],
    hidden: true,
  });
});

test.each([
  ['{unit: web.service}', null, false, true],
  ['{unit: web.service}', 'root', false, false],
  ['{unit: web.service}', null, true, false],
  ['{route: default}', null, false, false],
])(
  'install for the probe %s and --user %s, where a user of the unit lasts: %s, makes one: %s',
  (probe, user, lasts, isMade) => {
    using file = configFile(`{groups: {g: {require: {probe: p}, destinations: [d]}}, probes: {p: ${probe}}}`);
    const commands = lastingUser({ config: file.path, user }, () => lasts);
    expect(commands.some(([program]) => program === 'useradd')).toBe(isMade);
  },
);

const isRefused = (system: ServiceSystem, installation: Partial<Installation>): boolean => {
  try {
    refuseUnnameable(system, { ...wide, ...installation });
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return true;
  }
};

test.each(Object.keys(serviceRules) as ServiceSystem[])(
  'a path with a character that a file of %s cannot name is refused; each other one stands in the file or its commands',
  (system) => {
    const known = {
      scripts: { node: ' "\'`$\\;&*?[(<\n', program: ' "\'`$\\;&*?[(<\n', config: ' "\'`$\\;&*?[(<\n' },
      systemd: { node: '"\'$\\\n', program: '\n', config: '\n' },
      launchd: { node: '\n', program: '\n', config: '\n' },
    }[system === 'systemd' || system === 'launchd' ? system : 'scripts'];
    for (const key of ['node', 'program', 'config'] as const) {
      const refused = [...' "\'`$\\;&*?[(<\n%é'].filter((character) =>
        isRefused(system, { [key]: `/opt/a${character}b/c` }),
      );
      expect([key, refused.toSorted()]).toEqual([key, [...known[key]].toSorted()]);
    }
    const plain = { node: '/opt/é%a/node', program: '/opt/é@b/main.cjs', config: '/opt/é+c/x.conf' };
    const text = filled(system, { ...wide, ...plain });
    const written = (
      text +
      serviceRules[system]
        .start({ ...wide, ...plain })
        .flat()
        .join(' ')
    ).replaceAll('%%', '%');
    expect(Object.values(plain).filter((path) => !written.includes(path))).toEqual([]);
    expect(text.startsWith('#!') ? spawnSync('sh', ['-n'], { input: text }).status : 0).toBe(0);
  },
);

test('a path that ends with white space or a backslash, which systemd strips off a condition, is refused', () => {
  expect(['/etc/a ', '/etc/a\\', '/etc/a b'].map((config) => isRefused('systemd', { config }))).toEqual([
    true,
    true,
    false,
  ]);
});

test.each<[user: string, isRefused: boolean]>([
  ['anna', false],
  ['anna@example.org', false],
  ['1000', false],
  ['', true],
  ['-x', true],
  ['a b', true],
  ['a\nExecStartPre=/bin/x', true],
  ['%u', true],
  ['a:b', true],
])('the user %j of a service is refused: %s', (user, refused) => {
  expect(isRefused('systemd', { user })).toBe(refused);
});

test('a property list has the characters of XML as entities', () => {
  const text = filled('launchd', { ...wide, config: '/etc/<a>&"b"\'.conf' });
  expect(text).toContain('<string>/etc/&lt;a&gt;&amp;"b"\'.conf</string>');
});
