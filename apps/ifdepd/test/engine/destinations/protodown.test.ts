import type { ProtoDown } from '@ifdepd/netif';
import { describe, expect, test } from 'vitest';
import { protodownDestination } from '../../../src/engine/destinations/protodown.ts';

/** A kernel before Linux 5.9, which no test can run on: one state, and no reasons. */
function oldKernel(on: boolean) {
  const state = (): ProtoDown => ({ on, reasons: 0, carrier: !on });
  return {
    protoDown: state,
    keepsProtoDownReasons: () => false,
    setProtoDown(_name: string, to: 'on' | 'off') {
      const before = state();
      on = to === 'on';
      return { changed: before.on !== on, before, after: state() };
    },
  };
}

/** A kernel that keeps reasons. */
function newKernel(first: { on: boolean; reasons: number }) {
  const state = { ...first };
  const now = (): ProtoDown => ({ ...state, carrier: !state.on });
  return {
    protoDown: now,
    keepsProtoDownReasons: () => true,
    setProtoDown(_name: string, to: 'on' | 'off', reason: number) {
      const before = now();
      state.reasons = to === 'on' ? state.reasons | (1 << reason) : state.reasons & ~(1 << reason);
      state.on = state.reasons !== 0;
      return { changed: before.reasons !== state.reasons, before, after: now() };
    },
  };
}

test('protodown is announced right before it is written, and not where it is so already', () => {
  const driver = protodownDestination(newKernel({ on: false, reasons: 0 }), 'vrrp.1');
  driver.prepare?.();
  const before: unknown[] = [];
  const announce = () => void before.push(driver.read());
  for (const to of ['up', 'down', 'down', 'up', 'up'] as const) {
    driver.set(to, announce);
  }
  expect(before).toEqual(['up', 'down']);
});

test('the kernel sets protodown by itself with our reason, where it keeps reasons', () => {
  const driver = protodownDestination(newKernel({ on: false, reasons: 0 }), 'vrrp.1');
  driver.prepare?.();
  expect(driver.downRequest?.()).toEqual({ name: 'vrrp.1', protoDownReason: 5 });
  const old = protodownDestination(oldKernel(false), 'vrrp.1');
  old.prepare?.();
  expect(old.downRequest?.()).toBeUndefined();
});

test.each([
  [0, false, null],
  [1 << 5, true, null],
  [0, true, 'protodown set by another program, without a reason'],
  [(1 << 7) | (1 << 3) | (1 << 5), true, 'protodown set by another program, for reason 3, 7'],
  [1 << 31, true, 'protodown set by another program, for reason 31'],
])('reasons %i of protodown, set %s: %s is said', (reasons, on, said) => {
  const driver = protodownDestination(newKernel({ on, reasons }), 'vrrp.1');
  driver.prepare?.();
  expect(driver.note?.()).toBe(said);
});

describe('a kernel that keeps no reasons', () => {
  test('the state of an earlier process is taken for ours, and that is said', () => {
    const driver = protodownDestination(oldKernel(true), 'vrrp.1');
    driver.prepare?.();
    expect(driver.read()).toBe('down');
    expect(driver.note?.()).toMatch(/^this kernel keeps no reasons for protodown/);
    expect(driver.set('up')).toEqual({ changed: true, is: 'up' });
    expect(driver.note?.()).toBeNull();
  });

  test('is found out by the first write, where it could not be asked before', () => {
    const driver = protodownDestination(oldKernel(false), 'vrrp.1');
    expect(driver.set('down')).toEqual({ changed: true, is: 'down' });
    expect(driver.read()).toBe('down');
  });
});

test('a kernel that keeps reasons: a protodown state of another program without a reason is not ours', () => {
  const driver = protodownDestination(newKernel({ on: true, reasons: 0 }), 'vrrp.1');
  driver.prepare?.();
  expect(driver.read()).toBe('up');
});

test('an interface that was missing at the start: the first write shows whether the kernel can set it by itself', () => {
  const old = protodownDestination(oldKernel(false), 'vrrp.1');
  const now = protodownDestination(newKernel({ on: false, reasons: 0 }), 'vrrp.1');
  for (const driver of [old, now]) {
    driver.set('down');
    driver.set('up');
  }
  expect([old.downRequest?.(), now.downRequest?.()]).toEqual([
    undefined,
    { name: 'vrrp.1', protoDownReason: 5 },
  ]);
});

describe('before it is known whether there are reasons', () => {
  test('a protodown state without a reason bit may be ours', () => {
    expect(protodownDestination(oldKernel(true), 'vrrp.1').read()).toBe('down');
  });

  test('a protodown state for a reason of another program is not ours', () => {
    expect(protodownDestination(newKernel({ on: true, reasons: 1 << 7 }), 'vrrp.1').read()).toBe('up');
  });
});

describe('a carrier that comes back though it is held', () => {
  /** A macvlan: what the kernel makes of its carrier when it is set down, and behind our back. */
  function macvlan(carrierWhenDown: boolean) {
    const state = { on: false, reasons: 0, carrier: true };
    return {
      state,
      protoDown: () => ({ ...state }),
      keepsProtoDownReasons: () => true,
      setProtoDown(_name: string, to: 'on' | 'off', reason: number) {
        const before = { ...state };
        const carrier = to === 'off' || carrierWhenDown;
        Object.assign(state, { on: to === 'on', reasons: to === 'on' ? 1 << reason : 0, carrier });
        return { changed: true, before, after: { ...state } };
      },
    };
  }

  test('has slipped: no program has raised it', () => {
    const kernel = macvlan(false);
    const driver = protodownDestination(kernel, 'vrrp.1');
    driver.set('down');
    expect([driver.read(), driver.hasSlipped?.()]).toEqual(['down', false]);
    kernel.state.carrier = true;
    expect([driver.read(), driver.hasSlipped?.()]).toEqual(['up', true]);
  });

  test('has been raised, where our reason is gone', () => {
    const kernel = macvlan(false);
    const driver = protodownDestination(kernel, 'vrrp.1');
    driver.set('down');
    Object.assign(kernel.state, { carrier: true, reasons: 0, on: false });
    expect([driver.read(), driver.hasSlipped?.()]).toEqual(['up', false]);
  });

  test('is not taken for slipped where it never went: to write the same again would not end', () => {
    const driver = protodownDestination(macvlan(true), 'vrrp.1');
    expect(driver.set('down')).toMatchObject({ is: 'up' });
    for (let reads = 0; reads < 2; reads += 1) {
      expect([driver.read(), driver.hasSlipped?.()]).toEqual(['up', false]);
    }
  });
});
