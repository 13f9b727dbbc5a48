import type { NetIfFeatures } from '@ifdepd/netif';
import { beforeEach, expect, test } from 'vitest';
import { type DemotionWords, demotionDestination } from '../../../src/engine/destinations/demotion.ts';

let counter: number;
let moves: [delta: number, group: string | undefined][];

beforeEach(() => {
  counter = 0;
  moves = [];
});

const group = { of: 'group', usual: 1, least: 0 } as const;
const USUAL: DemotionWords = { group: 'carp', by: null };
const machine = { of: 'machine', usual: 240, least: null } as const;

/** A destination over one counter. */
function destination(demotion: NetIfFeatures['demotion'], words: DemotionWords, undoValue?: number) {
  const netif = {
    features: { demotion } as NetIfFeatures,
    demotion: () => counter,
    demote(delta: number, of?: string) {
      moves.push([delta, of]);
      const before = counter;
      counter += delta;
      return { delta, before, after: counter };
    },
  };
  return demotionDestination(netif, words, undoValue);
}

test('down adds to the counter once, and up takes the same away once', () => {
  const one = destination(machine, USUAL);
  expect(one.read()).toBe('up');
  expect(one.set('up')).toEqual({ changed: false, is: 'up' });
  expect(one.set('down')).toEqual({ changed: true, is: 'down', undoValue: 240 });
  expect([one.set('down'), one.read()]).toEqual([{ changed: false, is: 'down' }, 'down']);
  expect([one.set('up'), one.read()]).toEqual([{ changed: true, is: 'up' }, 'up']);
  expect(one.set('up')).toEqual({ changed: false, is: 'up' });
  expect(moves).toEqual([
    [240, undefined],
    [-240, undefined],
  ]);
});

test('the counter of a group is moved by the number of the rules', () => {
  const one = destination(group, { group: 'carp', by: 7 });
  one.set('down');
  one.set('up');
  expect(moves).toEqual([
    [7, 'carp'],
    [-7, 'carp'],
  ]);
});

test('up takes no more away than the kernel allows, when another program has taken some', () => {
  const one = destination(group, { group: 'carp', by: 7 });
  one.set('down');
  counter = 3;
  one.set('up');
  expect(counter).toBe(0);
  one.set('down');
  counter = -2;
  expect(one.set('up')).toEqual({ changed: true, is: 'up' });
  expect(counter).toBe(-2);
});

test('up takes all of it away where the kernel allows any sum, although another program has taken some', () => {
  const one = destination(machine, USUAL, 240);
  counter = 100;
  one.set('up');
  expect(counter).toBe(-140);
});

test('what an earlier process has added is down, and is taken away', () => {
  const one = destination(machine, USUAL, 240);
  counter = 300;
  expect(one.read()).toBe('down');
  expect(one.set('down').changed).toBe(false);
  one.set('up');
  expect(counter).toBe(60);
});

test('what is recorded before a write: the counter, what is added, and what it takes to undo it', () => {
  const one = destination(group, USUAL);
  const recorded: unknown[] = [];
  counter = 4;
  one.set('down', (undo) => recorded.push(undo, counter));
  one.set('up', (undo) => recorded.push(undo, counter));
  expect(recorded).toEqual([{ undoValue: 1, counter: 4, by: 1 }, 4, { counter: 5, by: -1 }, 5]);
});
