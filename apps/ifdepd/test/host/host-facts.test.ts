import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FactSources, type HostFacts, hostFacts } from '../../src/host/host-facts.ts';
import { links } from '../support/ip-link.ts';

/** What is known of a host that has these files, and nothing else. */
function factsOf(
  files: Readonly<Record<string, string>>,
  sources: Omit<FactSources, 'root'> = {},
): Omit<HostFacts, 'vhids'> {
  const root = mkdtempSync(join(tmpdir(), 'ifdepd-root-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const all = links([{ ifname: 'em0', ifindex: 7 }]);
  try {
    const facts = hostFacts(all, () => null, { environment: {}, parent: 0, addresses: {}, ...sources, root });
    const [em0] = [...all.values()];
    const manager = em0 === undefined ? null : facts.managerOf(em0);
    return { ...facts, managerOf: () => manager };
  } finally {
    rmSync(root, { recursive: true });
  }
}

const managerOf = (files: Readonly<Record<string, string>>): string | null => {
  const facts = factsOf(files);
  const [em0] = [...facts.links.values()];
  return em0 === undefined ? 'no link' : facts.managerOf(em0);
};

describe('systemd-networkd, by the file it keeps of the link', () => {
  test.each([
    ['pending', 'systemd-networkd'],
    ['initialized', 'systemd-networkd'],
    ['configuring', 'systemd-networkd'],
    ['configured', 'systemd-networkd'],
    ['unmanaged', null],
    ['failed', null],
    ['linger', null],
  ])('%s: %s', (state, manager) => {
    // As systemd 252 writes it.
    const text = `# This is private data. Do not parse.\nADMIN_STATE=${state}\nOPER_STATE=routable\nCARRIER_STATE=carrier\nADDRESS_STATE=routable\nONLINE_STATE=online\nNETWORK_FILE=/etc/systemd/network/em0.network\n`;
    expect(managerOf({ '/run/systemd/netif/links/7': text })).toBe(manager);
    expect(managerOf({ '/run/systemd/netif/links/8': text })).toBe(null);
  });
});

describe('NetworkManager, by the file it keeps of the device', () => {
  test.each([
    ['[device]\nmanaged=true\nconnection-uuid=0d0e\nroute-metric-default-aspired=100\n', 'NetworkManager'],
    ['[device]\nmanaged=false\n', null],
    // Decided by nobody: a device that it leaves alone by itself.
    ['[device]\nnm-owned=0\n', null],
    ['', null],
  ])('%j: %s', (text, manager) => {
    expect(managerOf({ '/run/NetworkManager/devices/7': text })).toBe(manager);
    expect(managerOf({ '/run/NetworkManager/devices/8': text })).toBe(null);
  });
});

describe('IPv6 addresses that go with the flag', () => {
  const address = (scope: string) => `20010db8000000000000000000000001 07 40 ${scope} 80      em0\n`;
  test.each([
    ['global, not kept', '00', '0', '0', ['em0']],
    ['global, kept by the interface', '00', '1', '0', []],
    ['global, kept by all', '00', '0', '1', []],
    ['global, not kept by the interface, whatever all says', '00', '-1', '1', ['em0']],
    ['link-local alone', '20', '0', '0', []],
  ])('%s', (_title, scope, own, all, losing) => {
    const facts = factsOf({
      '/proc/thread-self/net/if_inet6': address(scope),
      '/proc/sys/net/ipv6/conf/em0/keep_addr_on_down': `${own}\n`,
      '/proc/sys/net/ipv6/conf/all/keep_addr_on_down': `${all}\n`,
    });
    expect([...facts.losesIpv6]).toEqual(losing);
  });
});

describe('default routes', () => {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
  const zeros = '0'.repeat(32);
  test.each([
    ['IPv4', { route: `${head}em0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n` }, ['em0']],
    [
      'IPv4, half of the addresses',
      { route: `${head}em0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n` },
      [],
    ],
    ['IPv4, a net', { route: `${head}em0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n` }, []],
    [
      'IPv6',
      {
        ipv6_route: `${zeros} 00 ${zeros} 00 fe80${'0'.repeat(28)} 00000400 00000001 00000000 00000003      em0\n`,
      },
      ['em0'],
    ],
    [
      'IPv6, where the kernel says that there is none',
      { ipv6_route: `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo\n` },
      [],
    ],
  ])('%s', (_title, files, names) => {
    const paths = Object.entries(files).map(([name, text]) => [`/proc/thread-self/net/${name}`, text]);
    expect([...factsOf(Object.fromEntries(paths)).defaultRoutes]).toEqual(names);
  });
});

describe('the session', () => {
  const connection = '192.0.2.9 50000 192.0.2.1 22';
  const addresses = {
    em0: [{ address: 'fe80::1' }, { address: '192.0.2.1' }],
    em1: [{ address: '192.0.2.2' }],
  };
  test('of this process', () => {
    expect(factsOf({}, { environment: { SSH_CONNECTION: connection }, addresses }).session).toBe('em0');
  });

  test('of an ancestor, where sudo has cleaned the environment', () => {
    const files = {
      '/proc/40/environ': 'PATH=/bin\0SUDO_USER=op\0',
      '/proc/40/stat': '40 (a ) S 1 b) S 30 40 40 0\n',
      '/proc/30/environ': `TERM=x\0SSH_CONNECTION=${connection}\0`,
      '/proc/30/stat': '30 (bash) S 1 30 30 0\n',
    };
    expect(factsOf(files, { parent: 40, addresses }).session).toBe('em0');
    expect(factsOf(files, { parent: 30, addresses: { em1: addresses.em1 } }).session).toBe(null);
  });

  test('is none on a console, and among ancestors that go round in a circle', () => {
    expect(factsOf({}, { addresses }).session).toBe(null);
    const files = { '/proc/40/environ': '', '/proc/40/stat': '40 (x) S 40 0\n' };
    expect(factsOf(files, { parent: 40, addresses }).session).toBe(null);
  });
});
