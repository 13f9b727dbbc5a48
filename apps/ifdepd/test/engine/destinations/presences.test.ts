import { expect, test } from 'vitest';
import type { DestinationSettings } from '../../../src/config/settings.ts';
import type { Programs } from '../../../src/engine/destinations/exec.ts';
import { presences } from '../../../src/engine/destinations/presences.ts';

const exec = (id: string, read: readonly string[] | null): [string, DestinationSettings] => [
  id,
  { id, action: 'exec', up: ['up'], down: ['down'], read, timeoutMs: 5000, onExit: 'leave' },
];
const destinations = new Map([
  exec('exec:down', ['echo', 'down']),
  exec('exec:broken', ['echo', 'perhaps']),
  exec('exec:untold', null),
  ['carp0', { id: 'carp0', action: 'admin', interface: 'carp0', onExit: 'leave' } as const],
]);

/** Each program prints its last word. */
const programs: Programs = {
  inTurn: (_destination, work) => work(),
  run: async ({ words }) => ({ ok: true, reason: 'exited 0', printed: words.at(-1) ?? '' }),
};

test('what programs say of their destinations: an answer that cannot be used says nothing, one without a program to ask is up', async () => {
  expect([...(await presences({ destinations }, programs))].sort()).toEqual([
    ['exec:down', 'down'],
    ['exec:untold', 'up'],
  ]);
});

test('where programs are not run, nothing is said of their destinations', async () => {
  expect((await presences({ destinations }, null)).size).toBe(0);
});
