import type { PolicyConfig } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import { type Hold, type SourceState, type Write, WriteJudge } from '../src/write-judge.ts';

const POLICY = {
  groups: {
    gateway: { require: { all: ['wan0'] }, destinations: ['vrrp0'], upDelayMs: 500, downDelayMs: 200 },
  },
};

const NEVER = Number.NEGATIVE_INFINITY;

/** A write at 100,000 ms, when everything has been read. */
function wrong(
  to: 'up' | 'down',
  source: Pick<SourceState, 'isActive' | 'since'> & Partial<SourceState>,
  more: Partial<Write> = {},
  held: ReadonlyMap<string, Hold> = new Map(),
  judge = new WriteJudge(),
  policy: PolicyConfig = POLICY,
): readonly string[] {
  judge.wrote({
    id: 'vrrp0',
    to,
    at: 100_000,
    drainedAt: 100_000,
    failedAt: NEVER,
    slowMs: 0,
    sources: new Map([['wan0', { isUnreported: false, readAt: source.since, ...source }]]),
    ...more,
  });
  return judge.wrong(policy, held, 100_000);
}

const DOWN = ['vrrp0 is set down, against what the kernel has reported'];
const UP = ['vrrp0 is set up, against what the kernel has reported'];

test('a destination is set down after a loss that is over and read, and after the up-delay: that is wrong', () => {
  expect(wrong('down', { isActive: true, since: 99_000 })).toEqual(DOWN);
  expect(wrong('down', { isActive: true, since: 99_600 })).toEqual([]);
  expect(wrong('down', { isActive: true, since: 99_000 }, { drainedAt: 99_400 })).toEqual([]);
  expect(wrong('down', { isActive: false, since: 0 })).toEqual([]);
});

test('a loss that was over before it was read: with an up-delay it sets down, and only for so long after it was read', () => {
  const over = { isActive: true, since: 90_000 };
  expect(wrong('down', { ...over, readAt: 99_600 })).toEqual([]);
  expect(wrong('down', { ...over, readAt: 99_400 })).toEqual(DOWN);
  expect(wrong('down', { ...over, readAt: null })).toEqual([]);
  const atOnce = { groups: { gateway: { ...POLICY.groups.gateway, upDelayMs: 0 } } };
  expect(wrong('down', { ...over, readAt: 99_600 }, {}, new Map(), new WriteJudge(), atOnce)).toEqual(DOWN);
});

test('another source that was lost a moment ago does not explain that a destination is set down', () => {
  const either = {
    groups: { gateway: { require: { any: ['wan0', 'wan1'] }, destinations: ['vrrp0'], upDelayMs: 500 } },
  };
  const sources = (wan0Since: number) =>
    new Map([
      ['wan0', { isActive: true, since: wan0Since, isUnreported: false, readAt: wan0Since }],
      ['wan1', { isActive: false, since: 99_990, isUnreported: false, readAt: 99_990 }],
    ]);
  const active = { isActive: true, since: 0 };
  const judged = (wan0Since: number) =>
    wrong('down', active, { sources: sources(wan0Since) }, new Map(), new WriteJudge(), either);
  expect(judged(0)).toEqual(DOWN);
  expect(judged(99_900)).toEqual([]);
});

test('a reload begins the delay of a group whose requirement it changes, and of no other', () => {
  const other = { groups: { gateway: { ...POLICY.groups.gateway, require: { all: ['wan1'] } } } };
  const judged = (before: PolicyConfig, at: number) => {
    const judge = new WriteJudge();
    judge.reloaded(before, POLICY, at);
    return wrong('down', { isActive: true, since: 0 }, {}, new Map(), judge);
  };
  expect(judged(other, 99_600)).toEqual([]);
  expect(judged(other, 99_400)).toEqual(DOWN);
  expect(judged(POLICY, 99_600)).toEqual(DOWN);
});

test('a write during a reload follows from the rules before it or after it', () => {
  const judged = (before: PolicyConfig) => {
    const judge = new WriteJudge();
    const write = {
      id: 'vrrp0',
      to: 'down',
      at: 99_000,
      drainedAt: 99_000,
      failedAt: NEVER,
      slowMs: 0,
    } as const;
    const sources = new Map([
      ['wan0', { isActive: true, since: 0, isUnreported: false, readAt: 0 }],
      ['wan1', { isActive: false, since: 0, isUnreported: false, readAt: 0 }],
    ]);
    judge.wrote({ ...write, sources });
    judge.reloaded(before, POLICY, 99_000);
    return judge.wrong(POLICY, new Map(), 100_000);
  };
  const more = { ...POLICY.groups, uplinks: { require: { all: ['wan1'] }, destinations: ['vrrp0'] } };
  expect(judged(POLICY)).toEqual(DOWN);
  expect(judged({ groups: more })).toEqual([]);
});

test('the end of a drain begins an up-delay, the end of a pause does not', () => {
  const judged = (phase: Hold['phase'], endedAt: number) => {
    const judge = new WriteJudge();
    judge.wrong(POLICY, new Map([['gateway', { phase, since: 0 }]]), endedAt - 1);
    judge.wrong(POLICY, new Map(), endedAt);
    return wrong('down', { isActive: true, since: 0 }, {}, new Map(), judge);
  };
  expect(judged('drained', 99_600)).toEqual([]);
  expect(judged('drained', 99_400)).toEqual(DOWN);
  expect(judged('paused', 99_600)).toEqual(DOWN);
});

test('a loss and its end that the kernel does not report are found out within half a second', () => {
  expect(wrong('down', { isActive: true, since: 99_200, isUnreported: true })).toEqual([]);
  expect(wrong('down', { isActive: true, since: 98_000, isUnreported: true })).toEqual(DOWN);
});

test('a destination is set up though a loss was reported long ago: that is wrong, whatever the daemon has read', () => {
  expect(wrong('up', { isActive: false, since: 90_000 }, { drainedAt: 80_000 })).toEqual(UP);
  expect(wrong('up', { isActive: false, since: 98_000 })).toEqual([]);
  expect(wrong('up', { isActive: false, since: 97_000 }, { slowMs: 60 })).toEqual([]);
  expect(wrong('up', { isActive: true, since: 0 })).toEqual([]);
});

test('a daemon that has just started may wait for each delay, and no longer', () => {
  const judge = new WriteJudge();
  judge.began(99_900);
  expect(wrong('up', { isActive: false, since: 50_000 }, {}, new Map(), judge)).toEqual([]);
  judge.began(99_700);
  expect(wrong('up', { isActive: false, since: 50_000 }, {}, new Map(), judge)).toEqual(UP);
});

test('after a call has failed a daemon may not know what the kernel has reported', () => {
  expect(wrong('up', { isActive: false, since: 50_000 }, { failedAt: 70_000 })).toEqual([]);
  expect(wrong('up', { isActive: false, since: 50_000 }, { failedAt: 60_000 })).toEqual(UP);
});

test('a destination is set while its group is paused: that is wrong, but not right after the pause begins', () => {
  const paused = (since: number) => new Map([['gateway', { phase: 'paused', since } as const]]);
  const lost = { isActive: false, since: 50_000 };
  expect(wrong('down', lost, {}, paused(99_000))).toEqual(['vrrp0 is set down, and its groups are paused']);
  expect(wrong('down', lost, { slowMs: 60 }, paused(99_950))).toEqual([]);
  expect(wrong('up', lost, {}, new Map([['gateway', { phase: 'drained', since: 0 }]]))).toEqual([]);
});

test('a write of a destination that no group names any more, and one that is forgotten, are not judged', () => {
  expect(wrong('up', { isActive: false, since: 0 }, { id: 'vlan0' })).toEqual([]);
  const judge = new WriteJudge();
  judge.wrote({
    id: 'vrrp0',
    to: 'up',
    at: 9000,
    drainedAt: 9000,
    failedAt: NEVER,
    slowMs: 0,
    sources: new Map(),
  });
  judge.forget();
  expect(judge.wrong(POLICY, new Map(), 9000)).toEqual([]);
});
