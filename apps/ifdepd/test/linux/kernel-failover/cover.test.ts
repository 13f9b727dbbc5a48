import type { Phase, PolicyConfig } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import type { AnyDriver } from '../../../src/engine/destinations/index.ts';
import { failoverCover } from '../../../src/linux/kernel-failover/cover.ts';

const byFlag = {
  downRequest: () => ({ name: 'carp0' }),
  upRequest: () => ({ name: 'carp0' }),
} as AnyDriver;
const byProtodown = { downRequest: () => ({ name: 'carp0', protoDownReason: 5 }) } as AnyDriver;
const byProgram = {} as AnyDriver;

const groups: PolicyConfig['groups'] = {
  gateway: { require: { all: ['em0', 'em1'] }, destinations: ['carp0'] },
  slow: { require: { all: ['em0'] }, destinations: ['carp0'], downDelayMs: 100 },
  late: { require: { all: ['em0'] }, destinations: ['carp0'], upDelayMs: 100 },
  standby: { require: { not: 'em0' }, destinations: ['carp1'] },
};

/** Plans for a source of the groups and one of others. */
const planOf = (source: string, destination: string) => ({
  sources: [source, 'em9'].map((id, at) => ({ id, index: at + 2 })),
  destinations: [{ id: destination, name: destination, index: 4, isRecorded: false }],
});

function cover(name: string, phase: Phase = 'up', driver: AnyDriver = byFlag) {
  const destinations = [...(groups[name]?.destinations ?? [])];
  const sources = ['em0', 'em1'].map((id) => ({ id })) as never;
  return (destination: string) =>
    failoverCover(
      { name, phase, sources, destinations },
      {
        plans: [planOf('em1', destination)],
        repairPlans: [planOf('em0', destination)],
      },
      { rules: { policy: { groups } }, destinations: new Map(destinations.map((id) => [id, driver])) },
      new Set(['carp1']),
    );
}

test('failoverCover, calls are armed that set a destination of the group down: it names the sources of the group', () => {
  expect(cover('gateway')('carp0')).toEqual({ armed: ['em1'], upon: 'loss', reason: null });
});

test('failoverCover, the group is down and calls are armed that set a destination of it up: it names those sources', () => {
  expect(cover('gateway', 'down')('carp0')).toEqual({ armed: ['em0'], upon: 'repair', reason: null });
});

test.each([
  ['the group is paused', cover('gateway', 'paused'), 'the group is paused'],
  ['a delay', cover('slow'), 'down-delay'],
  [
    'a destination of programs',
    cover('gateway', 'up', byProgram),
    'it has no destination that is set by its flag or by protodown',
  ],
  ['a not', cover('standby'), 'the loss of a source may also bring its destinations up (not)'],
  ['an up-delay', cover('late', 'down'), 'up-delay'],
  [
    'a destination by protodown in a group that is down',
    cover('gateway', 'down', byProtodown),
    'it has no destination that is set by its flag',
  ],
  [
    'a not in a group that is down',
    cover('standby', 'down'),
    'the repair of a source may also bring its destinations down (not)',
  ],
  [
    'two sources have failed',
    cover('gateway', 'down'),
    'no repair of one interface is certain to bring the group up',
  ],
  ['a spare source', cover('gateway'), 'no loss of one interface is certain to take the group down'],
] as const)('failoverCover, nothing is armed for the group, %s: it says why', (_what, of, reason) => {
  // Those calls are for a destination of another group.
  expect(of('other0')).toMatchObject({ armed: [], reason });
});
