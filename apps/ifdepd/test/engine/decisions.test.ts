import type { Phase, PolicyEvent, Transition } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import type { Outcome } from '../../src/engine/actuator.ts';
import { type Decision, decisions } from '../../src/engine/decisions.ts';
import { netTransitions } from '../../src/engine/net-transitions.ts';

const move = (group: string, from: Phase, to: Phase): Transition => ({ group, from, to, blame: [] });

function outcome(group: string, changed: boolean): Outcome {
  const effect = {
    type: 'set',
    destination: `${group}0`,
    to: 'down',
    because: { cause: 'transition', group, from: 'up', to: 'down', blame: [] },
  } as const;
  return {
    effect,
    changed,
    undoValue: null,
    error: null,
    answer: { type: 'destination', id: `${group}0`, is: 'down' },
  };
}

test('of transitions that are past, each group has one, from its first phase to its last', () => {
  const past = [move('a', 'up', 'going-down'), move('b', 'down', 'up'), move('a', 'going-down', 'down')];
  expect(netTransitions(past, [])).toEqual([move('a', 'up', 'down'), move('b', 'down', 'up')]);
});

test('a group that is as it was has no transition, unless something was set for it: then its last way there and back', () => {
  const there = [
    move('a', 'up', 'going-down'),
    move('a', 'going-down', 'up'),
    move('a', 'up', 'down'),
    move('a', 'down', 'up'),
  ];
  expect(netTransitions(there, [])).toEqual([]);
  expect(netTransitions(there, [outcome('a', false), outcome('b', true)])).toEqual([]);
  expect(netTransitions(there, [outcome('a', true)])).toEqual(there.slice(2));
});

test('no transitions are left of none', () => {
  expect(netTransitions([], [])).toEqual([]);
});

const failed: PolicyEvent = {
  type: 'source',
  source: { id: 'eth0', health: 'failed', reason: 'no carrier' },
};

function recorded() {
  const found: Decision[] = [];
  return { found, all: decisions((decision) => void found.push(decision)) };
}

test('a decision is reported with its event, its times, and all that happened, and once', () => {
  const { found, all } = recorded();
  const open = all.begin(failed, 7);
  open.transitions.push(move('a', 'up', 'down'), move('a', 'down', 'up'));
  open.outcomes.push(outcome('a', true));
  open.ended = 9;
  all.report();
  all.report();
  expect(found).toEqual([
    {
      event: failed,
      transitions: [move('a', 'up', 'down'), move('a', 'down', 'up')],
      outcomes: [outcome('a', true)],
      began: 7,
      ended: 9,
      unfinished: false,
    },
  ]);
});

test('a decision with effects that are due is unfinished, and reported in parts that repeat nothing', () => {
  const { found, all } = recorded();
  const open = all.begin(failed, 1);
  open.transitions.push(move('a', 'up', 'down'));
  open.due = 2;
  all.report();
  // Nothing new.
  all.report();
  open.outcomes.push(outcome('a', true));
  open.due = 1;
  all.report();
  open.due = 0;
  all.report();
  expect(
    found.map(({ transitions, outcomes, unfinished }) => [transitions.length, outcomes.length, unfinished]),
  ).toEqual([
    [1, 0, true],
    [0, 1, true],
    [0, 0, false],
  ]);
});

test('what is past belongs to the event behind it, with what is left of its transitions', () => {
  const { found, all } = recorded();
  const past = all.past(3);
  past.transitions.push(move('a', 'up', 'going-down'), move('a', 'going-down', 'down'));
  expect(all.past(4)).toBe(past);
  expect(all.begin(failed, 5)).toBe(past);
  const next = all.begin({ type: 'tick' }, 6);
  expect(next).not.toBe(past);
  all.report();
  expect(found.map(({ event, began, transitions }) => [event.type, began, transitions])).toEqual([
    ['source', 3, [move('a', 'up', 'down')]],
    ['tick', 6, []],
  ]);
});

test('what is past without an event behind it is reported as a tick', () => {
  const { found, all } = recorded();
  all.past(3).transitions.push(move('a', 'down', 'up'));
  all.report();
  expect(found).toMatchObject([{ event: { type: 'tick' }, transitions: [move('a', 'down', 'up')] }]);
});
