import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { describe, expect, test } from 'vitest';
import { abis, netbsd8, openNetIf } from '../src/index.ts';

/** The same code, over the kernel of each system. */
const systems = [
  ['freebsd', abis.freebsd],
  ['openbsd', abis.openbsd],
  ['netbsd', abis.netbsd],
  ['netbsd7', netbsd8],
  ['dragonfly', abis.dragonfly],
  ['darwin', abis.darwin],
] as const;

describe.each(systems)('NetIf on %s', (system, abi) => {
  function machine() {
    const kernel = scriptedBsd(system);
    kernel.attach('em0');
    kernel.attach('bridge0', null);
    return { kernel, netif: openNetIf({ libc: kernel.libc, abi }) };
  }

  test('lists interfaces, reads flags and sets an interface down and up', () => {
    const { kernel, netif } = machine();
    expect(netif.list().map(({ name }) => name)).toEqual(['lo0', 'em0', 'bridge0']);
    expect(netif.flags('lo0')).toMatchObject({ up: true, loopback: true });
    expect(netif.setAdmin('em0', 'up')).toMatchObject({ changed: true, after: { up: true, running: true } });
    expect(netif.setAdmin('em0', 'up').changed).toBe(false);
    expect(netif.setAdmin('em0', 'down')).toMatchObject({ changed: true, after: { up: false } });
    expect(kernel.flags('em0')).toBe(0x8802);
    kernel.detach('em0');
    expect(() => netif.setAdmin('em0', 'up')).toThrow(
      expect.objectContaining({ code: 'ENXIO', kind: 'not-found' }),
    );
  });

  test('setting an interface down changes no other flag', () => {
    const { kernel, netif } = machine();
    netif.setAdmin('em0', 'up');
    const before = kernel.flags('em0');
    netif.setAdmin('em0', 'down');
    netif.setAdmin('em0', 'up');
    expect(kernel.flags('em0')).toBe(before);
  });

  test('media follows the cable while the interface is up and while it is down; a bridge has no media', () => {
    const { kernel, netif } = machine();
    netif.setAdmin('em0', 'up');
    expect(netif.media('em0')).toEqual({ valid: true, active: true });
    kernel.carrier('em0', 'down');
    expect(netif.media('em0')).toEqual({ valid: true, active: false });
    expect(netif.media('bridge0')).toBeNull();
    expect(() => netif.media('em9')).toThrow(expect.objectContaining({ kind: 'not-found' }));
  });

  test('maySet finds out the privilege and changes nothing', () => {
    const { kernel, netif } = machine();
    const fd = kernel.libc.socket(system.startsWith('netbsd') ? 34 : 17, 3, 0);
    const silent = () =>
      kernel.libc.recvfrom(fd, new Uint8Array(9), kernel.libc.target.socket.MSG_DONTWAIT, null) ===
      -kernel.libc.target.errnoOf.EAGAIN;
    expect(netif.maySet('em0')).toBe(true);
    kernel.privileged = false;
    expect(netif.maySet('em0')).toBe(false);
    expect(() => netif.setAdmin('em0', 'up')).toThrow(expect.objectContaining({ kind: 'not-permitted' }));
    expect(silent()).toBe(true);
    kernel.setAdmin('em0', 'up');
    expect(silent()).toBe(false);
  });
});

describe.each(['openbsd', 'netbsd', 'dragonfly'] as const)('carp as an interface, on %s', (system) => {
  test('its state is read, and setting it down hands mastership over', () => {
    const kernel = scriptedBsd(system);
    const netif = openNetIf({ libc: kernel.libc });
    kernel.attach('em0');
    netif.setAdmin('em0', 'up');
    kernel.createCarp('carp0', 'em0', 51, 100);
    expect(netif.carp('carp0')).toMatchObject({
      state: 'backup',
      nodes: [{ vhid: 51, advskew: 100 }],
      advbase: 1,
    });
    kernel.elect('carp0', 'master');
    expect(netif.carp('carp0')?.state).toBe('master');
    expect(netif.setAdmin('carp0', 'down').changed).toBe(true);
    expect(netif.carp('carp0')?.state).toBe('init');
    expect(kernel.carp('carp0').bowOuts).toBe(1);
    expect(netif.carp('em0')).toBeNull();
  });
});

describe('a vhid on FreeBSD', () => {
  const kernel = scriptedBsd('freebsd');
  const netif = openNetIf({ libc: kernel.libc });
  kernel.attach('em0');
  kernel.setAdmin('em0', 'up');
  kernel.createCarp('1@em0', 'em0', 1);
  kernel.elect('1@em0', 'master');

  test('setAdvskew demotes and restores it and sends no state', () => {
    const { before } = netif.setAdvskew('1@em0', 240);
    expect(kernel.carp('1@em0')).toMatchObject({ state: 'master', advskew: 240, advbase: 1 });
    kernel.elect('1@em0', 'backup');
    netif.setAdvskew('1@em0', before);
    expect(kernel.carp('1@em0')).toMatchObject({ state: 'backup', advskew: 0 });
    expect(netif.carp('1@em0')).toMatchObject({ state: 'backup', parent: 'em0' });
  });

  test('setAdvskew does not create a missing vhid', () => {
    expect(() => netif.setAdvskew('2@em0', 240)).toThrow(expect.objectContaining({ kind: 'not-found' }));
    expect(() => kernel.carp('2@em0')).toThrow('there is no carp 2@em0');
  });

  test('setAdvskew needs root', () => {
    kernel.privileged = false;
    expect(() => netif.setAdvskew('1@em0', 240)).toThrow(expect.objectContaining({ kind: 'not-permitted' }));
    expect(() => netif.demote(240)).toThrow(expect.objectContaining({ kind: 'not-permitted' }));
    kernel.privileged = true;
  });
});

describe.each(['freebsd', 'openbsd'] as const)('the demotion counter of %s', (system) => {
  test('changes by demote and returns by its inverse', () => {
    const kernel = scriptedBsd(system);
    const netif = openNetIf({ libc: kernel.libc });
    expect(netif.demote(128)).toEqual({ delta: 128, before: 0, after: 128 });
    expect(kernel.demotion()).toBe(128);
    netif.demote(-128);
    expect(kernel.demotion()).toBe(0);
  });
});
