import type { Phase, PolicyConfig } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import type { AnyDriver } from '../../../src/engine/destinations/index.ts';
import { failoverCover } from '../../../src/linux/kernel-failover/cover.ts';

const byFlag = { downRequest: () => ({ name: 'carp0' }) } as AnyDriver;
const byProgram = {} as AnyDriver;

const groups: PolicyConfig['groups'] = {
  gateway: { require: { all: ['em0', 'em1'] }, destinations: ['carp0'] },
  slow: { require: { all: ['em0'] }, destinations: ['carp0'], downDelayMs: 100 },
  standby: { require: { not: 'em0' }, destinations: ['carp1'] },
};

function cover(name: string, phase: Phase = 'up', driver: AnyDriver = byFlag) {
  const destinations = [...(groups[name]?.destinations ?? [])];
  const sources = ['em0', 'em1'].map((id) => ({ id })) as never;
  const armed = [
    { id: 'em1', index: 2 },
    { id: 'em9', index: 3 },
  ];
  return (destination: string) =>
    failoverCover(
      { name, phase, sources, destinations },
      [
        {
          sources: armed,
          destinations: [{ id: destination, name: destination, index: 4, isRecorded: false }],
        },
      ],
      { rules: { policy: { groups } }, destinations: new Map(destinations.map((id) => [id, driver])) },
      new Set(['carp1']),
    );
}

test('failoverCover, calls are armed that set a destination of the group down: it names the sources of the group', () => {
  expect(cover('gateway')('carp0')).toEqual({ armed: ['em1'], reason: null });
});

test.each([
  ['the group is down', cover('gateway', 'down'), 'the group is down'],
  ['a delay', cover('slow'), 'down-delay'],
  [
    'a destination of programs',
    cover('gateway', 'up', byProgram),
    'it has no destination that is set by its flag or by protodown',
  ],
  ['a not', cover('standby'), 'the loss of a source may also bring its destinations up (not)'],
  ['a spare source', cover('gateway'), 'no loss of one interface is certain to take the group down'],
] as const)('failoverCover, nothing is armed for the group, %s: it says why', (_what, of, reason) => {
  // Those calls are for a destination of another group.
  expect(of('other0')).toEqual({ armed: [], reason });
});
