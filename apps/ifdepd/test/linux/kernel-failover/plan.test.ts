import { expect, test } from 'vitest';
import { plansFor } from '../../../src/linux/kernel-failover/plan.ts';

const sources = ['em0', 'em1', 'em2', 'em3'].map((id, at) => ({ id, index: at + 2 }));
const to = (...ids: readonly string[]) =>
  ids.map((id, at) => ({ id, name: id, index: at + 20, isRecorded: false }));

test('sources with the same consequences share a plan, sources without any have none', () => {
  const consequences: Readonly<Record<string, ReturnType<typeof to>>> = {
    em0: to('carp0', 'carp1'),
    em1: to('carp1'),
    em2: to('carp0', 'carp1'),
  };
  expect(plansFor(sources, (id) => consequences[id] ?? [], 8)).toEqual([
    { sources: [sources[0], sources[2]], destinations: to('carp0', 'carp1') },
    { sources: [sources[1]], destinations: to('carp1') },
  ]);
});

test('more kinds of consequences than plans: the first kinds are planned, with all their sources', () => {
  const plans = plansFor([...sources, ...sources], (id) => to(`of-${id}`), 2);
  expect(plans.map((plan) => plan.sources.map(({ id }) => id))).toEqual([
    ['em0', 'em0'],
    ['em1', 'em1'],
  ]);
});

test('all plans are taken and 16 sources in a row have no place: no further source is predicted', () => {
  const many = Array.from({ length: 100 }, (_, at) => ({ id: `em${at}`, index: at + 2 }));
  const predicted: string[] = [];
  const predict = (id: string) => {
    predicted.push(id);
    return to(`of-${id}`);
  };
  expect(plansFor(many, predict, 2)).toHaveLength(2);
  expect(predicted).toHaveLength(2 + 16);
});
