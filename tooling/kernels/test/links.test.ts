import { expect, test } from 'vitest';
import type { Observation } from '../src/agent/messages.ts';
import { linksOf } from '../src/lab/links.ts';

const IFF_UP = 1;
const IFF_LOWER_UP = 0x10000;

function message(name: string, flags: number | null): Observation {
  return { see: 'link', at: 0, name, flags: flags ?? 0, gone: flags === null, bytes: '' };
}

test('an interface is as the last message says, and null before the first and after its deletion', () => {
  const observations: Observation[] = [];
  const links = linksOf(observations);
  expect([links.is('a', 'up'), links.is('a', 'carrier')]).toEqual([null, null]);
  observations.push(message('a', IFF_UP), message('b', IFF_UP | IFF_LOWER_UP));
  expect([links.is('a', 'up'), links.is('a', 'carrier'), links.is('b', 'carrier')]).toEqual([
    true,
    false,
    true,
  ]);
  observations.push(message('a', null));
  expect([links.is('a', 'up'), links.is('a', 'carrier')]).toEqual([null, null]);
});

test('changes of IFF_UP are counted since a place, with the state before it, and repeated messages are not', () => {
  const observations = [message('a', IFF_UP), message('b', 0)];
  const links = linksOf(observations);
  observations.push(message('a', 0), message('a', 0), message('b', IFF_UP), message('a', IFF_UP));
  expect([
    links.flips('a', 'up', 0),
    links.flips('a', 'up', 2),
    links.flips('a', 'up', 3),
    links.flips('b', 'up', 2),
  ]).toEqual([2, 2, 1, 1]);
});

test('a deletion and what is made under the same name afterwards are no changes of IFF_UP', () => {
  const links = linksOf([message('a', IFF_UP), message('a', null), message('a', 0)]);
  expect(links.flips('a', 'up', 0)).toBe(0);
});

test('the time of a flag is that of the message that changed it last, not of those that repeat it', () => {
  const at = (ms: number, flags: number): Observation => ({
    ...{ see: 'link', name: 'a', gone: false, bytes: '' },
    at: ms,
    flags,
  });
  const links = linksOf([at(1, 0), at(2, IFF_UP), at(3, IFF_UP), at(4, 0), at(5, 0)]);
  expect([links.when('a', 'up'), links.when('b', 'up')]).toEqual([4, Number.NaN]);
});
