import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Installation } from '../../src/cli/install/installation.ts';
import { lastingUser } from '../../src/cli/install/lasting-user.ts';
import { type ServiceSystem, serviceRules } from '../../src/cli/install/service-files.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { dropInsFor } from '../../src/diagnose/sandbox-findings.ts';
import { shippedSandbox } from '../../src/diagnose/service-sandbox.ts';
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
    writeFileSync(unit, filled('systemd', { ...wide, node: process.execPath, user: 'root' }));
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
