import type { Libc } from '@ifdepd/libc';
import { describe, expect, test } from 'vitest';
import { bsdLayouts } from '../../src/bsd/layouts/index.ts';
import { type ScriptedBsd, scriptedBsd } from '../../src/index.ts';
import { describeMessage } from './captured.ts';

type System = keyof typeof bsdLayouts;

const systems = Object.keys(bsdLayouts) as System[];
const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;

/** The messages of a listing, one after the other. */
function listed({ libc }: ScriptedBsd, system: System): string[] {
  const { iflist } = bsdLayouts[system];
  const size = libc.sysctl(iflist, null, null);
  const bytes = new Uint8Array(size);
  expect(libc.sysctl(iflist, new Uint8Array(size - 1), null)).toBe(-libc.target.errnoOf.ENOMEM);
  expect(libc.sysctl(iflist, bytes, null)).toBe(size);
  const lines: string[] = [];
  for (let at = 0; at < size; ) {
    const length = new DataView(bytes.buffer).getUint16(at, true);
    lines.push(describeMessage(bsdLayouts[system], bytes.slice(at, at + length)) ?? '');
    at += length;
  }
  return lines;
}

/** Index and name of what a listing names, found in its sockaddr_dl. */
function named(kernel: ScriptedBsd): string[] {
  const names = kernel.libc.if_nameindex();
  return typeof names === 'number' ? [] : names.map(({ index, name }) => `${index} ${name}`);
}

describe.each(systems)('%s', (system) => {
  const { behaviour, link } = bsdLayouts[system];
  const linkOf = (state: keyof typeof link) =>
    bsdLayouts[system].if_msghdr.ifi_link_state === null ? '' : ` link ${link[state]}`;

  test('the list has every interface and its addresses', () => {
    const kernel = scriptedBsd(system);
    kernel.attach('em0');
    kernel.addAddress('em0');
    const flags = (behaviour.signExtendedFlags ? 0xffff8843 : 0x8843).toString(16);
    const loopback = (behaviour.signExtendedFlags ? 0xffff8049 : 0x8049).toString(16);
    expect(listed(kernel, system)).toEqual([
      `1: ${loopback}${linkOf(behaviour.loopbackLink)}`,
      `2: ${flags}${linkOf('unknown')}`,
      '2: new address',
    ]);
    expect(kernel.libc.sysctl([1, 2, 3], null, null)).toBe(-2);
  });

  test('an index is reused at once, and a name can return with another index', () => {
    const kernel = scriptedBsd(system);
    kernel.attach('em0');
    kernel.attach('em1');
    kernel.detach('em0');
    kernel.attach('em2');
    kernel.attach('em0');
    expect(named(kernel).sort()).toEqual(['1 lo0', '2 em2', '3 em1', '4 em0']);
  });

  test('IFF_RUNNING is cleared after the message that still has it', () => {
    const kernel = scriptedBsd(system);
    kernel.attach('em0');
    kernel.setAdmin('em0', 'up');
    expect(kernel.flags('em0') & (IFF_UP | IFF_RUNNING)).toBe(IFF_UP | IFF_RUNNING);
    kernel.setAdmin('em0', 'down');
    expect(kernel.flags('em0') & (IFF_UP | IFF_RUNNING)).toBe(0);
  });

  test('a new address sets the interface up', () => {
    const kernel = scriptedBsd(system);
    kernel.attach('em0');
    kernel.addAddress('em0');
    expect(kernel.flags('em0') & IFF_UP).toBe(IFF_UP);
  });

  test('a missing interface throws', () => {
    const kernel = scriptedBsd(system);
    kernel.attach('em0', null);
    expect(() => kernel.setAdmin('em9', 'up')).toThrow('there is no interface em9');
    expect(() => kernel.attach('em0')).toThrow('an interface em0 exists already');
    expect(() => kernel.carrier('em0', 'up')).toThrow('em0 has no media');
    expect(() => kernel.carp('carp0')).toThrow('there is no carp carp0');
    if (behaviour.carp === null) {
      expect(() => kernel.createCarp('carp0', 'em0', 1)).toThrow('has no carp(4)');
    }
    if (!behaviour.renames) {
      expect(() => kernel.rename('em0', 'wan0')).toThrow('cannot rename an interface');
    }
  });
});

describe.each(['openbsd', 'netbsd', 'dragonfly'] as const)('the carp interface of %s', (system) => {
  function master(): ScriptedBsd {
    const kernel = scriptedBsd(system);
    kernel.attach('em0');
    kernel.setAdmin('em0', 'up');
    kernel.createCarp('carp0', 'em0', 51);
    expect(kernel.carp('carp0').state).toBe('backup');
    kernel.elect('carp0', 'master');
    return kernel;
  }

  test('a carp that is set down hands over and stays down, and is backup again when set up', () => {
    const kernel = master();
    kernel.setAdmin('carp0', 'down');
    expect(kernel.carp('carp0')).toMatchObject({ state: 'init', bowOuts: 1 });
    kernel.elect('carp0', 'master');
    expect(kernel.carp('carp0').state).toBe('init');
    kernel.setAdmin('carp0', 'up');
    expect(kernel.carp('carp0').state).toBe('backup');
  });

  test('a carp follows its parent, and except on DragonFly the link of its parent', () => {
    const kernel = master();
    kernel.setAdmin('em0', 'down');
    expect(kernel.carp('carp0').state).toBe('init');
    expect(kernel.flags('carp0') & (IFF_UP | IFF_RUNNING)).toBe(IFF_UP);
    kernel.setAdmin('em0', 'up');
    expect(kernel.carp('carp0').state).toBe('backup');
    kernel.carrier('em0', 'down');
    expect(kernel.carp('carp0').state).toBe(system === 'dragonfly' ? 'backup' : 'init');
  });

  test('a new address on a carp that is down restarts it', () => {
    const kernel = master();
    kernel.setAdmin('carp0', 'down');
    kernel.addAddress('carp0');
    expect(kernel.carp('carp0').state).toBe('backup');
    expect(kernel.flags('carp0') & IFF_UP).toBe(IFF_UP);
  });

  test('a vhid is INIT without its parent and disappears when it is deleted', () => {
    const kernel = master();
    kernel.detach('em0');
    expect(kernel.carp('carp0').state).toBe('init');
    kernel.detach('carp0');
    expect(() => kernel.carp('carp0')).toThrow('there is no carp');
  });
});

test.each(systems)('each scripted %s has its own start time', (system) => {
  const time = (libc: Libc) => {
    const { bootId } = libc.target;
    const into = new Uint8Array(16);
    expect('mib' in bootId && libc.sysctl(bootId.mib, into, null)).toBe(16);
    return Buffer.from(into).toString('hex');
  };
  const { libc } = scriptedBsd(system);
  expect(time(libc)).toBe(time(libc));
  expect(time(libc)).not.toBe(time(scriptedBsd(system).libc));
});
