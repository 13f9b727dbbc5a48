import { expect, test } from 'vitest';
import { runChild } from '../support/child.ts';

test('deleted links take no memory, even with an iterator that is never read', () => {
  const { status, stdout, stderr } = runChild('leak', process.execPath, '--expose-gc');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { grown, links } = JSON.parse(stdout) as { grown: number; links: number };
  // A record takes some 300 bytes.
  expect(grown / links).toBeLessThan(50);
});
