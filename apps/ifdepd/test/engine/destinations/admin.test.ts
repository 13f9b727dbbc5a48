import { scriptedNetIf } from '@ifdepd/netif/testing';
import { expect, test } from 'vitest';
import { adminDestination } from '../../../src/engine/destinations/admin.ts';

test('an interface is up, down or missing as its flag says, and is set by it', () => {
  const netif = scriptedNetIf({ carp0: 'up' });
  const driver = adminDestination(netif, 'carp0');
  expect(driver.read()).toBe('up');
  expect(driver.set('down')).toEqual({ changed: true, is: 'down' });
  expect([driver.read(), driver.set('down')]).toEqual(['down', { changed: false, is: 'down' }]);
  netif.put('carp0', null);
  expect(driver.read()).toBe('missing');
  expect(driver.downRequest?.()).toEqual({ name: 'carp0' });
});

test('a write to an interface is announced right before, and nothing is where the flag stays', () => {
  const netif = scriptedNetIf({ carp0: 'up' });
  const driver = adminDestination(netif, 'carp0');
  const before: unknown[] = [];
  const announce = () => void before.push(driver.read());
  for (const to of ['up', 'down', 'down', 'up', 'up'] as const) {
    driver.set(to, announce);
  }
  expect(before).toEqual(['up', 'down']);
});
