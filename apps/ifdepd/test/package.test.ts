import { fileURLToPath } from 'node:url';
import { packageFaults, runDocExamples } from '@ifdepd/packed';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

test('the packed package is one that npm, Node and TypeScript understand', async () => {
  expect(await packageFaults(folder)).toEqual([]);
});

test('each example in the documentation comments runs and prints what it says', () => {
  expect(runDocExamples(folder)).toEqual({ count: 1, faults: [] });
});
