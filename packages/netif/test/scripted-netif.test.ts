import { expect, test } from 'vitest';
import { scriptedNetIf } from '../src/testing/index.ts';

test('sets, remembers each write, and writes nothing twice', () => {
  const netif = scriptedNetIf({ carp0: 'up', carp1: 'down' });
  expect(netif.setAdmin('carp0', 'down').changed).toBe(true);
  expect(netif.setAdmin('carp0', 'down').changed).toBe(false);
  expect(netif.setAdmin('carp1', 'up').changed).toBe(true);
  expect(netif.writes).toEqual(['carp0 down', 'carp1 up']);
  expect(netif.flags('carp0').up).toBe(false);
});

test('an interface can change and go behind the caller', () => {
  const netif = scriptedNetIf({ carp0: 'up' });
  netif.put('carp0', 'down');
  expect(netif.flags('carp0').up).toBe(false);
  netif.put('eth0', 'up');
  expect(netif.list()).toEqual([
    { index: 1, name: 'carp0' },
    { index: 2, name: 'eth0' },
  ]);
  netif.put('carp0', null);
  expect(() => netif.setAdmin('carp0', 'up')).toThrow('carp0: no such device (ioctl SIOCGIFFLAGS: ENODEV)');
});

test('writes fail for as long as they are told to', () => {
  const netif = scriptedNetIf({ carp0: 'up' });
  netif.fail('carp0', 16);
  expect(() => netif.setAdmin('carp0', 'down')).toThrow(expect.objectContaining({ kind: 'busy' }));
  expect(netif.flags('carp0').up).toBe(true);
  netif.fail('carp0', null);
  expect(netif.setAdmin('carp0', 'down').changed).toBe(true);
  expect(netif.writes).toEqual(['carp0 down', 'carp0 down']);
});

test('has no media, may set, and is closed for good', () => {
  const netif = scriptedNetIf({ carp0: 'up' });
  expect([netif.media('carp0'), netif.maySet('carp0')]).toEqual([null, true]);
  netif.close();
  expect(() => netif.flags('carp0')).toThrow('closed');
});
