import { type Platform, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { describe, expect, test } from 'vitest';
import { type NetIf, openNetIf } from '../src/index.ts';
import { header } from './support/headers.ts';

const ENOENT = 2;
const EINVAL = 22;

/** OpenBSD's groups: the kernel adds, and keeps the sum in 0 to 255. */
function openbsd(groups: Map<string, number>): { netif: NetIf; writes: Uint8Array[] } {
  const writes: Uint8Array[] = [];
  const attribute = header('openbsd', 'struct_ifgroupreq', 'ifgr_attrib');
  const libc = scriptedLibc(
    {
      ioctl: (_fd, request, argument) => {
        const group = Buffer.from(argument).toString('utf8', 0, 16).replace(/\0.*$/s, '');
        const value = groups.get(group);
        const view = new DataView(argument.buffer, argument.byteOffset);
        if (value === undefined) {
          return -ENOENT;
        }
        if (request === header('openbsd', 'ioctl', 'SIOCGIFGATTR')) {
          view.setInt32(attribute, value, true);
          return 0;
        }
        expect(request).toBe(header('openbsd', 'ioctl', 'SIOCSIFGATTR'));
        writes.push(argument.slice());
        const sum = value + view.getInt32(attribute, true);
        if (sum < 0 || sum > 255) {
          return -EINVAL;
        }
        groups.set(group, sum);
        return 0;
      },
    },
    { target: targetOf('openbsd') },
  );
  return { netif: openNetIf({ libc }), writes };
}

/** FreeBSD's sysctl: what is written is added. */
function freebsd(initial: number): { netif: NetIf; writes: Uint8Array[] } {
  let value = initial;
  const writes: Uint8Array[] = [];
  const libc = scriptedLibc(
    {
      sysctlbyname: (name, into, from) => {
        expect(name).toBe('net.inet.carp.demotion');
        if (into !== null) {
          new DataView(into.buffer).setInt32(0, value, true);
        }
        if (from !== null) {
          writes.push(from.slice());
          value += new DataView(from.buffer, from.byteOffset).getInt32(0, true);
        }
        return 4;
      },
    },
    { target: targetOf('freebsd') },
  );
  return { netif: openNetIf({ libc }), writes };
}

describe.each([
  ['openbsd', () => openbsd(new Map([['carp', 3]]))],
  ['freebsd', () => freebsd(3)],
] as const)('%s', (_platform, open) => {
  test('demote adds a number, and its inverse undoes it', () => {
    const { netif } = open();
    expect(netif.demotion()).toBe(3);
    expect(netif.demote(50)).toEqual({ delta: 50, before: 3, after: 53 });
    // Another program adds its own meanwhile.
    netif.demote(1);
    expect(netif.demote(-50)).toEqual({ delta: -50, before: 54, after: 4 });
  });

  test('demote by zero writes nothing', () => {
    const { netif, writes } = open();
    expect(netif.demote(0)).toEqual({ delta: 0, before: 3, after: 3 });
    expect(writes).toEqual([]);
  });

  test('demote refuses a fraction', () => {
    expect(() => open().netif.demote(0.5)).toThrow(/^demote: delta must be a whole number from .*, not 0.5$/);
  });
});

describe('demote on OpenBSD', () => {
  test('sends a struct ifgroupreq with the name of the group and the number', () => {
    const { netif, writes } = openbsd(new Map([['egress', 9]]));
    netif.demote(-2, 'egress');
    const expected = new Uint8Array(header('openbsd', 'struct_ifgroupreq', 'size'));
    expected.set(Buffer.from('egress'));
    expected.set([0xfe, 0xff, 0xff, 0xff], header('openbsd', 'struct_ifgroupreq', 'ifgr_attrib'));
    expect(writes).toEqual([expected]);
  });

  test('throws not-found for a missing group, and the error of the kernel for a sum above 255', () => {
    const { netif } = openbsd(new Map([['carp', 200]]));
    expect(() => netif.demotion('nobody')).toThrow(
      'nobody: no such file or directory (ioctl SIOCGIFGATTR: ENOENT)',
    );
    expect(() => netif.demote(100)).toThrow('carp: invalid argument (ioctl SIOCSIFGATTR: EINVAL)');
    expect(() => netif.demotion('a-name-of-sixteen')).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    expect(netif.demotion()).toBe(200);
  });
});

test.each<Platform>(['linux', 'netbsd', 'dragonfly', 'darwin'])('%s has no demotion counter', (platform) => {
  const netif = openNetIf({ libc: scriptedLibc({}, { target: targetOf(platform) }) });
  expect(netif.demotion()).toBeNull();
  expect(() => netif.demote(1)).toThrow(expect.objectContaining({ kind: 'unsupported' }));
});
