import { targetOf } from '@ifdepd/libc';
import { type ScriptedLibc, scriptedLibc } from '@ifdepd/libc/testing';
import { describe, expect, test } from 'vitest';
import { type NetIf, openNetIf } from '../src/index.ts';
import { bytesOf, type Capture, captures, tableOf } from './support/captures.ts';
import { header } from './support/headers.ts';

/** The bytes that a capture's program wrote: the same have to come from here. */
function written(capture: Capture): Uint8Array {
  return bytesOf(capture.before ?? capture.hex);
}

/** The name at the start of every request. */
function nameOf(capture: Capture): string {
  return Buffer.from(written(capture)).toString('utf8', 0, 16).replace(/\0.*$/s, '');
}

/** A kernel that answers the captured request as the real one did, and no other. */
function replay(capture: Capture): { libc: ScriptedLibc; netif: NetIf } {
  const target = targetOf(capture.os);
  const libc = scriptedLibc(
    {
      ioctl: (_fd, request, argument) => {
        if (request !== Number(capture.request)) {
          return -target.errnoOf.EINVAL;
        }
        argument.set(bytesOf(capture.hex));
        return capture.ret < 0 ? -Number(capture.errno) : capture.ret;
      },
    },
    { target },
  );
  return { libc, netif: openNetIf({ libc, abi: tableOf(capture) }) };
}

/** The bytes of the captured request. */
function givenTo(libc: ScriptedLibc, capture: Capture): unknown {
  return libc.calls.find(({ name, values }) => name === 'ioctl' && values[1] === Number(capture.request))
    ?.values[2];
}

describe.each(captures(/^ioctl SIOCGIFFLAGS$/))('SIOCGIFFLAGS %s', (_title, capture) => {
  const { libc, netif } = replay(capture);
  const name = nameOf(capture);

  test('the request has the captured bytes, and the answer is decoded', () => {
    if (capture.ret < 0) {
      expect(() => netif.flags(name)).toThrow(
        expect.objectContaining({ errno: capture.errno, kind: 'not-found' }),
      );
    } else {
      const flags = netif.flags(name);
      const view = new DataView(bytesOf(capture.hex).buffer);
      const low = view.getUint16(header(capture.os, 'struct_ifreq', 'ifr_flags'), true);
      const high = tableOf(capture).ifreq.ifr_flagshigh === null ? 0 : view.getUint16(18, true);
      expect(flags.value).toBe(low + high * 0x10000);
      expect(flags).toMatchObject({ up: low % 2 === 1, loopback: /^lo\d/.test(name) });
    }
    expect(givenTo(libc, capture)).toEqual(written(capture));
  });
});

describe.each(captures(/^ioctl SIOCSIFFLAGS$/))('SIOCSIFFLAGS %s', (_title, capture) => {
  test('the request has the captured bytes', () => {
    const abi = tableOf(capture);
    const flags = new DataView(written(capture).buffer).getUint16(16, true);
    const libc = scriptedLibc(
      {
        // The same as before except for one bit.
        ioctl: (_fd, request, argument) => {
          if (request === abi.SIOCGIFFLAGS) {
            new DataView(argument.buffer, argument.byteOffset).setUint16(16, flags ^ abi.IFF_UP, true);
          }
          return request === Number(capture.request) && capture.ret < 0 ? -Number(capture.errno) : 0;
        },
      },
      { target: targetOf(capture.os) },
    );
    const netif = openNetIf({ libc, abi });
    const set = () => netif.setAdmin(nameOf(capture), (flags & abi.IFF_UP) === 0 ? 'down' : 'up');
    if (capture.ret < 0) {
      expect(set).toThrow(expect.objectContaining({ errno: capture.errno, kind: 'not-found' }));
    } else {
      expect(set().changed).toBe(true);
    }
    expect(givenTo(libc, capture)).toEqual(written(capture));
  });
});

describe.each(captures(/^ioctl SIOCGIFX?MEDIA$/))('media %s', (_title, capture) => {
  const { libc, netif } = replay(capture);
  const name = nameOf(capture);

  test('the request has the captured bytes, and the answer is decoded', () => {
    if (capture.ret >= 0) {
      const status = bytesOf(capture.hex)[header(capture.os, 'struct_ifmediareq', 'ifm_status')] ?? 0;
      expect(netif.media(name)).toEqual({ valid: (status & 1) === 1, active: (status & 2) === 2 });
    } else if (capture.errno === 6) {
      expect(() => netif.media(name)).toThrow(expect.objectContaining({ code: 'ENXIO', kind: 'not-found' }));
    } else {
      expect(netif.media(name)).toBeNull();
    }
    expect(givenTo(libc, capture)).toEqual(written(capture));
  });
});

describe.each(captures(/^ioctl SIOCGVH/))('SIOCGVH %s', (_title, capture) => {
  // The later captures name the vhid in their cause; all of them are on nic0.
  const interfaceName = /^(\w+):/.exec(capture.cause)?.[1] ?? 'nic0';
  const vhid = new DataView(bytesOf(capture.hex).buffer).getInt32(
    header(capture.os, 'struct_carpreq', 'carpr_vhid'),
    true,
  );
  const vhids = tableOf(capture).carp?.on === 'vhid-of-parent';
  const size = bytesOf(capture.hex).byteLength;

  test('the structure behind the request is decoded as by the capturing program', () => {
    const target = targetOf(capture.os);
    const libc = scriptedLibc(
      {
        ioctl: (_fd, request, argument) => {
          expect(request).toBe(Number(capture.request));
          expect(Buffer.from(argument).toString('utf8', 0, 16).replace(/\0.*$/s, '')).toBe(interfaceName);
          const carpreq = libc.at(new DataView(argument.buffer, argument.byteOffset).getBigUint64(16, true));
          expect(carpreq.byteLength).toBe(size);
          carpreq.set(bytesOf(capture.hex));
          return capture.ret < 0 ? -Number(capture.errno) : 0;
        },
      },
      { target },
    );
    const netif = openNetIf({ libc, abi: tableOf(capture) });
    const read = () => netif.carp(vhids ? `${vhid || 7}@${interfaceName}` : interfaceName);
    if (capture.ret < 0) {
      expect(read).toThrow(expect.objectContaining({ errno: capture.errno, kind: 'not-found' }));
    } else {
      const state = capture.state?.toLowerCase();
      // A carp that was created and given nothing yet has the vhid −1.
      expect([6, 7, 9, -1]).toContain(vhid);
      const nodes = vhid < 0 ? [] : [{ vhid, state, advskew: 0 }];
      expect(read()).toMatchObject({ state, nodes, advbase: 1 });
    }
  });
});

test('captures exist for each kind of request', () => {
  for (const kind of [/SIOCGIFFLAGS/, /SIOCSIFFLAGS/, /SIOCGIFMEDIA/, /SIOCGIFXMEDIA/, /SIOCGVH/]) {
    expect(captures(kind).length).toBeGreaterThan(0);
  }
});
