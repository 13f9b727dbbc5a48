import { watchLinks } from '@ifdepd/linkwatch';
import { scriptedBackend } from '@ifdepd/linkwatch/testing';
import { expect, test, vi } from 'vitest';
import { firstList } from '../../src/system/first-list.ts';
import { realLoop } from '../../src/system/loop.ts';

test('a list that is there: no timer is set', async () => {
  const setTimer = vi.fn(realLoop.setTimer);
  using watch = watchLinks({ backend: scriptedBackend([{ index: 2, name: 'eth0' }]) });
  await firstList(watch, { ...realLoop, setTimer });
  expect(setTimer).not.toHaveBeenCalled();
});

test('a list that comes later is waited for, and its time limit ends with it', async () => {
  const listeners: (() => void)[] = [];
  const clearTimer = vi.fn(realLoop.clearTimer);
  const subscribe = (listener: unknown) => {
    listeners.push(listener as () => void);
    return { [Symbol.dispose]: () => void listeners.pop() };
  };
  const waiting = firstList({ subscribe }, { ...realLoop, clearTimer });
  expect(listeners).toHaveLength(1);
  listeners[0]?.();
  await waiting;
  expect(clearTimer).toHaveBeenCalledTimes(1);
  expect(listeners).toHaveLength(0);
});

test('a list that never comes: the wait ends with its time', async () => {
  const setTimer = (callback: () => void) => realLoop.setTimer(callback, 0);
  await firstList({ subscribe: () => ({ [Symbol.dispose]: () => {} }) }, { ...realLoop, setTimer });
});
