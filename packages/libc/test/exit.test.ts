import { expect, test } from 'vitest';
import { runChild } from './support/child.ts';

test('_exit ends the process with this status, and asks nobody', () => {
  expect(runChild('exit')).toMatchObject({ status: 3, stdout: '' });
});
