import { expect, test } from 'vitest';
import type { ConfigError } from '../../src/config/config-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';

const file = (probe: string) => `groups:
  g: {require: {all: [eth0, {probe: p}]}, destinations: [eth9]}
probes:
  p: ${probe}
`;

test.each([
  ['{speed: eth0, at-least: 1G}', { kind: 'speed', interface: 'eth0', atLeastMbps: 1000, everyMs: 10_000 }],
  [
    '{speed: eth0, at-least: 2.5G, every: 2s}',
    { kind: 'speed', interface: 'eth0', atLeastMbps: 2500, everyMs: 2000 },
  ],
  ['{speed: eth0, at-least: 100M}', { kind: 'speed', interface: 'eth0', atLeastMbps: 100, everyMs: 10_000 }],
  ['{bond: bond0, at-least: 2}', { kind: 'bond', interface: 'bond0', atLeast: 2, everyMs: 1000 }],
  [
    '{wireguard: wg0, handshake-within: 3m}',
    { kind: 'wireguard', interface: 'wg0', handshakeWithinMs: 180_000, everyMs: 5000 },
  ],
  [
    '{errors: eth0, at-most: 10, per: 1m}',
    { kind: 'errors', interface: 'eth0', atMost: 10, perMs: 60_000, everyMs: 6000 },
  ],
  [
    '{errors: eth0, at-most: 0, per: 2s}',
    { kind: 'errors', interface: 'eth0', atMost: 0, perMs: 2000, everyMs: 1000 },
  ],
  [
    '{errors: eth0, at-most: 10, per: 1m, every: 1s}',
    { kind: 'errors', interface: 'eth0', atMost: 10, perMs: 60_000, everyMs: 1000 },
  ],
  ['{unit: nginx.service}', { kind: 'unit', unit: 'nginx.service', everyMs: 10_000 }],
  ['{unit: "getty@tty1.service"}', { kind: 'unit', unit: 'getty@tty1.service', everyMs: 10_000 }],
])('the probe %s reads this host', (probe, target) => {
  expect(parseSettings(file(probe), 'x').probes.get('probe:p')?.target).toEqual(target);
});

test.each([
  ['{speed: eth0}', 'at-least: must be a speed, such as 100M, 1G or 2.5G'],
  ['{speed: eth0, at-least: 1000}', 'at-least: must be a speed, such as 100M, 1G or 2.5G, not 1000'],
  ['{speed: eth0, at-least: 0G}', 'at-least: must be a speed, such as 100M, 1G or 2.5G'],
  ['{speed: eth0, at-least: 1g}', 'at-least: must be a speed, such as 100M, 1G or 2.5G'],
  ['{speed: eth0, at-least: 1G, rise: 2}', 'rise: unknown key (known: speed, at-least, every)'],
  ['{bond: bond0, at-least: 0}', 'at-least: must be a whole number from 1 to 1000, not 0'],
  ['{bond: bond0, at-least: 2.5}', 'at-least: must be a whole number from 1 to 1000, not 2.5'],
  ['{wireguard: wg0, handshake-within: 1m}', 'handshake-within: must be a duration such as'],
  ['{wireguard: wg0}', 'handshake-within: must be a duration such as'],
  ['{errors: eth0, at-most: -1, per: 1m}', 'at-most: must be a whole number from 0 to'],
  ['{errors: eth0, at-most: 1, per: 1m, every: 2m}', "every: must not be longer than 'per'"],
  ['{errors: "", at-most: 1, per: 1m}', 'errors: must be an interface name'],
  ['{unit: nginx}', 'unit: must be a unit of systemd with its suffix, such as nginx.service'],
  ['{unit: "../x.service"}', 'unit: must be a unit of systemd with its suffix, such as nginx.service'],
  ['{unit: nginx.service, every: 1s}', 'every: unknown key (known: unit)'],
])('the probe %s is refused with its line and key', (probe, message) => {
  let found: readonly string[] = [];
  try {
    parseSettings(file(probe), 'x');
  } catch (error) {
    found = (error as ConfigError).issues.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  expect(found).toEqual([expect.stringContaining(`4 probes.p.${message}`)]);
});
