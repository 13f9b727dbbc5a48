import type { ProtoDown } from '@ifdepd/netif';
import { describe, expect, test } from 'vitest';
import { protodownDestination } from '../../src/destinations/protodown.ts';

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

describe('a kernel that keeps no reasons', () => {
  test('the state of an earlier process is taken for ours, and that is said', () => {
    const driver = protodownDestination(oldKernel(true), () => 'vrrp.1');
    driver.prepare?.();
    expect(driver.read()).toBe('down');
    expect(driver.note?.()).toMatch(/^this kernel keeps no reasons for protodown/);
    expect(driver.set('up')).toEqual({ changed: true, is: 'up' });
    expect(driver.note?.()).toBeNull();
  });

  test('is found out by the first write, where it could not be asked before', () => {
    const driver = protodownDestination(oldKernel(false), () => 'vrrp.1');
    expect(driver.set('down')).toEqual({ changed: true, is: 'down' });
    expect(driver.read()).toBe('down');
  });
});

describe('before it is known whether there are reasons', () => {
  test('a state that nobody has a reason for may be ours', () => {
    expect(protodownDestination(oldKernel(true), () => 'vrrp.1').read()).toBe('down');
  });
});
