import { scriptedLibc } from '@ifdepd/libc/testing';
import { expect, test } from 'vitest';
import { listenForAdverts } from '../../src/adverts/listen-for-adverts.ts';

test('in a flood of packets that never ends, one wake-up reads 100 of them: others have their turn', () => {
  let received = 0;
  const libc = scriptedLibc({
    ioctl: () => 0,
    setsockopt: () => 0,
    bind: () => 0,
    recvfrom: () => {
      received += 1;
      // Far beyond the bound, so that a listener without one ends, too.
      return received < 100_000 ? 20 : -libc.target.errnoOf.EAGAIN;
    },
  });
  using listener = listenForAdverts({ kind: 'vrrp', interface: 'em0', vrid: 51 }, () => {}, libc);
  for (const sofar of [100, 200]) {
    expect(libc.wake(100)).toBe(true);
    expect(received).toBe(sofar);
  }
  expect(listener.statistics.ignored).toBe(200);
});
