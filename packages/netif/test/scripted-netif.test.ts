import { expect, test } from 'vitest';
import { scriptedNetIf } from '../src/testing/index.ts';

test('a scripted NetIf records each write, and writes nothing that is already set', () => {
  const netif = scriptedNetIf({ carp0: 'up', carp1: 'down' });
  expect(netif.setAdmin('carp0', 'down').changed).toBe(true);
  expect(netif.setAdmin('carp0', 'down').changed).toBe(false);
  expect(netif.setAdmin('carp1', 'up').changed).toBe(true);
  expect(netif.writes).toEqual(['carp0 down', 'carp1 up']);
  expect(netif.flags('carp0').up).toBe(false);
});

test('put changes and removes an interface as another program would', () => {
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

test('writes fail from fail(name, errno) until fail(name, null)', () => {
  const netif = scriptedNetIf({ carp0: 'up' });
  netif.fail('carp0', 16);
  expect(() => netif.setAdmin('carp0', 'down')).toThrow(expect.objectContaining({ kind: 'busy' }));
  expect(netif.flags('carp0').up).toBe(true);
  netif.fail('carp0', null);
  expect(netif.setAdmin('carp0', 'down').changed).toBe(true);
  expect(netif.writes).toEqual(['carp0 down', 'carp0 down']);
});

test('a scripted NetIf has no media, may set every interface, and cannot be used after close', () => {
  const netif = scriptedNetIf({ carp0: 'up' });
  expect([netif.media('carp0'), netif.maySet('carp0')]).toEqual([null, true]);
  netif.close();
  expect(() => netif.flags('carp0')).toThrow('closed');
});
