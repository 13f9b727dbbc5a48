import type { LinkWatch } from '@ifdepd/linkwatch';
import { compile } from '@ifdepd/policy';
import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openKernel } from '../../src/system/kernel.ts';
import { nextTurn, realLoop } from '../../src/system/loop.ts';
import { warmUp } from '../../src/tuning/warm-up.ts';

/** A warm-up whose rounds take so many milliseconds. */
function warmUpOf(roundMs: number) {
  let now = 0;
  const clock = vi.spyOn(realLoop, 'now').mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  const scripted = scriptedBsd('freebsd');
  for (const name of ['em0', 'lan0']) {
    scripted.attach(name);
  }
  const kernel = openKernel(scripted.libc);
  const seen = { rounds: 0, closed: false };
  /** Each round looks at the links of the watch, once. */
  function watched(names: readonly string[] | undefined): LinkWatch {
    const watch = kernel.watchLinks(names);
    return new Proxy(watch, {
      get(of, key) {
        if (key === 'links') {
          seen.rounds += 1;
          now += roundMs;
        } else if (key === 'close') {
          seen.closed = true;
        }
        const value = Reflect.get(of, key);
        return typeof value === 'function' ? value.bind(of) : value;
      },
    });
  }
  const policy = compile({ groups: { g: { require: 'em0', destinations: ['lan0'] } } });
  const end = warmUp(policy, { ...kernel, watchLinks: watched });
  return { end, seen };
}

test('a warm-up whose rounds take 100 ms makes three of them, one in a turn of the event loop', async () => {
  const { seen } = warmUpOf(100);
  const rounds: number[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    await nextTurn();
    rounds.push(seen.rounds);
  }
  expect({ rounds, closed: seen.closed }).toEqual({ rounds: [1, 2, 3, 3, 3, 3], closed: true });
});

test('a warm-up whose rounds take no time makes 50 of them', async () => {
  const { seen } = warmUpOf(0);
  for (let turn = 0; turn < 60; turn += 1) {
    await nextTurn();
  }
  expect(seen).toEqual({ rounds: 50, closed: true });
});

test('a warm-up that is ended makes no further round', async () => {
  const { end, seen } = warmUpOf(0);
  await nextTurn();
  end();
  await nextTurn();
  expect(seen).toEqual({ rounds: 1, closed: true });
});
