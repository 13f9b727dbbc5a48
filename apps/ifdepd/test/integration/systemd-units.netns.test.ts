import { existsSync, readFileSync } from 'node:fs';
import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import type { StatusReport } from '../../src/control/status-report.ts';
import { host } from '../support/host.ts';
import { systemd, systemdFault } from '../support/systemd.ts';

const BUS = '/lib/systemd/system/dbus.service';

/** dbus-broker may have the name of the unit, too. */
const hasDbusDaemon = existsSync(BUS) && readFileSync(BUS, 'utf8').includes('dbus-daemon --system');

const noSystemd = systemdFault() ?? (hasDbusDaemon ? null : `${BUS} does not start dbus-daemon`);

/** A system bus, as the distribution has it, and a service. */
const UNITS = `cd /run/units
cp /lib/systemd/system/dbus.service /lib/systemd/system/dbus.socket .
printf '[Unit]\\nDefaultDependencies=no\\n' > sockets.target
printf '[Service]\\nExecStart=/bin/sleep 1000\\n' > web.service
mkdir /run/dbus
systemctl daemon-reload
systemctl start dbus.socket dbus.service web.service`;

/** The same with dbus-broker, which does not start where no log can be reached. */
const BROKER = `cd /run/units
cp /lib/systemd/system/dbus-broker.service /lib/systemd/system/dbus.socket .
ln -s dbus-broker.service dbus.service
printf '[Unit]\\nDefaultDependencies=no\\n' > sockets.target
printf '[Socket]\\nListenDatagram=/run/systemd/journal/socket\\n' > log.socket
printf '[Service]\\nExecStart=/bin/sleep 1000\\n' | tee log.service > web.service
mkdir /run/dbus
systemctl daemon-reload
systemctl start log.socket dbus.socket dbus.service web.service`;

const noBroker =
  systemdFault() ??
  (existsSync('/lib/systemd/system/dbus-broker.service') ? null : 'dbus-broker is not installed');

/** A unit as a source. */
const PROBE = `groups:
  web: {require: {probe: web}, destinations: [vrrp51]}
probes:
  web: {unit: web.service}
`;

/** A unit as a destination. */
const PROGRAM = `groups:
  web:
    sources: [eth0]
    destinations:
      - exec:
          up: [systemctl, start, web]
          down: [systemctl, stop, web]
          read: [sh, -c, systemctl is-active -q web && echo up || echo down]
        name: web
`;

test('under the unit, check names what a probe of a unit needs, and what a group that starts and stops one needs, and with it both work', async ({
  skip,
}) => {
  skip(noSystemd !== null, noSystemd ?? '');
  using lab = host('eth0', 'vrrp51');
  await using manager = await systemd(PROBE);
  expect(manager.run('sh', '-ec', UNITS)).toMatchObject({ status: 0 });
  const check = () => manager.run('ifdepd', 'check', '-f', '/etc/ifdepd.conf').stdout;
  const warning =
    /^warning: probe web: dbus-daemon refuses ifdepd, .*: (systemctl stop .*) \(ifdepd\.service\)$/m;
  expect(check()).toMatch(warning);
  const [, command = ''] = warning.exec(check()) ?? [];

  expect(manager.run('systemctl', 'start', 'ifdepd')).toMatchObject({ status: 0 });
  const web = () => {
    const { stdout } = manager.run('ifdepd', 'status', '--json');
    return (JSON.parse(stdout) as StatusReport).groups[0]?.sources[0];
  };
  await until(
    () => `a refused connection: ${JSON.stringify(web())}`,
    () =>
      /accepts no connection of user \d+, who may be unknown to it: ifdepd check/.test(web()?.reason ?? ''),
  );
  expect(web()).toMatchObject({ health: 'unknown' });

  expect(manager.run('sh', '-c', command)).toMatchObject({ status: 0 });
  expect(check()).toMatch(/^\/etc\/ifdepd\.conf: fine/m);
  await until(
    () => `an active unit: ${JSON.stringify(web())}`,
    () => web()?.health === 'active',
  );
  manager.run('systemctl', 'stop', 'web');
  await lab.allAre('down', ['vrrp51']);
  expect(web()).toMatchObject({ health: 'failed', reason: 'web.service is inactive (dead)' });
  manager.run('systemctl', 'start', 'web');
  await lab.allAre('up', ['vrrp51']);

  manager.run('sh', '-c', 'printf %s "$0" > /etc/ifdepd.conf', PROGRAM);
  const named = [
    ...check().matchAll(/^warning: (\w+ of exec:web): systemd starts .* alone: (mkdir .*) \(/gm),
  ];
  expect(named.map(([, whose]) => whose)).toEqual(['up of exec:web', 'down of exec:web']);
  const install = named[0]?.[2]?.replaceAll('/etc/systemd/system', '/run/units') ?? '';
  expect(manager.run('sh', '-c', install)).toMatchObject({ status: 0 });
  expect(check()).toMatch(/^\/etc\/ifdepd\.conf: fine/m);
  expect(manager.run('systemctl', 'restart', 'ifdepd')).toMatchObject({ status: 0 });
  const unit = () => manager.run('systemctl', 'is-active', 'web').stdout.trim();
  lab.cables.eth0.cut();
  await until('the unit to be stopped', () => unit() === 'inactive');
  lab.cables.eth0.repair();
  await until('the unit to be started', () => unit() === 'active');
});

test('under the unit with its dynamic user, check is content and the probe of a unit follows it, where dbus-broker serves the system bus', async ({
  skip,
}) => {
  skip(noBroker !== null, noBroker ?? '');
  using lab = host('vrrp51');
  await using manager = await systemd(PROBE);
  expect(manager.run('sh', '-ec', BROKER)).toMatchObject({ status: 0 });
  expect(manager.run('ifdepd', 'check', '-f', '/etc/ifdepd.conf').stdout).toMatch(/: fine \(group web\)$/m);
  expect(manager.run('systemctl', 'start', 'ifdepd')).toMatchObject({ status: 0 });
  expect(manager.run('systemctl', 'show', '-P', 'DynamicUser', 'ifdepd').stdout).toBe('yes\n');
  await lab.allAre('up', ['vrrp51']);
  manager.run('systemctl', 'stop', 'web');
  await lab.allAre('down', ['vrrp51']);
  manager.run('systemctl', 'start', 'web');
  await lab.allAre('up', ['vrrp51']);
});
