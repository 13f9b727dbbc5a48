import type { PolicyEvent } from '@ifdepd/policy';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askingPoll, type Known } from '../../src/engine/poll.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a round of 200 ids: the policy is asked for its status once, and once more after each change', () => {
  const ids = Array.from({ length: 200 }, (_, at) => `${at + 1}@em0`);
  const health = new Map(ids.map((id) => [id, 'active']));
  const policy = new Map(health);
  const fed: PolicyEvent[] = [];
  let asked = 0;
  using poll = askingPoll({
    everyMs: 1000,
    ids: () => ids,
    read: (id) => [{ type: 'source', source: { id, health: health.get(id), reason: '' } } as PolicyEvent],
    known() {
      asked += 1;
      const sources = [...policy].map(([id, value]) => ({ id, health: value, reason: '' }));
      return { groups: [{ sources }], destinations: [] } as unknown as Known;
    },
    feed(event) {
      fed.push(event);
      policy.set('7@em0', 'failed');
    },
  });
  poll.linksChanged();
  vi.advanceTimersByTime(1000);
  expect([asked, fed.length]).toEqual([1, 0]);
  health.set('7@em0', 'failed');
  vi.advanceTimersByTime(1000);
  expect([asked, fed.length]).toEqual([3, 1]);
  vi.advanceTimersByTime(1000);
  expect([asked, fed.length]).toEqual([4, 1]);
});
