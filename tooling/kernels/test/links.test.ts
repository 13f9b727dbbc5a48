import { expect, test } from 'vitest';
import type { Observation } from '../src/agent/messages.ts';
import { linksOf } from '../src/lab/links.ts';

const IFF_UP = 1;
const IFF_LOWER_UP = 0x10000;

function message(name: string, flags: number | null): Observation {
  return { see: 'link', name, flags: flags ?? 0, gone: flags === null, bytes: '' };
}

test('an interface is as the last message says, and null before the first and after its deletion', () => {
  const observations: Observation[] = [];
  const links = linksOf(observations);
  expect([links.up('a'), links.carrier('a')]).toEqual([null, null]);
  observations.push(message('a', IFF_UP), message('b', IFF_UP | IFF_LOWER_UP));
  expect([links.up('a'), links.carrier('a'), links.carrier('b')]).toEqual([true, false, true]);
  observations.push(message('a', null));
  expect([links.up('a'), links.carrier('a')]).toEqual([null, null]);
});

test('changes of IFF_UP are counted since a place, with the state before it, and repeated messages are not', () => {
  const observations = [message('a', IFF_UP), message('b', 0)];
  const links = linksOf(observations);
  observations.push(message('a', 0), message('a', 0), message('b', IFF_UP), message('a', IFF_UP));
  expect([links.flips('a', 0), links.flips('a', 2), links.flips('a', 3), links.flips('b', 2)]).toEqual([
    2, 2, 1, 1,
  ]);
});

test('a deletion and what is made under the same name afterwards are no changes of IFF_UP', () => {
  const links = linksOf([message('a', IFF_UP), message('a', null), message('a', 0)]);
  expect(links.flips('a', 0)).toBe(0);
});
