import { expect, test } from 'vitest';
import type { ConfigError } from '../../src/config/config-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';

const file = (probe: string) => `groups:
  g: {require: {any: [eth0, {not: {probe: p}}]}, destinations: [eth9]}
probes:
  p: ${probe}
`;

test.each([
  ['{peer: 51, interface: eth0}', { kind: 'peer', vrid: 51, interface: 'eth0' }],
  ['{vrrp: 0x10, interface: eth0}', { kind: 'vrrp', vrid: 16, interface: 'eth0' }],
  [
    '{vrrp: 255, interface: eth0, every: 100ms}',
    { kind: 'vrrp', vrid: 255, interface: 'eth0', everyMs: 100 },
  ],
])('the probe %s listens', (probe, target) => {
  expect(parseSettings(file(probe), 'x').probes.get('probe:p')?.target).toEqual(target);
});

test.each([
  ['{peer: 0, interface: eth0}', 'peer: must be a whole number from 1 to 255, not 0'],
  ['{vrrp: 256, interface: eth0}', 'vrrp: must be a whole number from 1 to 255, not 256'],
  ['{vrrp: carp0, interface: eth0}', 'vrrp: must be a whole number from 1 to 255, not "carp0"'],
  ['{peer: 51}', 'interface: must be an interface name, not absent'],
  ['{peer: 51, interface: eth0, rise: 2}', 'rise: unknown key (known: peer, interface, every)'],
  ['{peer: 51, vrrp: 51, interface: eth0}', ''],
])('the probe %s is refused with its line and key', (probe, message) => {
  let found: readonly string[] = [];
  try {
    parseSettings(file(probe), 'x');
  } catch (error) {
    found = (error as ConfigError).issues.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  expect(found).toEqual([expect.stringContaining(`4 probes.p${message === '' ? '' : '.'}${message}`)]);
});
