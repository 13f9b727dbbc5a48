import { enterNewNamespace, ip, until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { health, watchLinks } from '../../src/index.ts';
import { tap } from '../support/tap.ts';

test('a lost carrier that the kernel keeps to itself for a second: a list has it at once', async (ctx) => {
  enterNewNamespace();
  using device = tap('tap0');
  if (device === null) {
    return ctx.skip('no /dev/net/tun');
  }
  ip('link', 'set', 'tap0', 'up');
  using watch = watchLinks({ backend: 'rtnetlink' });
  const state = () => health(watch.lookUp('tap0'));
  for (let round = 0; round < 3; round++) {
    device.carrier(true);
    await until('the carrier', () => state().health === 'active');
    device.carrier(false);
    watch.resync();
    expect(state()).toEqual({ health: 'failed', reason: 'no carrier' });
  }
});
