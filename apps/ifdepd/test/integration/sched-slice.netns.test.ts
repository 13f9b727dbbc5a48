import { until } from '@ifdepd/netlab';
import { expect, test } from 'vitest';
import { host } from '../support/host.ts';
import { daemon } from '../support/program.ts';
import { noSlices, sliceOf } from '../support/slice.ts';

test('a running daemon has a scheduler slice of 0.1 ms, on kernels that grant one', async ({ skip }) => {
  skip(noSlices !== null, noSlices ?? '');
  using _lab = host('em0', 'carp0');
  await using running = await daemon(['-S', 'em0', '-D', 'carp0']);
  await until('the short slice', () => sliceOf(running.pid) === 100_000n);
  // Other processes keep theirs.
  expect(sliceOf(process.pid)).not.toBe(100_000n);
});
