import { expect, test } from 'vitest';
import { type ProbeTarget, probeFault, targetLabel } from '../src/index.ts';

test.each<[ProbeTarget, string]>([
  [{ kind: 'ping', host: '192.0.2.1', interface: 'eth0' }, '192.0.2.1 on eth0'],
  [{ kind: 'ping', host: 'gateway.example' }, 'gateway.example'],
  [{ kind: 'arp', address: '192.0.2.1', interface: 'eth0' }, '192.0.2.1 on eth0'],
  [{ kind: 'tcp', host: '198.51.100.7', port: 443 }, '198.51.100.7 port 443'],
  [{ kind: 'http', url: 'https://[2001:db8::1]/health', expect: 204 }, 'https://[2001:db8::1]/health'],
  [{ kind: 'dns', name: 'example.net', server: '192.0.2.53' }, '192.0.2.53 asked for example.net'],
])('the target %o is accepted, and has a label', (target, label) => {
  expect(probeFault(target, 'linux')).toBeNull();
  expect(targetLabel(target)).toBe(label);
});

test.each<[ProbeTarget, string]>([
  [
    { kind: 'icmp' } as unknown as ProbeTarget,
    "kind must be one of 'ping', 'arp', 'tcp', 'http', 'dns', not 'icmp'",
  ],
  [{ kind: 'ping', host: '192.0.2' }, "'192.0.2' is neither an address nor the name of a host"],
  [{ kind: 'ping', host: 'fe80::1' }, 'fe80::1 belongs to one link: name its interface, as in fe80::1%eth0'],
  [{ kind: 'ping', host: '192.0.2.1', source: 'eth0' }, "source must be an address, not 'eth0'"],
  [
    { kind: 'ping', host: '192.0.2.1', source: '2001:db8::1' },
    'the source 2001:db8::1 and 192.0.2.1 are of different families',
  ],
  [
    { kind: 'ping', host: '192.0.2.1', everyMs: 1 },
    'everyMs must be a whole number from 10 to 86400000, not 1',
  ],
  [{ kind: 'arp', address: 'gateway', interface: 'eth0' }, "'gateway' is no address"],
  [{ kind: 'tcp', host: '192.0.2.1', port: 0 }, 'port must be a whole number from 1 to 65535, not 0'],
  [{ kind: 'http', url: 'ftp://192.0.2.1/' }, "'ftp://192.0.2.1/' is no URL of http: or https:"],
  [
    { kind: 'http', url: 'http://192.0.2.1/', expect: 42 },
    'expect must be a whole number from 100 to 599, not 42',
  ],
  [{ kind: 'dns', name: 'example.net', server: 'resolver' }, "server must be an address, not 'resolver'"],
])('the target %o is refused', (target, fault) => {
  expect(probeFault(target, 'linux')).toBe(fault);
});

test('a system without an option says so', () => {
  const through: ProbeTarget = { kind: 'ping', host: '192.0.2.1', interface: 'em0' };
  expect(probeFault(through, 'openbsd')).toBe(
    'this system cannot bind a socket to an interface: give the source address instead',
  );
  expect(probeFault(through, 'darwin')).toBeNull();
  expect(probeFault({ kind: 'ping', host: '192.0.2.1', mark: 1 }, 'freebsd')).toBe(
    'only Linux marks packets',
  );
  const arp = { kind: 'arp', interface: 'em0' } as const;
  expect(probeFault({ ...arp, address: '192.0.2.1' }, 'freebsd')).toBe('only Linux probes by ARP: use ping');
  expect(probeFault({ ...arp, address: '2001:db8::1' }, 'freebsd')).toBeNull();
});
