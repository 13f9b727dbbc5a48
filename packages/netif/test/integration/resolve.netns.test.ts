import { enterNewNamespace, ip } from '@ifdepd/netlab';
import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { describe, expect, test } from 'vitest';
import { type NetIf, openNetIf } from '../../src/index.ts';

const LONG = 'uplink-fibre-building-north-0';

/** Two interfaces that are down: the kernel sends no message about the alternative names of such. */
function pair(): NetIf {
  enterNewNamespace();
  ip('link', 'add', 'dst0', 'type', 'veth', 'peer', 'name', 'dst1');
  return openNetIf();
}

describe('resolve', () => {
  test('finds an interface by its name, and by a short and a long alternative name', () => {
    using netif = pair();
    ip('link', 'property', 'add', 'dev', 'dst0', 'altname', 'vip0', 'altname', LONG);
    const index = netif.list().find(({ name }) => name === 'dst0')?.index;
    for (const name of ['dst0', 'vip0', LONG]) {
      expect(netif.resolve(name)).toEqual({ index, name: 'dst0' });
    }
  });

  test('finds the other interface at once after an alternative name has moved', () => {
    using netif = pair();
    ip('link', 'property', 'add', 'dev', 'dst0', 'altname', LONG);
    expect(netif.resolve(LONG)?.name).toBe('dst0');
    ip('link', 'property', 'del', 'dev', 'dst0', 'altname', LONG);
    expect(netif.resolve(LONG)).toBeNull();
    ip('link', 'property', 'add', 'dev', 'dst1', 'altname', LONG);
    expect(netif.resolve(LONG)?.name).toBe('dst1');
  });

  test.each(['gone0', `${LONG}-that-no-interface-has`, '', 'x'.repeat(128)])(
    'returns null for %j',
    (name) => {
      using netif = pair();
      expect(netif.resolve(name)).toBeNull();
    },
  );

  test('looks in the list of interfaces on a BSD, which has no alternative names', () => {
    const bsd = scriptedBsd('openbsd');
    bsd.attach('em7');
    using netif = openNetIf({ libc: bsd.libc });
    expect(netif.resolve('em7')).toEqual({ index: expect.any(Number), name: 'em7' });
    expect(netif.resolve(LONG)).toBeNull();
  });
});

test('flags, setAdmin and protoDown accept a long alternative name', () => {
  using netif = pair();
  ip('link', 'property', 'add', 'dev', 'dst0', 'altname', LONG);
  expect(netif.setAdmin(LONG, 'up')).toMatchObject({ changed: true, after: { up: true } });
  expect(netif.flags('dst0').up).toBe(true);
  expect(netif.maySet(LONG)).toBe(true);
  expect(netif.protoDown(LONG)).toMatchObject({ on: false });
  expect(() => netif.flags(`${LONG}-no`)).toThrow(expect.objectContaining({ kind: 'not-found' }));
});
