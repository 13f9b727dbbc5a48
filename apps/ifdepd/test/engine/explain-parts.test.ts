import type { Explanation, Status } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { explainParts } from '../../src/engine/explain-parts.ts';

const names = (letter: string, count: number) => Array.from({ length: count }, (_, at) => `${letter}${at}`);

/** A state of groups and destinations, and the names of each explanation that was asked for. */
function explainer(groups: readonly string[], destinations: readonly string[]) {
  const asked: string[][] = [];
  const status = {
    groups: groups.map((name) => ({ name })),
    destinations: destinations.map((id) => ({ id })),
  } as unknown as Status;
  return {
    asked,
    explainer: () => ({
      status,
      explain(only: ReadonlySet<string>): Explanation {
        asked.push([...only]);
        return {
          groups: groups.filter((name) => only.has(name)),
          destinations: destinations.filter((id) => only.has(id)),
        } as unknown as Explanation;
      },
    }),
  };
}

test('an explanation of many groups and destinations is made in parts of 100 and has all of them', async () => {
  const [groups, destinations] = [names('g', 150), names('d', 100)];
  const daemon = explainer(groups, destinations);
  const { status, ...all } = await explainParts(daemon);
  expect(all).toEqual({ groups, destinations });
  expect(status.groups).toHaveLength(150);
  expect(daemon.asked.map(({ length }) => length)).toEqual([100, 100, 50]);
});

test('an explanation of some names asks for these alone, and for one name of a group and a destination once', async () => {
  const daemon = explainer(['g0', 'both'], ['both', 'd0']);
  const { groups, destinations } = await explainParts(daemon, (name) => name === 'both');
  expect([groups, destinations]).toEqual([['both'], ['both']]);
  expect(daemon.asked).toEqual([['both']]);
});
