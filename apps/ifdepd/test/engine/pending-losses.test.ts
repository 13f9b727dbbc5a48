import { beforeEach, describe, expect, test } from 'vitest';
import { PendingLosses } from '../../src/engine/pending-losses.ts';

const noCarrier = { health: 'failed', reason: 'no carrier' } as const;

/** Sources whose loss the messages report. */
let reported: Set<string>;
let losses: PendingLosses;

beforeEach(() => {
  reported = new Set();
  losses = new PendingLosses((source) => reported.has(source));
});

/** The kernel has acted on the loss of em1. */
const act = () =>
  losses.add({
    to: 'down',
    sources: ['em1'],
    health: noCarrier,
    destinations: ['carp0', 'wan'].map((id, at) => ({ id, index: at + 7 })),
  });

describe('a loss that the kernel has acted on', () => {
  test('a loss whose message is unread: the source has failed', () => {
    act();
    expect(losses.unread()).toEqual(['em1']);
    expect([losses.lossOf('em1'), losses.lossOf('em0')]).toEqual([noCarrier, null]);
  });

  test('a loss whose message was read: the message counts', () => {
    act();
    reported.add('em1');
    expect([losses.unread(), losses.lossOf('em1')]).toEqual([[], null]);
  });

  test('two losses, one message read: only the other is unread', () => {
    act();
    losses.add({ to: 'down', sources: ['em0'], health: noCarrier, destinations: [] });
    reported.add('em1');
    expect(losses.unread()).toEqual(['em0']);
  });

  test('the message is lost: only the second list is younger than the loss for certain', () => {
    act();
    losses.listRead();
    expect(losses.unread()).toEqual(['em1']);
    losses.listRead();
    expect([losses.unread(), losses.lossOf('em1')]).toEqual([[], null]);
    act();
    losses.listRead();
    expect(losses.unread()).toEqual(['em1']);
  });

  test('each destination is attributed to the kernel once, also after the message was read', () => {
    act();
    reported.add('em1');
    expect([losses.isLowered('carp0'), losses.isLowered('carp2'), losses.hasActed('em1')]).toEqual([
      true,
      false,
      true,
    ]);
    expect([losses.takeLowered('carp0'), losses.takeLowered('carp0')]).toEqual([true, false]);
  });

  test('the policy was fed: forgotten, but only once the message has been read', () => {
    act();
    losses.fed();
    expect([losses.isLowered('wan'), losses.hasActed('em1')]).toEqual([true, true]);
    reported.add('em1');
    losses.unread();
    losses.fed();
    expect([losses.isLowered('wan'), losses.hasActed('em1')]).toEqual([false, false]);
  });
});

describe('a repair that the kernel has acted on', () => {
  /** The kernel has acted on the repair of em1. */
  const repaired = () =>
    losses.add({ to: 'up', sources: ['em1'], destinations: [{ id: 'carp0', index: 7 }] });

  test('the message of the act is unread: more is to be read, and the destination is asked for', () => {
    repaired();
    expect([losses.isBehind(), losses.hasActed('em1'), losses.lossOf('em1')]).toEqual([true, true, null]);
    expect([losses.isRaised('carp0'), losses.isRaised('wan')]).toEqual([true, false]);
    expect(['carp0', 'carp0'].map((id) => losses.takeRaised(id))).toEqual(['asked', false]);
    expect(losses.isBehind()).toBe(false);
  });

  test('the message of the act was read: the destination went up, once', () => {
    repaired();
    losses.noteRisen('carp0');
    expect(losses.isBehind()).toBe(false);
    expect(['carp0', 'carp0'].map((id) => losses.takeRaised(id))).toEqual([true, false]);
  });

  test('a destination that went up without the kernel failover is not attributed to it, nor one after the policy was fed', () => {
    losses.noteRisen('carp0');
    expect(losses.takeRaised('carp0')).toBe(false);
    losses.fed();
    repaired();
    expect(losses.takeRaised('carp0')).toBe('asked');
    repaired();
    losses.fed();
    expect([losses.isRaised('carp0'), losses.hasActed('em1')]).toEqual([false, false]);
  });
});

test('a driver says that a source has failed, then that it has not: believed, then forgotten', () => {
  losses.believe('em0', noCarrier);
  expect([losses.lossOf('em0'), losses.unread(), losses.hasActed('em0')]).toEqual([noCarrier, [], false]);
  losses.believe('em0', null);
  expect(losses.lossOf('em0')).toBeNull();
});
