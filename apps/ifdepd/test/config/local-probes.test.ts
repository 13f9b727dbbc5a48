import { expect, test } from 'vitest';
import type { ConfigError } from '../../src/config/config-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';

const file = (probe: string) => `groups:
  g: {require: {all: [eth0, {probe: p}]}, destinations: [eth9]}
probes:
  p: ${probe}
`;

const DEFAULT4 = { kind: 'route', family: 'ipv4', destination: '0.0.0.0/0' };
const DEFAULT6 = { kind: 'route', family: 'ipv6', destination: '::/0' };

test.each([
  ['{route: default}', DEFAULT4],
  ['{route: 0.0.0.0/0}', DEFAULT4],
  ['{route: default, family: ipv4, interface: ppp0}', { ...DEFAULT4, interface: 'ppp0' }],
  ['{route: default, family: ipv6}', DEFAULT6],
  ['{route: "::/0"}', DEFAULT6],
  ['{route: 203.0.113.0/24}', { kind: 'route', family: 'ipv4', destination: '203.0.113.0/24' }],
  [
    '{route: "2001:DB8:0:0::/56", family: ipv6, interface: eth0}',
    { kind: 'route', family: 'ipv6', destination: '2001:db8::/56', interface: 'eth0' },
  ],
  [
    '{route: "64:ff9b::192.0.2.0/120"}',
    { kind: 'route', family: 'ipv6', destination: '64:ff9b::c000:200/120' },
  ],
  ['{address: eth0}', { kind: 'address', family: 'ipv4', interface: 'eth0' }],
  ['{address: eth0, family: ipv6}', { kind: 'address', family: 'ipv6', interface: 'eth0' }],
])('the probe %s asks this host', (probe, target) => {
  expect(parseSettings(file(probe), 'x').probes.get('probe:p')?.target).toEqual(target);
});

test.each([
  ['{route: defualt}', "route: must be 'default' or a prefix, such as 203.0.113.0/24"],
  ['{route: 203.0.113.7}', "route: must be 'default' or a prefix, such as 203.0.113.0/24"],
  ['{route: 203.0.113.0/33}', "route: must be 'default' or a prefix, such as 203.0.113.0/24"],
  ['{route: 203.0.113.7/24}', 'route: has bits beyond its length; write 203.0.113.0/24'],
  ['{route: "2001:db8::1/64"}', 'route: has bits beyond its length; write 2001:db8::/64'],
  ['{route: 203.0.113.0/24, family: ipv6}', 'family: 203.0.113.0/24 is ipv4; leave the family out'],
  ['{route: default, family: ipv5}', 'family: must be one of ipv4, ipv6, not "ipv5"'],
  ['{address: eth0, every: 1s}', 'every: unknown key (known: address, family)'],
  ['{address: 192.0.2.1/24}', "address: an interface name has no '/'"],
])('the probe %s is refused with its line and key', (probe, message) => {
  let found: readonly string[] = [];
  try {
    parseSettings(file(probe), 'x');
  } catch (error) {
    found = (error as ConfigError).issues.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
  expect(found).toEqual([expect.stringContaining(`4 probes.p.${message}`)]);
});
