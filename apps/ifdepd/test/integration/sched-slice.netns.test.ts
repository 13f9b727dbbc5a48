import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';
import { noSlices, sliceOf } from '../support/slice.ts';

test('the daemon has short turns, in a kernel that knows of them', async ({ skip }) => {
  skip(noSlices !== null, noSlices ?? '');
  using _lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  await until('short turns', () => sliceOf(running.pid) === 100_000n);
  // The others have those that they had.
  expect(sliceOf(process.pid)).not.toBe(100_000n);
});
