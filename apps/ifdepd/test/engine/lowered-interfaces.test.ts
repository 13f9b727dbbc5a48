import { expect, test } from 'vitest';
import type { Outcome } from '../../src/engine/actuator.ts';
import { loweredInterfaces } from '../../src/engine/lowered-interfaces.ts';

const because = { cause: 'transition', group: 'g', from: 'up', to: 'down', blame: [] } as const;

function outcome(to: 'up' | 'down', is: 'up' | 'down' | 'missing' = to): Outcome {
  return {
    effect: { type: 'set', destination: 'd0', to, because },
    changed: true,
    undoValue: null,
    error: null,
    answer: { type: 'destination', id: 'd0', is },
  };
}

test('the interface that was lowered is known by its index, until it is raised', () => {
  let index: number | undefined = 7;
  const lowered = loweredInterfaces(() => index);
  expect(lowered.has('d0')).toBe(false);
  lowered.note([outcome('down')]);
  expect(lowered.has('d0')).toBe(true);
  index = undefined;
  expect(lowered.has('d0')).toBe(false);
  index = 8;
  expect(lowered.has('d0')).toBe(false);
  index = 7;
  expect(lowered.has('d0')).toBe(true);
  lowered.note([outcome('up')]);
  expect(lowered.has('d0')).toBe(false);
});

test('one that lost its name right behind the system call was lowered all the same', () => {
  const lowered = loweredInterfaces(() => 7);
  lowered.note([outcome('down', 'missing')]);
  expect(lowered.has('d0')).toBe(true);
});

test('one that could not be set was not', () => {
  const lowered = loweredInterfaces(() => 7);
  const { effect } = outcome('down');
  lowered.note([{ ...outcome('down'), answer: { type: 'effect-failed', effect, code: 'EBUSY' } }]);
  expect(lowered.has('d0')).toBe(false);
});

test('one that the kernel lowered by itself and that is renamed before the policy sets it down is known by its index', () => {
  let index: number | undefined;
  const lowered = loweredInterfaces(() => index);
  lowered.noteActed([{ id: 'd0', index: 7 }]);
  lowered.note([outcome('down', 'missing')]);
  expect(lowered.has('d0')).toBe(false);
  index = 8;
  expect(lowered.has('d0')).toBe(false);
  index = 7;
  expect(lowered.has('d0')).toBe(true);
});

test('one that an earlier process lowered is known by its index from the first reading on; another one under its name is not it', () => {
  let index: number | undefined = 7;
  const lowered = loweredInterfaces(() => index);
  expect(lowered.isReplaced('d0')).toBe(false);
  lowered.noteFound('d0');
  expect([lowered.has('d0'), lowered.isReplaced('d0')]).toEqual([true, false]);
  index = undefined;
  expect([lowered.has('d0'), lowered.isReplaced('d0')]).toEqual([false, false]);
  index = 8;
  expect([lowered.has('d0'), lowered.isReplaced('d0')]).toEqual([false, true]);
});

test('a raise that finds no interface under the name changes nothing of which one was lowered', () => {
  const lowered = loweredInterfaces(() => 7);
  lowered.note([outcome('up', 'missing')]);
  expect(lowered.has('d0')).toBe(false);
  lowered.note([outcome('down'), outcome('up', 'missing')]);
  expect(lowered.has('d0')).toBe(true);
});
