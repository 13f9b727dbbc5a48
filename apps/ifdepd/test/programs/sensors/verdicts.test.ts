import type { BondPort, DeviceLink, LinkModes } from '@ifdepd/netlink/devices';
import { expect, test } from 'vitest';
import { bondVerdict } from '../../../src/programs/sensors/bond.ts';
import { errorWindow } from '../../../src/programs/sensors/errors.ts';
import { speedVerdict } from '../../../src/programs/sensors/speed.ts';
import { unitPath, unitVerdict } from '../../../src/programs/sensors/unit-state.ts';

const ETH0: DeviceLink = {
  index: 2,
  name: 'eth0',
  kind: '',
  up: true,
  carrier: true,
  rxErrors: 0,
  bond: null,
};
const said = ({ health, reason }: { readonly health: string; readonly reason: string }) =>
  `${health}: ${reason}`;

test.each<readonly [string, DeviceLink | null, LinkModes | null, string]>([
  ['enough', ETH0, { speedMbps: 1000, duplex: 'full' }, 'active: speed of eth0 is 1 Gb/s'],
  ['more', ETH0, { speedMbps: 2500, duplex: null }, 'active: speed of eth0 is 2.5 Gb/s'],
  [
    'less',
    ETH0,
    { speedMbps: 100, duplex: 'full' },
    'failed: speed of eth0 is 100 Mb/s, at least 1 Gb/s is wanted',
  ],
  ['enough, half duplex', ETH0, { speedMbps: 1000, duplex: 'half' }, 'failed: eth0 is half duplex'],
  [
    'none that the driver knows',
    ETH0,
    { speedMbps: null, duplex: null },
    'unknown: the driver of eth0 reports no speed',
  ],
  ['none of a driver without one', ETH0, null, 'unknown: the driver of eth0 reports no speed'],
  ['none without a carrier', { ...ETH0, carrier: false }, null, 'failed: eth0 has no carrier'],
  ['none while it is down', { ...ETH0, up: false, carrier: false }, null, 'failed: eth0 is down'],
  ['none of a link that is not there', null, null, 'failed: there is no interface eth0'],
])('a probe of 1 Gb/s finds a speed: %s', (_, link, modes, expected) => {
  expect(said(speedVerdict({ interface: 'eth0', atLeastMbps: 1000 }, link, modes))).toBe(expected);
});

const BOND: DeviceLink = {
  ...ETH0,
  name: 'bond0',
  kind: 'bond',
  bond: { monitored: true, aggregator: null },
};
const LACP: DeviceLink = { ...BOND, bond: { monitored: true, aggregator: 1 } };
const good = { aggregator: 1, distributing: true, silent: false };
const port = (name: string, linked: boolean, lacp: BondPort['lacp'] = null): BondPort => ({
  name,
  linked,
  lacp,
});

test.each<readonly [string, DeviceLink | null, readonly BondPort[], string]>([
  [
    'both with a link',
    BOND,
    [port('eth0', true), port('eth1', true)],
    'active: 2 of 2 members of bond0 are active',
  ],
  [
    'one of three without a link',
    BOND,
    [port('eth0', true), port('eth1', false), port('eth2', true)],
    'active: 2 of 3 members of bond0 are active (eth1 has no link)',
  ],
  [
    'one of two without a link',
    BOND,
    [port('eth0', true), port('eth1', false)],
    'failed: 1 of 2 members of bond0 is active, at least 2 are wanted (eth1 has no link)',
  ],
  ['none', BOND, [], 'failed: 0 of 0 members of bond0 are active, at least 2 are wanted'],
  [
    'two with LACP',
    LACP,
    [port('eth0', true, good), port('eth1', true, good)],
    'active: 2 of 2 members of bond0 are active',
  ],
  [
    'one whose partner is silent',
    LACP,
    [port('eth0', true, good), port('eth1', true, { ...good, silent: true })],
    'failed: 1 of 2 members of bond0 is active, at least 2 are wanted (eth1 hears no LACP partner)',
  ],
  [
    'one in another aggregator, and one that does not distribute',
    LACP,
    [port('eth0', true, { ...good, aggregator: 2 }), port('eth1', true, { ...good, distributing: false })],
    'failed: 0 of 2 members of bond0 are active, at least 2 are wanted (eth0 is not in the active aggregator, eth1 is not in the active aggregator)',
  ],
  ['those of a bond that is down', { ...BOND, up: false }, [], 'failed: bond0 is down'],
  ['those of a bridge', { ...BOND, kind: 'bridge', bond: null }, [], 'unknown: bond0 is not a bond'],
  ['those of a link that is not there', null, [], 'failed: there is no interface bond0'],
])('a probe of two members of a bond finds %s', (_, link, ports, expected) => {
  expect(said(bondVerdict({ interface: 'bond0', atLeast: 2 }, link, ports))).toBe(expected);
});

test('a bond without link monitoring carries a warning with its verdict', () => {
  const link = { ...BOND, bond: { monitored: false, aggregator: null } };
  const ports = [port('eth0', true), port('eth1', true)];
  expect(bondVerdict({ interface: 'bond0', atLeast: 2 }, link, ports)).toMatchObject({
    health: 'active',
    warning: expect.stringMatching(/^bond0 does not monitor the links of its members/),
  });
  expect(bondVerdict({ interface: 'bond0', atLeast: 2 }, BOND, ports)).not.toHaveProperty('warning');
});

/** Reads a counter at these seconds; the verdicts. */
function counted(readings: readonly (readonly [seconds: number, link: Partial<DeviceLink> | null])[]) {
  const judge = errorWindow({ interface: 'eth0', atMost: 2, perMs: 10_000, everyMs: 1000 });
  return readings.map(([seconds, link]) => said(judge(link && { ...ETH0, ...link }, seconds * 1000)));
}

const ONCE = 'unknown: the errors of eth0 were read once';
const FEW = 'active: at most 2 errors on eth0 within 10 s';
const many = (count: number) => `failed: ${count} errors on eth0 within 10 s, at most 2 are accepted`;

test('errors are the growth of a counter, which may begin anywhere', () => {
  expect(
    counted([
      [0, { rxErrors: 700 }],
      [1, { rxErrors: 702 }],
      [2, { rxErrors: 703 }],
    ]),
  ).toEqual([ONCE, FEW, many(3)]);
});

test('errors are forgotten when the window has passed them', () => {
  const seconds = Array.from({ length: 14 }, (_, at) => at);
  const found = counted(seconds.map((at) => [at, { rxErrors: at < 2 ? 0 : 5 }]));
  expect(found).toEqual([ONCE, FEW, ...Array(10).fill(many(5)), FEW, FEW]);
});

test('a counter of 32 bits that wraps goes on', () => {
  expect(
    counted([
      [0, { rxErrors: 2 ** 32 - 1 }],
      [1, { rxErrors: 2 }],
    ]),
  ).toEqual([ONCE, many(3)]);
});

test('a counter that was set back, an interface that was made anew, and a late reading begin a new window', () => {
  expect(
    counted([
      [0, { rxErrors: 9 }],
      [1, { rxErrors: 0 }],
      [2, { rxErrors: 1 }],
    ]),
  ).toEqual([ONCE, ONCE, FEW]);
  expect(
    counted([
      [0, {}],
      [1, { index: 7, rxErrors: 50 }],
      [2, { index: 7, rxErrors: 50 }],
    ]),
  ).toEqual([ONCE, ONCE, FEW]);
  expect(
    counted([
      [0, {}],
      [90, { rxErrors: 50 }],
      [91, { rxErrors: 50 }],
    ]),
  ).toEqual([ONCE, ONCE, FEW]);
});

test('an interface that is gone or down has failed, and its errors begin anew', () => {
  expect(
    counted([
      [0, {}],
      [1, null],
      [2, { up: false }],
      [3, { rxErrors: 9 }],
    ]),
  ).toEqual([ONCE, 'failed: there is no interface eth0', 'failed: eth0 is down', ONCE]);
});

test.each([
  ['loaded', 'active', 'running', 'active: x.service is active (running)'],
  ['loaded', 'active', 'exited', 'active: x.service is active (exited)'],
  ['loaded', 'reloading', 'reload', 'active: x.service is reloading (reload)'],
  ['loaded', 'activating', 'auto-restart', 'failed: x.service is activating (auto-restart)'],
  ['loaded', 'deactivating', 'stop-sigterm', 'failed: x.service is deactivating (stop-sigterm)'],
  ['loaded', 'failed', 'failed', 'failed: x.service is failed (failed)'],
  ['masked', 'inactive', 'dead', 'failed: x.service is inactive (dead)'],
  ['not-found', 'inactive', 'dead', 'failed: systemd has no unit x.service'],
])('a unit that is %s, %s (%s) is %s', (load, state, subState, expected) => {
  expect(said(unitVerdict('x.service', load, state, subState))).toBe(expected);
});

test.each([
  ['nginx.service', 'nginx_2eservice'],
  ['getty@tty1.service', 'getty_40tty1_2eservice'],
  ['9p-mount.socket', '_39p_2dmount_2esocket'],
  ['dev-disk-by\\x2duuid.swap', 'dev_2ddisk_2dby_5cx2duuid_2eswap'],
])('the object of the unit %s is named %s, as systemd does', (unit, name) => {
  expect(unitPath(unit)).toBe(`/org/freedesktop/systemd1/unit/${name}`);
});
