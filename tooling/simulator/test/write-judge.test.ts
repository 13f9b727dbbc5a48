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
  source: Omit<SourceState, 'isUnreported'> & Partial<SourceState>,
  more: Partial<Write> = {},
  held: ReadonlyMap<string, Hold> = new Map(),
  judge = new WriteJudge(),
): readonly string[] {
  judge.wrote({
    id: 'vrrp0',
    to,
    at: 100_000,
    drainedAt: 100_000,
    failedAt: NEVER,
    slowMs: 0,
    sources: new Map([['wan0', { isUnreported: false, ...source }]]),
    ...more,
  });
  return judge.wrong(POLICY, held);
}

const DOWN = ['vrrp0 is set down, against what the kernel has reported'];
const UP = ['vrrp0 is set up, against what the kernel has reported'];

test('a destination is set down after a loss that is over and read, and after the up-delay: that is wrong', () => {
  expect(wrong('down', { isActive: true, since: 99_000 })).toEqual(DOWN);
  expect(wrong('down', { isActive: true, since: 99_600 })).toEqual([]);
  expect(wrong('down', { isActive: true, since: 99_000 }, { drainedAt: 99_400 })).toEqual([]);
  expect(wrong('down', { isActive: false, since: 0 })).toEqual([]);
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
  expect(judge.wrong(POLICY, new Map())).toEqual([]);
});
