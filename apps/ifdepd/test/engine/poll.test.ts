import type { Status } from '@ifdepd/policy';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bound } from '../../src/engine/bindings.ts';
import { poll } from '../../src/engine/poll.ts';
import { sourceOf } from '../../src/engine/sources/index.ts';
import { realLoop } from '../../src/system/loop.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a round of 200 ids: the policy is asked for its status once, and once more after each change', () => {
  const ids = Array.from({ length: 200 }, (_, at) => `${at + 1}@em0`);
  const health = new Map<string, 'active' | 'failed'>(ids.map((id) => [id, 'active']));
  const policy = new Map(health);
  const fed: string[] = [];
  let asked = 0;
  const sources = new Map(ids.map((id) => [id, sourceOf(id, { carp: 'vhid' })]));
  const now = { sources, destinations: new Map(), dependents: new Map() } as unknown as Bound;
  using subject = poll({
    bindings: { now },
    eventLoop: realLoop,
    host: {} as never,
    read: {
      source: (id) => ({ id, health: health.get(id) ?? 'unknown', reason: '' }),
      destination: () => undefined,
    },
    state: {
      status() {
        asked += 1;
        const all = [...policy].map(([id, value]) => ({ id, health: value, reason: '' }));
        return { groups: [{ sources: all }], destinations: [] } as unknown as Status;
      },
    },
    feed: {
      feedSource(id) {
        fed.push(id);
        policy.set(id, 'failed');
      },
      feedDestination: () => {},
    },
    mode: 'auto',
    dryRun: false,
  });
  subject.linksChanged();
  vi.advanceTimersByTime(1000);
  expect([asked, fed.length]).toEqual([1, 0]);
  health.set('7@em0', 'failed');
  vi.advanceTimersByTime(1000);
  expect([asked, fed]).toEqual([3, ['7@em0']]);
  vi.advanceTimersByTime(1000);
  expect([asked, fed.length]).toEqual([4, 1]);
});
