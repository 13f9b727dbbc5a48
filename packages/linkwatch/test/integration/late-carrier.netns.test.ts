import { enterNewNamespace, tap, tapFault, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { health, watchLinks } from '../../src/index.ts';

test('a list has at once a carrier loss that the kernel holds back for a second', async ({ skip }) => {
  const fault = tapFault();
  skip(fault !== null, fault ?? '');
  enterNewNamespace();
  using device = tap('tap0');
  using watch = watchLinks({ backend: 'rtnetlink' });
  const state = () => health(watch.lookUp('tap0'));
  for (let round = 0; round < 3; round++) {
    device.repair();
    await until('the carrier', () => state().health === 'active');
    device.cut();
    watch.resync();
    expect(state()).toEqual({ health: 'failed', reason: 'no carrier' });
  }
});
