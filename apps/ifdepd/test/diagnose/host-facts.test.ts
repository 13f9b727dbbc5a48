import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { describe, expect, test } from 'vitest';
import { type FactSources, hostFacts } from '../../src/diagnose/host-facts.ts';
import { NOTHING_KNOWN } from '../../src/diagnose/kernel-facts.ts';
import { address } from '../support/router.ts';

/** What is known of a host that has these files and links, and nothing else. */
function factsOf<Fact>(
  files: Readonly<Record<string, string>>,
  read: (facts: ReturnType<typeof hostFacts>) => Fact,
  sources: Omit<FactSources, 'root'> = {},
): Fact {
  const root = mkdtempSync(join(tmpdir(), 'ifdepd-root-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (path.includes('/ns/')) {
      symlinkSync(text, join(root, path));
    } else {
      writeFileSync(join(root, path), text);
    }
  }
  const given = { environment: {}, parent: 0, kernel: NOTHING_KNOWN, ...sources, root };
  try {
    return read(hostFacts(scriptedLibc({}, { target: targetOf('linux') }), given));
  } finally {
    rmSync(root, { recursive: true });
  }
}

const managerOf = (files: Readonly<Record<string, string>>): string | null =>
  factsOf(files, (facts) => facts.managerOf(7));

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

test.each([
  ['of the same network namespace', 'net:[4026531840]', 'NetworkManager'],
  ['of another network namespace, where the number means another interface', 'net:[4026532000]', null],
])('a manager %s: %s', (_title, own, manager) => {
  const files = {
    '/run/NetworkManager/devices/7': 'managed=true\n',
    '/proc/1/ns/net': 'net:[4026531840]',
    '/proc/thread-self/ns/net': own,
  };
  expect(managerOf(files)).toBe(manager);
});

test('a manager where process 1 does not show its network namespace: that of the eldest ancestor counts', () => {
  const files = (eldest: string) => ({
    '/run/NetworkManager/devices/7': 'managed=true\n',
    '/proc/40/stat': '40 (sh) S 30 0\n',
    '/proc/40/ns/net': 'net:[2]',
    '/proc/30/ns/net': eldest,
    '/proc/thread-self/ns/net': 'net:[2]',
  });
  const managed = (eldest: string) => factsOf(files(eldest), (facts) => facts.managerOf(7), { parent: 40 });
  expect([managed('net:[1]'), managed('net:[2]')]).toEqual([null, 'NetworkManager']);
});

test('net.ipv6.conf.all.keep_addr_on_down, and 0 where it cannot be read', () => {
  const path = '/proc/sys/net/ipv6/conf/all/keep_addr_on_down';
  expect(factsOf({ [path]: '-1\n' }, (facts) => facts.keepAllAddresses)).toBe(-1);
  expect(factsOf({}, (facts) => facts.keepAllAddresses)).toBe(0);
});

describe('the session', () => {
  const connection = '192.0.2.9 50000 192.0.2.1 22';
  const kernel = {
    ...NOTHING_KNOWN,
    addresses: [address(3, 'fe80::1'), address(3, '192.0.2.1'), address(4, '192.0.2.2')],
  };
  const sessionOf = (files: Readonly<Record<string, string>>, sources: Omit<FactSources, 'root'>) =>
    factsOf(files, (facts) => [...facts.session], { kernel, ...sources });
  const ancestors = {
    '/proc/40/environ': 'PATH=/bin\0SUDO_USER=op\0',
    '/proc/40/stat': '40 (a ) S 1 b) S 30 40 40 0\n',
    '/proc/30/environ': `TERM=x\0SSH_CONNECTION=${connection}\0`,
    '/proc/30/stat': '30 (bash) S 1 30 30 0\n',
  };

  test('of this process', () => {
    expect(sessionOf({}, { environment: { SSH_CONNECTION: connection } })).toEqual([3]);
  });

  test('over IPv6, however the address is written, and with a zone', () => {
    const own = { ...kernel, addresses: [address(3, '2001:db8::1'), address(4, 'fe80::1')] };
    const environment = { SSH_CONNECTION: '2001:db8::9 50000 2001:0db8:0:0::1 22' };
    expect(sessionOf({}, { environment, kernel: own })).toEqual([3]);
    const zone = { SSH_CONNECTION: 'fe80::9%em1 50000 fe80::1%em1 22' };
    expect(sessionOf({}, { environment: zone, kernel: own })).toEqual([4]);
  });

  test('is answered through an interface too', () => {
    const environment = { SSH_CONNECTION: connection };
    expect(sessionOf({}, { environment, kernel: { ...kernel, answers: 8 } })).toEqual([3, 8]);
  });

  test('of an ancestor, where sudo has cleaned the environment', () => {
    expect(sessionOf(ancestors, { parent: 40 })).toEqual([3]);
    expect(sessionOf(ancestors, { parent: 30, kernel: NOTHING_KNOWN })).toEqual([]);
  });

  test.each([
    ['ours', 'net:[1]', [3]],
    ['another one, where the address means something else', 'net:[2]', []],
  ])('that came in to a network namespace: %s', (_title, namespace, found) => {
    const files = {
      ...ancestors,
      '/proc/30/ns/net': 'net:[1]',
      '/proc/thread-self/ns/net': namespace,
    };
    expect(sessionOf(files, { parent: 40, environment: { SSH_CONNECTION: connection } })).toEqual(found);
  });

  test('is none on a console, and among ancestors that go round in a circle', () => {
    expect(sessionOf({}, {})).toEqual([]);
    const files = { '/proc/40/environ': '', '/proc/40/stat': '40 (x) S 40 0\n' };
    expect(sessionOf(files, { parent: 40 })).toEqual([]);
  });
});
