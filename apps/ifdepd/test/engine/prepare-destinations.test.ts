import { expect, test } from 'vitest';
import type { AnyDriver } from '../../src/engine/destinations/index.ts';
import { prepareDestinations } from '../../src/engine/prepare-destinations.ts';
import type { LogEntry } from '../../src/log/index.ts';

const driver = (prepare?: () => void): AnyDriver => ({
  read: () => 'up',
  set: (to) => ({ changed: false, is: to }),
  ...(prepare && { prepare }),
});

function throwing(error: unknown): AnyDriver {
  return driver(() => {
    throw error;
  });
}

test('destinations are prepared, and each that cannot be is a failure and an error line with its code', () => {
  const prepared: string[] = [];
  const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const destinations = new Map([
    ['file:a', throwing(refused)],
    ['file:b', throwing('a fault')],
    ['file:c', driver(() => void prepared.push('file:c'))],
    ['vrrp51', driver()],
  ]);
  const failures = new Map<string, Error>();
  const lines: LogEntry[] = [];
  prepareDestinations(destinations, failures, (entry) => void lines.push(entry));
  expect(prepared).toEqual(['file:c']);
  expect([...failures].map(([id, { message }]) => [id, message])).toEqual([
    ['file:a', 'EACCES: permission denied'],
    ['file:b', 'a fault'],
  ]);
  expect(failures.get('file:a')).toBe(refused);
  expect(lines).toEqual([
    {
      event: 'action-failed',
      level: 'err',
      message: 'file:a: cannot be set: EACCES: permission denied',
      fields: { destinations: ['file:a'], code: 'EACCES' },
    },
    {
      event: 'action-failed',
      level: 'err',
      message: 'file:b: cannot be set: a fault',
      fields: { destinations: ['file:b'], code: 'ERR_INTERNAL' },
    },
  ]);
});
