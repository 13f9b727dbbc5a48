import { type Platform, targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { describe, expect, test } from 'vitest';
import { openNetIf } from '../src/index.ts';
import { header } from './support/headers.ts';

const EPERM = 1;
const ENOENT = 2;
const ENXIO = 6;
const EINVAL = 22;
const [INIT, BACKUP, MASTER] = [0, 1, 2];

/** A vhid of FreeBSD: carp_ioctl() in netinet/ip_carp.c. */
interface Vhid {
  state: number;
  advskew: number;
  advbase: number;
  key: string;
}

/** FreeBSD's carp(4): SIOCSVH makes a vhid that it does not know, and obeys a state other than the present one. */
function freebsdKernel(vhids: Map<number, Vhid>, parents = ['em0']) {
  const at = (name: string) => header('freebsd', 'struct_carpreq', name);
  const orders: Uint8Array[] = [];
  const libc = scriptedLibc(
    {
      ioctl: (_fd, request, ifreq) => {
        const name = Buffer.from(ifreq).toString('utf8', 0, 16).replace(/\0.*$/s, '');
        if (!parents.includes(name)) {
          return -ENXIO;
        }
        const bytes = libc.at(new DataView(ifreq.buffer, ifreq.byteOffset).getBigUint64(16, true));
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        const id = view.getInt32(at('carpr_vhid'), true);
        let vhid = vhids.get(id);
        if (request === header('freebsd', 'ioctl', 'SIOCGVH')) {
          expect(view.getInt32(at('carpr_count'), true)).toBeGreaterThan(0);
          if (vhid === undefined) {
            return -ENOENT;
          }
          view.setInt32(at('carpr_state'), vhid.state, true);
          view.setInt32(at('carpr_advskew'), vhid.advskew, true);
          view.setInt32(at('carpr_advbase'), vhid.advbase, true);
          return 0;
        }
        expect(request).toBe(header('freebsd', 'ioctl', 'SIOCSVH'));
        orders.push(bytes.slice());
        vhid ??= { state: INIT, advskew: 0, advbase: 1, key: '' };
        vhids.set(id, vhid);
        vhid.advskew = view.getInt32(at('carpr_advskew'), true);
        vhid.advbase = view.getInt32(at('carpr_advbase'), true) || vhid.advbase;
        vhid.key = bytes[at('carpr_key')] === 0 ? vhid.key : 'another';
        const wanted = view.getInt32(at('carpr_state'), true);
        vhid.state = wanted === INIT ? vhid.state : wanted;
        return 0;
      },
    },
    { target: targetOf('freebsd') },
  );
  const requests = () => libc.calls.filter(({ name }) => name === 'ioctl').length;
  return { netif: openNetIf({ libc }), requests, orders };
}

describe('a vhid of FreeBSD', () => {
  const master = (): Vhid => ({ state: MASTER, advskew: 0, advbase: 3, key: 'secret' });

  test('is read under the name 1@em0', () => {
    const { netif } = freebsdKernel(new Map([[1, master()]]));
    expect(netif.carp('1@em0')).toEqual({
      state: 'master',
      nodes: [{ vhid: 1, state: 'master', advskew: 0 }],
      advbase: 3,
      parent: 'em0',
    });
  });

  test('setAdvskew demotes and restores it, and changes nothing else of it', () => {
    const vhid = master();
    const { netif } = freebsdKernel(new Map([[1, vhid]]));
    const demoted = netif.setAdvskew('1@em0', 240);
    expect(demoted).toEqual({ changed: true, before: 0, after: 240 });
    expect(vhid).toEqual({ ...master(), advskew: 240 });
    // The machine was overtaken meanwhile: setting the advskew must not take the mastership back by force.
    vhid.state = BACKUP;
    expect(netif.setAdvskew('1@em0', demoted.before)).toEqual({ changed: true, before: 240, after: 0 });
    expect(vhid).toEqual({ ...master(), state: BACKUP });
  });

  test('setAdvskew sends the advskew only: no state, which would be an order, and no key', () => {
    const { netif, orders } = freebsdKernel(new Map([[1, master()]]));
    netif.setAdvskew('1@em0', 240);
    const expected = new Uint8Array(header('freebsd', 'struct_carpreq', 'size'));
    const view = new DataView(expected.buffer);
    for (const [field, value] of [
      ['carpr_count', 1],
      ['carpr_vhid', 1],
      ['carpr_advskew', 240],
    ] as const) {
      view.setInt32(header('freebsd', 'struct_carpreq', field), value, true);
    }
    expect(orders).toEqual([expected]);
  });

  test('setAdvskew names the request that the kernel refuses', () => {
    const netif = carpInterface('freebsd', (view, at) => view.setInt32(at('carpr_vhid'), 1, true), -EPERM);
    expect(() => netif.setAdvskew('1@carp0', 240)).toThrow(
      '1@carp0: operation not permitted (ioctl SIOCSVH: EPERM)',
    );
  });

  test('setAdvskew writes nothing when the advskew is already set', () => {
    const { netif, requests } = freebsdKernel(new Map([[1, master()]]));
    expect(netif.setAdvskew('1@em0', 0)).toEqual({ changed: false, before: 0, after: 0 });
    expect(requests()).toBe(1);
  });

  test('setAdvskew throws not-found for a missing vhid and does not create it', () => {
    const vhids = new Map([[1, master()]]);
    const { netif } = freebsdKernel(vhids);
    for (const name of ['2@em0', '1@em9', 'em0', 'carp0', '0@em0', '256@em0', '1@', '@em0', '01@em0']) {
      expect(() => netif.setAdvskew(name, 240)).toThrow(
        expect.objectContaining({ kind: 'not-found', subject: name }),
      );
    }
    expect([...vhids.keys()]).toEqual([1]);
    expect(() => netif.carp('2@em0')).toThrow('2@em0: no such file or directory (ioctl SIOCGVH: ENOENT)');
    expect(netif.carp('em0')).toBeNull();
  });

  test.each([-1, 255, 0.5, Number.NaN])('setAdvskew refuses %d', (advskew) => {
    const { netif, requests } = freebsdKernel(new Map([[1, master()]]));
    expect(() => netif.setAdvskew('1@em0', advskew)).toThrow('advskew must be a whole number from 0 to 254');
    expect(requests()).toBe(0);
  });
});

/** A kernel in which `carp0` is a carp with these bytes, and em0 none. @param written the answer to SIOCSVH */
function carpInterface(
  platform: Platform,
  fill: (view: DataView, at: (name: string) => number) => void,
  written = 0,
) {
  const libc = scriptedLibc(
    {
      ioctl: (_fd, request, ifreq) => {
        if (request === header('freebsd', 'ioctl', 'SIOCSVH')) {
          return written;
        }
        const name = Buffer.from(ifreq).toString('utf8', 0, 16).replace(/\0.*$/s, '');
        if (name !== 'carp0') {
          return name === 'em0' ? -EINVAL : -ENXIO;
        }
        const bytes = libc.at(new DataView(ifreq.buffer, ifreq.byteOffset).getBigUint64(16, true));
        fill(new DataView(bytes.buffer, bytes.byteOffset), (field) =>
          header(platform, 'struct_carpreq', field),
        );
        return 0;
      },
    },
    { target: targetOf(platform) },
  );
  return openNetIf({ libc });
}

describe.each(['netbsd', 'dragonfly'] as const)('the carp interface of %s', (platform) => {
  const netif = (state: number, vhid: number) =>
    carpInterface(platform, (view, at) => {
      view.setInt32(at('carpr_state'), state, true);
      view.setInt32(at('carpr_vhid'), vhid, true);
      view.setInt32(at('carpr_advskew'), 100, true);
      view.setInt32(at('carpr_advbase'), 2, true);
    });

  test.each([
    [INIT, 'init'],
    [BACKUP, 'backup'],
    [MASTER, 'master'],
  ])('state %i is %s', (value, state) => {
    expect(netif(value, 51).carp('carp0')).toMatchObject({
      state,
      nodes: [{ vhid: 51, state, advskew: 100 }],
      advbase: 2,
    });
  });

  test.each([0, -1])('has no node before it has a vhid (%i)', (vhid) => {
    expect(netif(INIT, vhid).carp('carp0')).toMatchObject({ state: 'init', nodes: [] });
  });

  test('an unknown state is read as init', () => {
    expect(netif(3, 51).carp('carp0')?.state).toBe('init');
  });
});

describe('the carp interface of OpenBSD', () => {
  const netif = carpInterface('openbsd', (view, at) => {
    new Uint8Array(view.buffer, view.byteOffset + at('carpr_carpdev')).set(Buffer.from('em0'));
    for (const [position, [vhid = 0, state = 0, advskew = 0]] of [
      [51, BACKUP, 100],
      [52, MASTER, 0],
    ].entries()) {
      view.setUint8(at('carpr_vhids') + position, vhid);
      view.setUint8(at('carpr_states') + position, state);
      view.setUint8(at('carpr_advskews') + position, advskew);
    }
    view.setInt32(at('carpr_advbase'), 1, true);
  });

  test('is master when one of its virtual hosts is', () => {
    expect(netif.carp('carp0')).toEqual({
      state: 'master',
      nodes: [
        { vhid: 51, state: 'backup', advskew: 100 },
        { vhid: 52, state: 'master', advskew: 0 },
      ],
      advbase: 1,
      parent: 'em0',
    });
  });

  test('has 32 virtual hosts when none of them is zero', () => {
    const full = carpInterface('openbsd', (view, at) => {
      new Uint8Array(view.buffer, view.byteOffset + at('carpr_vhids'), 32).fill(9);
    });
    expect(full.carp('carp0')?.nodes).toHaveLength(32);
  });

  test('carp returns null for another interface and throws not-found for a missing one', () => {
    expect(netif.carp('em0')).toBeNull();
    expect(() => netif.carp('em9')).toThrow(expect.objectContaining({ kind: 'not-found' }));
  });

  test('setAdvskew is unsupported', () => {
    expect(() => netif.setAdvskew('carp0', 240)).toThrow(
      'carp0: function not implemented (ioctl SIOCSVH: ENOSYS)',
    );
  });
});

test.each(['linux', 'darwin'] as const)('carp returns null on %s', (platform) => {
  const netif = openNetIf({ libc: scriptedLibc({}, { target: targetOf(platform) }) });
  expect(netif.carp('carp0')).toBeNull();
  expect(() => netif.setAdvskew('1@em0', 240)).toThrow(expect.objectContaining({ kind: 'unsupported' }));
});
