import { describe, expect, test } from 'vitest';
import type { ConfigError } from '../../src/config/config-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';

const file = (probes: string) => `groups:
  g: {require: {all: [eth0, {probe: p}]}, destinations: [eth9]}
probes:
  p: ${probes}
`;

const target = (probe: string) => parseSettings(file(probe), 'x').probes.get('probe:p')?.target;

/** The mistakes in a file, each with its line and key. */
function mistakes(text: string): readonly string[] {
  try {
    parseSettings(text, 'x');
    return [];
  } catch (error) {
    return (error as ConfigError).issues.map(({ line, key, message }) => `${line} ${key}: ${message}`);
  }
}

describe('probes of a file', () => {
  test.each([
    [
      '{ping: 192.0.2.1, interface: eth0, every: 1s, timeout: 1s, rise: 2, fall: 3}',
      {
        kind: 'ping',
        host: '192.0.2.1',
        interface: 'eth0',
        everyMs: 1000,
        timeoutMs: 1000,
        rise: 2,
        fall: 3,
      },
    ],
    [
      '{ping: 192.0.2.1, every: 200ms, window: 20, loss: 20%, latency: 150ms}',
      { kind: 'ping', host: '192.0.2.1', everyMs: 200, window: 20, loss: 0.2, latencyMs: 150 },
    ],
    ['{arp: 192.0.2.1, interface: eth0}', { kind: 'arp', address: '192.0.2.1', interface: 'eth0' }],
    ['{tcp: "198.51.100.7:443", every: 2s}', { kind: 'tcp', host: '198.51.100.7', port: 443, everyMs: 2000 }],
    ['{tcp: "[2001:db8::1]:22", mark: 0x10}', { kind: 'tcp', host: '2001:db8::1', port: 22, mark: 16 }],
    [
      '{http: "http://198.51.100.7/health", expect: 200}',
      { kind: 'http', url: 'http://198.51.100.7/health', expect: 200 },
    ],
    ['{dns: example.net, server: 192.0.2.53}', { kind: 'dns', name: 'example.net', server: '192.0.2.53' }],
  ])('%s is a target', (probe, expected) => {
    expect(target(probe)).toEqual(expected);
  });

  test('a probe is a source by its name', () => {
    const { policy } = parseSettings(file('{ping: 192.0.2.1}'), 'x');
    expect(policy.groups['g']?.require).toEqual({ all: ['eth0', 'probe:p'] });
  });

  test.each([
    ['{ping: 192.0.2}', "4 probes.p: '192.0.2' is neither an address nor the name of a host"],
    ['{ping: fe80::1}', '4 probes.p: fe80::1 belongs to one link: name its interface, as in fe80::1%eth0'],
    ['{arp: 192.0.2.1}', '4 probes.p.interface: must be an interface name, not absent'],
    [
      '{tcp: 192.0.2.1}',
      '4 probes.p.tcp: must be HOST:PORT, such as "198.51.100.7:443" or "[2001:db8::1]:443"',
    ],
    ['{dns: example.net}', '4 probes.p.server: must be the address of a server, not absent'],
    ['{ping: 192.0.2.1, loss: 20}', '4 probes.p.loss: must be a percentage, such as 20%, not 20'],
    ['{ping: 192.0.2.1, loss: 120%}', '4 probes.p.loss: must be a percentage, such as 20%, not "120%"'],
    ['{icmp: 192.0.2.1}', '4 probes.p.icmp'],
    [
      'nothing',
      '4 probes.p: must be a mapping with one of ping, arp, tcp, http, dns, route, address, speed, bond, wireguard, errors, unit, vrrp, peer, not',
    ],
  ])('%s is refused', (probe, message) => {
    expect(mistakes(file(probe)).join('\n')).toContain(message);
  });

  test('a probe that is not there is refused, and the nearest one is suggested', () => {
    const text = file('{ping: 192.0.2.1}').replace('{probe: p}', '{probe: q}');
    expect(mistakes(text)).toEqual(["2 groups.g.require.all.1.probe: there is no probe 'q'; there are: p"]);
  });
});
