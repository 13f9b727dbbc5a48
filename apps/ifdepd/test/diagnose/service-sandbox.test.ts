import { expect, test } from 'vitest';
import { parseSandbox } from '../../src/diagnose/service-sandbox.ts';

/** systemd 252, `systemctl show ifdepd --property=…` of the shipped unit; the list of system calls is cut. */
const SHIPPED = `ExecStart={ path=/usr/bin/env ; argv[]=/usr/bin/env ifdepd --wait -f /etc/ifdepd.conf ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
IPAddressDeny=::/0 0.0.0.0/0
IPAddressAllow=::1/128 127.0.0.0/8
Environment=NODE_OPTIONS=--inspect-port=[fe80::1]:9229
RuntimeDirectory=ifdepd
StateDirectory=ifdepd
CacheDirectory=ifdepd
LogsDirectory=
User=
DynamicUser=yes
AmbientCapabilities=cap_net_admin
CapabilityBoundingSet=cap_net_admin
PrivateTmp=yes
ProtectHome=yes
ProtectSystem=strict
NoNewPrivileges=yes
ReadWritePaths=
SystemCallFilter=read write sched_setattr
Id=ifdepd.service
LoadState=loaded
`;

test('the sandbox of the shipped unit', () => {
  expect(parseSandbox(SHIPPED, () => false)).toEqual({
    unit: 'ifdepd.service',
    config: '/etc/ifdepd.conf',
    byPath: true,
    path: ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'],
    localhostOnly: true,
    ownRawSockets: false,
    rawSockets: false,
    noNewPrivileges: true,
    writable: ['/run/ifdepd', '/var/lib/ifdepd', '/var/cache/ifdepd'],
    hidden: ['/home', '/root', '/run/user', '/tmp', '/var/tmp'],
    startsUnits: false,
    refusedUser: 'ifdepd',
  });
});

test.each([
  ['a user of the name lasts', `${SHIPPED}\nId=dbus.service\n`, true],
  ['dbus-broker serves the bus', `${SHIPPED}\nId=dbus-broker.service\n`, false],
  ['the unit has a user of its own', SHIPPED.replace('DynamicUser=yes', 'DynamicUser=no'), false],
])('the system bus accepts the user of the unit where %s', (_, text, lasts) => {
  expect(parseSandbox(text, () => lasts)).toMatchObject({ refusedUser: null });
});

test('the drop-ins of the shipped unit', () => {
  const text = SHIPPED.replace(/^IPAddressDeny=.*$/m, 'IPAddressDeny=')
    .replaceAll('=cap_net_admin', '=cap_net_admin cap_net_raw')
    .replace('sched_setattr', 'sched_setattr capset setuid')
    .replace('ReadWritePaths=', 'ReadWritePaths=-/run/keepalived')
    .replace('Environment=', 'Environment=PATH=/opt/node/bin:/usr/bin ');
  expect(parseSandbox(text)).toMatchObject({
    path: ['/opt/node/bin', '/usr/bin'],
    localhostOnly: false,
    ownRawSockets: true,
    rawSockets: true,
    writable: ['/run/keepalived', '/run/ifdepd', '/var/lib/ifdepd', '/var/cache/ifdepd'],
  });
});

test('a unit without a sandbox withholds nothing', () => {
  const text =
    'Id=own.service\nLoadState=loaded\nExecStart={ path=/usr/bin/ifdepd ; argv[]=/usr/bin/ifdepd --config=/a ; }\n';
  expect(parseSandbox(text)).toMatchObject({
    config: '/a',
    byPath: false,
    localhostOnly: false,
    ownRawSockets: true,
    rawSockets: true,
    noNewPrivileges: false,
    writable: null,
    hidden: [],
  });
});

test('a unit that is not there is none', () => {
  expect(parseSandbox('Id=ifdepd.service\nLoadState=not-found\n')).toBeNull();
});

test('a unit that may reach one other network is not limited to localhost', () => {
  const text = SHIPPED.replace('127.0.0.0/8', '127.0.0.0/8 192.0.2.0/24');
  expect(parseSandbox(text)).toMatchObject({ localhostOnly: false });
});

test.each([
  ['User=nobody', true],
  ['User=nobody\nNoNewPrivileges=yes', false],
  ['User=nobody\nCapabilityBoundingSet=cap_net_admin', false],
  ['CapabilityBoundingSet=cap_net_admin', false],
  ['NoNewPrivileges=yes', true],
])('a unit with %j: ping may open its socket: %s', (properties, rawSockets) => {
  const text = `Id=own.service\nLoadState=loaded\n${properties}\n`;
  expect(parseSandbox(text)).toMatchObject({ rawSockets });
});
