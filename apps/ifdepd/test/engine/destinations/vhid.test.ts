import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import type { Carp } from '@ifdepd/netif';
import { beforeEach, expect, test } from 'vitest';
import { vhidDestination } from '../../../src/engine/destinations/vhid.ts';

let advskew: number | null;

beforeEach(() => {
  advskew = 100;
});

/** A destination over one vhid; null for a vhid that is not there. */
function destination(undoValue?: number) {
  const netif = {
    carp: (): Carp => ({
      state: 'master',
      nodes: advskew === null ? [] : [{ vhid: 1, state: 'master', advskew }],
      advbase: 1,
      parent: 'em0',
    }),
    setAdvskew(_name: string, to: number) {
      const before = advskew ?? 0;
      advskew = to;
      return { changed: before !== to, before, after: to };
    },
  };
  return vhidDestination(scriptedLibc({}, { target: targetOf('freebsd') }), netif, '1@em0', undoValue);
}

test('down of a vhid is an advskew of 240, and up the one that it had', () => {
  const vhid = destination();
  const recorded: unknown[] = [];
  const before = (undo: unknown) => recorded.push([undo, advskew]);
  expect(vhid.read()).toBe('up');
  expect(vhid.set('down', before)).toEqual({ changed: true, is: 'down', undoValue: 100 });
  expect([advskew, vhid.read()]).toEqual([240, 'down']);
  expect(vhid.set('down', before)).toEqual({ changed: false, is: 'down' });
  expect(vhid.set('up', before)).toEqual({ changed: true, is: 'up' });
  expect([advskew, vhid.read()]).toEqual([100, 'up']);
  expect(recorded).toEqual([
    [{ undoValue: 100 }, 100],
    [undefined, 240],
  ]);
});

test('a vhid that is as low already is taken for down, and stays as it is when it goes up', () => {
  advskew = 240;
  const vhid = destination();
  expect(vhid.read()).toBe('up');
  expect([vhid.set('down'), vhid.read()]).toEqual([{ changed: false, is: 'down' }, 'down']);
  expect([vhid.set('up'), advskew, vhid.read()]).toEqual([{ changed: false, is: 'up' }, 240, 'up']);
});

test('a vhid that another program has given another advskew is not set up', () => {
  const vhid = destination();
  vhid.set('down');
  advskew = 50;
  expect(vhid.read()).toBe('up');
  expect([vhid.set('up'), advskew]).toEqual([{ changed: false, is: 'up' }, 50]);
});

test('a vhid that an earlier process lowered is down, and gets its advskew back', () => {
  advskew = 240;
  const vhid = destination(30);
  expect(vhid.read()).toBe('down');
  expect([vhid.set('up'), advskew]).toEqual([{ changed: true, is: 'up' }, 30]);
});

test('a vhid that is not there is missing, and setting it is not-found', () => {
  advskew = null;
  const vhid = destination();
  expect(vhid.read()).toBe('missing');
  expect(() => vhid.set('down')).toThrow(
    expect.objectContaining({
      kind: 'not-found',
      subject: '1@em0',
      message: expect.stringContaining('SIOCGVH'),
    }),
  );
});
