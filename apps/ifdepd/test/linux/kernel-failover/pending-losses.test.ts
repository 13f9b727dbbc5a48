import { beforeEach, describe, expect, test } from 'vitest';
import { UnreadLosses } from '../../../src/linux/kernel-failover/pending-losses.ts';

const noCarrier = { health: 'failed', reason: 'no carrier' } as const;

let told: string[];
let rereads: number;
let missed: number;
/** By the messages that were read. */
let inactive: Set<string>;
let raised: Set<string>;
let losses: UnreadLosses;

beforeEach(() => {
  [told, rereads, missed] = [[], 0, 7];
  [inactive, raised] = [new Set(), new Set()];
  losses = new UnreadLosses({
    isActive: (source) => !inactive.has(source),
    missed: () => missed,
    wouldRaise: (destination) => raised.has(destination),
    tell: (source, { reason }) => void told.push(`${source} ${reason}`),
    reread: () => {
      rereads += 1;
    },
  });
  expect(losses.turn()).toBe('read');
});

/** The kernel has acted on the loss of em1. */
function strike(): void {
  losses.add('em1', noCarrier);
  losses.take('carp0', 'carp0');
  losses.take('wan', 'carp1');
}

/** A message is read; it says of a source that it is not active. */
function read(name: string, lost = false): void {
  if (lost) {
    inactive.add(name);
  }
  losses.heard([name], false);
}

/** A list of all is read. */
function readList(): void {
  losses.heard([], true);
}

describe('in the order of the messages', () => {
  test('nobody is told before the message of the loss; until then destinations go by their own', () => {
    strike();
    read('carp0');
    read('em1');
    expect([losses.goesByMessages('carp0'), losses.goesByMessages('wan')]).toEqual([true, true]);
    expect(losses.goesByMessages('carp2')).toBe(false);
    expect(losses.turn()).toBe('unread');
    read('em1', true);
    // What came before the loss, in the same look, is fed before it.
    expect(losses.goesByMessages('carp0')).toBe(true);
    expect([losses.took('carp0'), losses.took('carp0'), losses.took('wan')]).toEqual([true, false, true]);
    losses.fed();
    expect(losses.turn()).toBe('read');
    expect([told, rereads]).toEqual([[], 0]);
  });

  test('what nothing was decided on is forgotten with the message of the loss', () => {
    strike();
    read('em1', true);
    losses.fed();
    expect(losses.goesByMessages('carp0')).toBe(false);
    expect([losses.took('carp0'), losses.took('wan')]).toEqual([false, false]);
    strike();
    expect(losses.turn()).toBe('read');
    expect(losses.took('wan')).toBe(false);
  });

  test('two losses: those of the second are waited for when the first has been read', () => {
    strike();
    losses.add('em0', noCarrier);
    read('em1', true);
    expect(losses.goesByMessages('carp0')).toBe(true);
    losses.settle();
    expect(told).toEqual(['em0 no carrier']);
  });
});

describe('told before its message', () => {
  test('news of what was set down, where messages were missed since nothing was lost; by its interface', () => {
    strike();
    missed += 1;
    read('em0');
    read('wan');
    expect(told).toEqual([]);
    read('carp1');
    expect(told).toEqual(['em1 no carrier']);
    expect(losses.goesByMessages('carp0')).toBe(false);
    read('carp0');
    expect(told).toHaveLength(1);
  });

  test('what was missed before is no reason', () => {
    missed += 1;
    losses.turn();
    strike();
    read('carp0');
    expect(told).toEqual([]);
  });

  test('news that the policy would answer by raising', () => {
    strike();
    raised.add('wan');
    read('carp0');
    expect(told).toEqual([]);
    read('carp1');
    expect(told).toEqual(['em1 no carrier']);
  });

  test('where its message has been read by then, there is nothing to be told', () => {
    strike();
    missed += 1;
    inactive.add('em1');
    read('carp0');
    expect(told).toEqual([]);
  });

  test('is not contradicted by older messages: until its own, or a list that was asked for since', () => {
    strike();
    expect(losses.knownOf('em1')).toBeNull();
    readList();
    expect(told).toEqual(['em1 no carrier']);
    expect([losses.knownOf('em1'), losses.knownOf('em0')]).toEqual([noCarrier, null]);
    expect(losses.turn()).toBe('unread');
    readList();
    expect(losses.knownOf('em1')).toEqual(noCarrier);
    expect(losses.turn()).toBe('lost');
    readList();
    expect(losses.knownOf('em1')).toBeNull();
    expect(losses.turn()).toBe('read');
    expect(told).toHaveLength(1);

    strike();
    losses.settle();
    expect(losses.knownOf('em1')).toEqual(noCarrier);
    read('em1', true);
    expect(losses.knownOf('em1')).toBeNull();
    expect(told).toHaveLength(2);
  });
});

test('a message that has not come after a whole turn was lost: everything is read again, once', () => {
  strike();
  expect([losses.turn(), rereads]).toEqual(['unread', 0]);
  expect([losses.turn(), losses.turn(), losses.turn(), rereads]).toEqual(['lost', 'lost', 'lost', 1]);
  readList();
  expect([losses.turn(), told]).toEqual(['read', ['em1 no carrier']]);
  strike();
  expect([losses.turn(), losses.turn(), rereads]).toEqual(['unread', 'lost', 2]);
});
