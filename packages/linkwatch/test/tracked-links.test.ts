import { expect, test } from 'vitest';
import { TrackedLinks } from '../src/tracked-links.ts';

test('the names of interest are replaced by the same names: the filter of the system stays, and no list is needed', () => {
  const links = new TrackedLinks(
    ['eth0', 'eth1'],
    false,
    () => undefined,
    () => undefined,
  );
  // The system has taken the scope.
  links.rescoped = false;
  expect([links.setInterest(['eth1', 'eth0', 'eth0']), links.rescoped]).toEqual([false, false]);
  expect([links.setInterest(['eth1']), links.rescoped]).toEqual([false, true]);
  links.rescoped = false;
  expect([links.setInterest(['eth1', 'eth2']), links.rescoped]).toEqual([true, true]);
});
