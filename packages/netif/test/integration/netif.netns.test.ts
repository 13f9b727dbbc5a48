import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type Libc, loadLibc, must, openSocket } from '@ifdepd/libc';
import { cable, enterNewNamespace, ip, ipBatch, tapFault, until } from '@ifdepd/netlab';
import { bundle } from '@ifdepd/packed';
import { beforeEach, describe, expect, test } from 'vitest';
import { type NetIf, openNetIf } from '../../src/index.ts';

const packageDir = fileURLToPath(new URL('../..', import.meta.url));
const libc = loadLibc();

/** linux/rtnetlink.h */
const RTMGRP_LINK = 1;

let netif: NetIf;

beforeEach(() => {
  enterNewNamespace();
  netif = openNetIf({ libc });
  return () => netif.close();
});

interface LinkOfIp {
  readonly flags: readonly string[];
  readonly operstate: string;
}

/** An interface as ip(8) shows it. */
function linkOfIp(name: string): LinkOfIp {
  const [link] = JSON.parse(ip('-j', 'link', 'show', name)) as LinkOfIp[];
  return { flags: link?.flags ?? [], operstate: link?.operstate ?? '' };
}

function flagsOfIp(name: string): readonly string[] {
  return linkOfIp(name).flags;
}

/** linux/if.h, the 16 bits of ifr_flags. ip(8) shows NO-CARRIER and LOWER_UP besides, which are not among them. */
const names: Readonly<Record<string, number>> = {
  UP: 0x1,
  BROADCAST: 0x2,
  LOOPBACK: 0x8,
  POINTOPOINT: 0x10,
  NOARP: 0x80,
  PROMISC: 0x100,
  ALLMULTI: 0x200,
  MULTICAST: 0x1000,
};

/** The kernel settles a link's state in its own time: what is compared is what ip(8) showed before and after alike. */
async function expectAsIp(name: string): Promise<void> {
  const { flags, shown } = await until(`${name} keeps still`, () => {
    const before = linkOfIp(name);
    const read = netif.flags(name);
    return isDeepStrictEqual(linkOfIp(name), before) && { flags: read, shown: before };
  });
  const known = Object.entries(names).filter(([, bit]) => (flags.value & bit) !== 0);
  expect(known.map(([flag]) => flag).sort()).toEqual(shown.flags.filter((flag) => flag in names).sort());
  const up = shown.flags.includes('UP');
  // net/core/dev.c, dev_get_flags() and netif_oper_up()
  const running = up && ['UP', 'UNKNOWN'].includes(shown.operstate);
  expect(flags).toMatchObject({ up, running, loopback: shown.flags.includes('LOOPBACK') });
}

describe('flags', () => {
  test('equal those of ip(8)', async () => {
    const { name, far, cut } = cable('eth7');
    ipBatch(['link add br0 type bridge', 'link add zürich type bridge']);
    const tunnels = tapFault() === null ? ['tun7'] : [];
    ipBatch(tunnels.map((tunnel) => `tuntap add ${tunnel} mode tun`));
    for (const each of ['lo', name, far, 'br0', 'zürich', ...tunnels]) {
      await expectAsIp(each);
    }
    cut();
    await expectAsIp(name);
    await expectAsIp(far);
  });

  test('throws not-found for an interface that was deleted or never existed', () => {
    const { name } = cable('eth7');
    ip('link', 'del', name);
    for (const each of [name, 'never0', 'sixteen-bytes-xy']) {
      expect(() => netif.flags(each)).toThrow(
        expect.objectContaining({ code: 'ENODEV', kind: 'not-found', subject: each }),
      );
      expect(() => netif.setAdmin(each, 'up')).toThrow(expect.objectContaining({ kind: 'not-found' }));
      expect(() => netif.media(each)).toThrow(expect.objectContaining({ kind: 'not-found' }));
      expect(() => netif.maySet(each)).toThrow(expect.objectContaining({ kind: 'not-found' }));
    }
  });
});

describe('setAdmin', () => {
  test('sets the interface down and up, and the other flags stay', async () => {
    const { name } = cable('eth7');
    ip('link', 'set', name, 'promisc', 'on', 'allmulticast', 'on', 'arp', 'off');
    const others = flagsOfIp(name).filter((flag) => ['PROMISC', 'ALLMULTI', 'NOARP'].includes(flag));
    expect(others).toHaveLength(3);

    const down = netif.setAdmin(name, 'down');
    expect([down.changed, down.before.up, down.after.up]).toEqual([true, true, false]);
    expect(flagsOfIp(name)).toEqual(expect.arrayContaining(others));
    expect(flagsOfIp(name)).not.toContain('UP');
    await expectAsIp(name);

    const up = netif.setAdmin(name, 'up');
    expect([up.changed, up.before.up, up.after.up]).toEqual([true, false, true]);
    expect(flagsOfIp(name)).toEqual(expect.arrayContaining([...others, 'UP']));
    await expectAsIp(name);
  });

  test('causes no message of the kernel when nothing changes', () => {
    // A bridge without ports: nothing settles behind our back.
    const name = 'br7';
    ip('link', 'add', name, 'type', 'bridge');
    using messages = listen(libc, RTMGRP_LINK);
    expect(netif.setAdmin(name, 'down').changed).toBe(false);
    expect(messages.count()).toBe(0);
    expect(netif.setAdmin(name, 'up').changed).toBe(true);
    expect(messages.count()).toBeGreaterThan(0);
  });
});

describe('media', () => {
  test('follows the cable at once', () => {
    const { name, cut, repair } = cable('eth7');
    expect(netif.media(name)).toEqual({ valid: true, active: true });
    cut();
    expect(netif.media(name)).toEqual({ valid: true, active: false });
    repair();
    expect(netif.media(name)).toEqual({ valid: true, active: true });
  });

  test('loopback has a link; an ifb has no media', () => {
    ip('link', 'add', 'ifb7', 'type', 'ifb');
    expect(netif.media('lo')).toEqual({ valid: true, active: true });
    expect(netif.media('ifb7')).toBeNull();
  });
});

describe('maySet', () => {
  test('changes nothing and causes no netlink message', () => {
    // Down: nothing happens to it but what is done here.
    const name = 'br7';
    ip('link', 'add', name, 'type', 'bridge');
    const before = ip('-d', '-j', 'link', 'show', name);
    using messages = listen(libc, 0xffffffff);
    for (let round = 0; round < 100; round += 1) {
      expect(netif.maySet(name)).toBe(true);
    }
    expect(messages.count()).toBe(0);
    expect(ip('-d', '-j', 'link', 'show', name)).toBe(before);
    ip('link', 'set', name, 'mtu', '1400');
    expect(messages.count()).toBeGreaterThan(0);
  });

  test('is false without CAP_NET_ADMIN, where flags can be read and not set', () => {
    const { name } = cable('eth7');
    expect(asUser('setpriv', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs')).toEqual({
      maySet: false,
      link: { valid: true, active: true },
      attempt: 'not-permitted',
      up: true,
    });
    expect(asUser('setpriv', '--inh-caps=-all', '--bounding-set=-all,+net_admin')).toMatchObject({
      maySet: true,
      attempt: 'set',
      up: false,
    });

    /** A process that keeps no other privilege. */
    function asUser(...under: string[]): unknown {
      using module = bundle(packageDir, { file: 'test/children/privilege.ts' });
      const [command = '', ...words] = [...under, process.execPath, module.path, name];
      const { stdout, stderr } = spawnSync(command, words, { encoding: 'utf8' });
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    }
  });
});

test('list returns the interfaces that ip(8) lists', () => {
  cable('eth7');
  ip('link', 'add', 'br0', 'type', 'bridge');
  const links = JSON.parse(ip('-j', 'link')) as { ifindex: number; ifname: string }[];
  expect(netif.list()).toEqual(links.map(({ ifindex, ifname }) => ({ index: ifindex, name: ifname })));
});

/** The rtnetlink messages of this namespace from now on, of some or all groups. */
function listen(through: Libc, groups: number): Disposable & { count(): number } {
  const { SOCK_RAW, SOCK_NONBLOCK } = through.target.socket;
  const socket = openSocket(through, 16, SOCK_RAW | SOCK_NONBLOCK, 0, 'rtnetlink socket');
  const address = new Uint8Array(12);
  new DataView(address.buffer).setUint16(0, 16, true);
  new DataView(address.buffer).setUint32(8, groups, true);
  must(through, through.bind(socket.fd, address), 'bind', 'rtnetlink socket');
  const into = new Uint8Array(65_536);
  return {
    count() {
      for (let count = 0; ; count += 1) {
        const size = through.recvfrom(socket.fd, into, 0, null);
        if (size === -through.target.errnoOf.EAGAIN) {
          return count;
        }
        must(through, size, 'recvfrom', 'rtnetlink socket');
      }
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

test('an open netif works on the network namespace in which it was opened, and only list() on that of the thread', () => {
  ip('link', 'add', 'here0', 'type', 'bridge');
  enterNewNamespace();
  expect(netif.setAdmin('here0', 'up')).toMatchObject({ changed: true, after: { up: true } });
  expect(netif.list().map(({ name }) => name)).toEqual(['lo']);
  using there = openNetIf({ libc });
  expect(() => there.flags('here0')).toThrow('no such device');
});
