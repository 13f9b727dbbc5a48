import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { needsOf } from '../../src/diagnose/program-needs.ts';
import { sandboxFindings } from '../../src/diagnose/sandbox-findings.ts';
import type { ServiceSandbox } from '../../src/diagnose/service-sandbox.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ifdepd-sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The shipped unit; programs are in the folder of the test. */
function shipped(): ServiceSandbox {
  return {
    unit: 'ifdepd.service',
    config: '/etc/ifdepd.conf',
    byPath: false,
    path: [folder],
    localhostOnly: true,
    ownRawSockets: false,
    rawSockets: false,
    noNewPrivileges: true,
    writable: ['/run/ifdepd', '/var/lib/ifdepd'],
    hidden: ['/home', '/root', '/run/user'],
    startsUnits: false,
    refusedUser: 'ifdepd',
  };
}

const GRANTED = { localhostOnly: false, rawSockets: true, ownRawSockets: true } as const;

function found(text: string, sandbox: ServiceSandbox = shipped()): readonly string[] {
  const settings = parseSettings(`{groups: {g: {sources: [a], destinations: [b]}}, ${text}}`, 'file');
  return sandboxFindings(settings, settings.metrics, sandbox).map(({ subject, message }) => {
    const dropIn = /cp \S+\/([\w-]+)\.conf/.exec(message)?.[1];
    return `${subject}: ${dropIn ?? message}`;
  });
}

test.each([
  ['[ping, -c1, 192.0.2.1]', 'ping'],
  ['[/bin/ping, -c1, 192.0.2.1]', 'ping'],
  ['[sh, -c, "fping -q 192.0.2.1 || exit 1"]', 'ping'],
  ['[curl, -sf, "http://192.0.2.1"]', 'network'],
  ['[nc, -z, 192.0.2.1, "443"]', 'network'],
  ['[bash, -c, "echo > /dev/tcp/192.0.2.1/443"]', 'network'],
])('a check that runs %s needs the drop-in %s', (command, dropIn) => {
  expect(found(`checks: {c: {exec: ${command}}}`)).toEqual([`check c: ${dropIn}`]);
  expect(found(`checks: {c: {exec: ${command}}}`, { ...shipped(), ...GRANTED })).toEqual([]);
});

test.each(['[test, -e, /run/pinger]', '[/opt/systemctl-like]', '[/opt/shopping-list]'])(
  'a check that runs %s needs none',
  (command) => expect(found(`checks: {c: {exec: ${command}}}`)).toEqual([]),
);

test.each(['{ping: 192.0.2.1}', '{arp: 192.0.2.1, interface: eth0}', '{tcp: "192.0.2.1:22"}'])(
  'the probe %s needs the drop-in probes',
  (probe) => {
    expect(found(`probes: {p: ${probe}}`)).toEqual(['probe p: probes']);
    expect(found(`probes: {p: ${probe}}`, { ...shipped(), ...GRANTED })).toEqual([]);
    const network = found(`probes: {p: ${probe}}`, { ...shipped(), localhostOnly: false });
    expect(network).toEqual(probe.startsWith('{arp') ? ['probe p: probes'] : []);
  },
);

test.each(['{route: default}', '{address: eth0}'])(
  'the probe %s, which sends nothing, needs no drop-in',
  (probe) => {
    expect(found(`probes: {p: ${probe}}`)).toEqual([]);
  },
);

test.each(['{vrrp: 51, interface: eth0}', '{peer: 51, interface: eth0}'])(
  'the probe %s, which only listens, needs raw sockets and no network',
  (probe) => {
    expect(found(`probes: {p: ${probe}}`)).toEqual(['probe p: probes']);
    expect(found(`probes: {p: ${probe}}`, { ...shipped(), ownRawSockets: true })).toEqual([]);
  },
);

test('the probe of a unit needs a user that lasts, where the system bus refuses the one of the service', () => {
  const [line = '', ...others] = found('probes: {p: {unit: web.service}}');
  expect(others).toEqual([]);
  expect(line).toContain(
    'probe p: dbus-daemon refuses ifdepd, a user that systemd makes while the unit runs; make one that lasts: ' +
      'systemctl stop ifdepd.service; useradd --system --shell /usr/sbin/nologin ifdepd; systemctl start ifdepd.service',
  );
  expect(found('probes: {p: {unit: web.service}}', { ...shipped(), refusedUser: null })).toEqual([]);
});

test.each([
  '[systemctl, stop, web]',
  '[/bin/systemctl, --no-block, restart, web.service]',
  '[sh, -c, "logger cut && systemctl -q try-restart web"]',
  '[systemd-run, /opt/job]',
])('a hook that runs %s needs the drop-in units, unless the service is root', (command) => {
  const hook = `hooks: [{on: [down], exec: ${command}}]`;
  expect(found(hook)).toEqual(['hook on down: units']);
  expect(found(hook, { ...shipped(), startsUnits: true, refusedUser: null })).toEqual([]);
});

test('a check that asks systemctl about a unit needs a user that lasts, where the system bus refuses the one of the service', () => {
  const check = 'checks: {c: {exec: [systemctl, is-active, keepalived]}}';
  expect(found(check)).toEqual([
    expect.stringMatching(/^check c: dbus-daemon refuses ifdepd, .* useradd .* ifdepd;/),
  ]);
  expect(found(check, { ...shipped(), refusedUser: null })).toEqual([]);
});

test('a program that starts units and one that asks about them need the same drop-in', () => {
  const words =
    'checks: {c: {exec: [systemctl, is-active, a]}}, hooks: [{on: [up], exec: [systemctl, start, a]}]';
  expect(found(words)).toEqual(['check c: units', 'hook on up: units']);
});

test('a script says what it runs', () => {
  const script = join(folder, 'notify');
  writeFileSync(script, '#!/bin/sh\nexec curl -s https://hooks.example/ifdepd\n');
  expect(found(`hooks: [{on: [up], exec: [${script}]}, {on: [down], exec: [notify]}]`)).toEqual([
    'hook on up: network',
    'hook on down: network',
  ]);
});

test('a program with the rights of its file loses them', () => {
  const program = join(folder, 'sudo');
  writeFileSync(program, '');
  chmodSync(program, 0o4755);
  expect(found(`checks: {c: {exec: [${program}]}}`)).toEqual([
    expect.stringMatching(/^check c: NoNewPrivileges=yes keeps sudo from the rights of its file/),
  ]);
  expect(found(`checks: {c: {exec: [${program}]}}`, { ...shipped(), noNewPrivileges: false })).toEqual([]);
});

test('a program in a home is hidden', () => {
  const program = join(folder, 'own');
  writeFileSync(program, '');
  expect(found('checks: {c: {exec: [own]}}', { ...shipped(), hidden: [folder] })).toEqual([
    expect.stringContaining(`systemd hides ${program} from the daemon`),
  ]);
  // As the daemon sees it.
  expect(found('checks: {c: {exec: [/home/me/own]}}', { ...shipped(), path: [] })).toEqual([
    expect.stringContaining('systemd hides /home/me/own from the daemon'),
  ]);
});

test.each([
  ['0.0.0.0:9817', true],
  ['192.0.2.1:9817', true],
  ['[::]:9817', true],
  ['127.0.0.1:9817', false],
  ['[::1]:9817', false],
  ['[::ffff:127.0.0.1]:9817', false],
  ['localhost:9817', false],
])('metrics on %s: %s', (listen, blocked) => {
  expect(found(`metrics: {listen: "${listen}"}`).map((text) => text.replace(/^.*: /, ''))).toEqual(
    blocked ? ['network'] : [],
  );
});

test.each([
  ['/run/keepalived/track', ': track-files'],
  ['/var/lib/other/track', 'keep it in /run/ifdepd, or ReadWritePaths='],
  ['/run/ifdepd-other/track', 'keep it in /run/ifdepd'],
  ['/home/me/track', 'systemd hides this directory'],
])('a file destination %s cannot be written', (path, words) => {
  const text = `{groups: {g: {sources: [a], destinations: [{file: ${path}, up: "0", down: "1"}]}}}`;
  const settings = parseSettings(text, 'file');
  const [one, ...others] = sandboxFindings(settings, null, shipped());
  expect(others).toEqual([]);
  const dropIn = /cp \S+\/([\w-]+)\.conf/.exec(one?.message ?? '')?.[1];
  expect(`${one?.message}: ${dropIn}`).toContain(words);
  expect(sandboxFindings(settings, null, { ...shipped(), writable: null, hidden: [] })).toEqual([]);
});

test('a file destination in the runtime directory can', () => {
  const text = '{groups: {g: {sources: [a], destinations: [{file: /run/ifdepd/track, up: "0", down: "1"}]}}}';
  expect(sandboxFindings(parseSettings(text, 'file'), null, shipped())).toEqual([]);
});

test('a file check in a home sees nothing', () => {
  expect(found('checks: {c: {file: /root/maintenance, active-when: missing}}')).toEqual([
    'check c: systemd hides /root/maintenance from the daemon: keep the file elsewhere (ifdepd.service)',
  ]);
});

test('a Node of nvm, volta or fnm is named: not on the path of systemd, or in a home', () => {
  const sandbox = { ...shipped(), byPath: true };
  expect(found('log: {format: json}', sandbox)).toEqual([
    expect.stringContaining('there is no ifdepd in'),
    expect.stringContaining('there is no node in'),
  ]);
  const home = join(folder, 'home');
  mkdirSync(home);
  for (const name of ['ifdepd', 'node']) {
    writeFileSync(join(home, name), '');
    symlinkSync(join(home, name), join(folder, name));
  }
  expect(found('log: {format: json}', { ...sandbox, hidden: [home] })).toEqual([
    expect.stringContaining(`ifdepd is ${home}/ifdepd, which ProtectHome=yes hides`),
    expect.stringContaining(`node is ${home}/node, which ProtectHome=yes hides`),
  ]);
  expect(found('log: {format: json}', sandbox)).toEqual([]);
});

test('a program that is a named pipe without a writer is no program, and nothing waits for one', () => {
  const pipe = join(folder, 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  expect(needsOf([pipe], []).path).toBe(null);
});
