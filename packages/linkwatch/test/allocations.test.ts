import { expect, test } from 'vitest';
import { runChild } from './support/child.ts';

test('a message about an unwatched link allocates nothing', () => {
  const memory = ['--expose-gc', '--max-semi-space-size=128', '--min-semi-space-size=128'];
  const options = [...memory, '--no-concurrent-recompilation'];
  const { status, stdout, stderr } = runChild('unwatched', process.execPath, ...options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { perMessage, skipped, messages } = JSON.parse(stdout) as Record<string, number>;
  // Half of them are RTM_DELLINK, which ends at the index anyway.
  expect({ skipped, messages }).toEqual({ skipped: 150_000, messages: 300_002 });
  // The smallest object has 12 bytes: what is there is the measurement's, and not of each message.
  expect(perMessage).toBeLessThan(1);
});
