import type { LinkRecord } from '@ifdepd/linkwatch';
import { linkRecord } from '@ifdepd/linkwatch/testing';
import { expect, test } from 'vitest';
import { sourceLosses } from '../../src/engine/source-losses.ts';

const counted = (carrierDownCount: number | null, index = 2): LinkRecord =>
  linkRecord({ index, name: 'eth0', carrierDownCount });

test('losses that the kernel has counted and no reading shows are hidden', () => {
  const losses = sourceLosses();
  expect(losses.hidden('eth0', counted(5), 0, undefined, 'active')).toBe(0);
  expect(losses.hidden('eth0', counted(8), 0, 'active', 'active')).toBe(3);
  expect(losses.hidden('eth0', counted(8), 0, 'active', 'active')).toBe(0);
  // One of two is shown by the reading.
  expect(losses.hidden('eth0', counted(10), 0, 'active', 'failed')).toBe(1);
  expect(losses.hidden('eth0', counted(11), 0, 'failed', 'failed')).toBe(1);
  expect(losses.hidden('eth0', counted(12), 0, 'failed', 'active')).toBe(1);
});

test('losses that messages have reported count where the kernel counts none or fewer', () => {
  const losses = sourceLosses();
  losses.hidden('eth0', counted(null), 0, undefined, 'active');
  expect(losses.hidden('eth0', counted(null), 2, 'active', 'active')).toBe(2);
  expect(losses.hidden('eth0', counted(7), 1, 'active', 'active')).toBe(1);
  expect(losses.hidden('eth0', counted(8), 3, 'active', 'active')).toBe(3);
  expect(losses.hidden('eth0', undefined, 1, 'active', 'active')).toBe(1);
});

test('another interface under the name has counted nothing of the one before', () => {
  const losses = sourceLosses();
  losses.hidden('eth0', counted(5), 0, undefined, 'active');
  expect(losses.hidden('eth0', counted(90, 3), 0, 'active', 'active')).toBe(0);
  expect(losses.hidden('eth0', counted(91, 3), 0, 'active', 'active')).toBe(1);
});

test('a counter that goes back hides nothing', () => {
  const losses = sourceLosses();
  losses.hidden('eth0', counted(5), 0, undefined, 'active');
  expect(losses.hidden('eth0', counted(3), 0, 'active', 'active')).toBe(0);
});

test.each([undefined, 'unknown'] as const)('after a reading of %s no loss is hidden', (before) => {
  const losses = sourceLosses();
  losses.hidden('eth0', counted(5), 0, undefined, 'unknown');
  expect(losses.hidden('eth0', counted(7), 2, before, 'active')).toBe(0);
  expect(losses.hidden('eth0', counted(8), 0, 'active', 'active')).toBe(1);
});

test('a loss that the policy was fed ahead of its message is not counted again', () => {
  const losses = sourceLosses();
  losses.fedAhead('eth0');
  losses.hidden('eth0', counted(5), 0, undefined, 'active');
  losses.fedAhead('eth0');
  losses.fedAhead('eth0');
  expect(losses.hidden('eth0', counted(6), 0, 'active', 'active')).toBe(0);
  expect(losses.hidden('eth0', counted(8), 0, 'active', 'active')).toBe(1);
  expect(losses.hidden('eth0', counted(9), 0, 'active', 'active')).toBe(1);
});
