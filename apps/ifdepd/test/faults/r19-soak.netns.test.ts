import { soak } from '@ifdepd/faults';
import { enterNewNamespace } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { program } from '../support/program.ts';

// 100,000 transitions, with a picture of memory and descriptors, are `npm run chaos -- --fault R19`.
test('2,000 transitions: none is missed, no descriptor is left open', async () => {
  enterNewNamespace();
  const { reported, seen, samples } = await soak(program, 2000, 100);
  expect(reported).toBe(2000);
  expect(seen).toEqual([2000, 2000]);
  const counts = samples.slice(1).map(({ descriptors }) => descriptors);
  // A leak is one a hundred transitions at least; what the event loop opens for itself comes and goes.
  expect((counts.at(-1) ?? 0) - (counts[0] ?? 0)).toBeLessThan(counts.length);
}, 180_000);
