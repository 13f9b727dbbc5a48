import { openNetIf } from '@ifdepd/netif';
import { settle } from '@ifdepd/netlab';
import type { PolicyConfig, PolicyEvent } from '@ifdepd/policy';
import { naiveModel } from '@ifdepd/policy/testing';
import { expect, test } from 'vitest';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { host } from '../support/host.ts';
import { quietLog } from '../support/quiet-log.ts';

const SOURCES = ['em0', 'em1', 'em2', 'em3'] as const;
const DESTINATIONS = ['carp0', 'carp1'];

const policy: PolicyConfig = {
  groups: {
    delayed: {
      require: { all: ['em0', 'em1'] },
      destinations: ['carp0'],
      downDelayMs: 3,
      upDelayMs: 5,
    },
    damped: {
      require: { atLeast: 2, of: [...SOURCES] },
      destinations: ['carp0', 'carp1'],
      dampening: { halfLifeMs: 200, suppress: 3000, reuse: 1500, maxSuppressMs: 400 },
    },
  },
};

/** Mulberry32: the same flips each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('1,000 or more cycles of four sources with delays and dampening: never up against the rules, and right at the end', async () => {
  using lab = host(...SOURCES, 'carp0', 'carp1');
  using netif = openNetIf();
  const model = naiveModel(policy, performance.now());
  const unsafe: string[] = [];
  let decisions = 0;
  let judged = 0;
  let fedAt = 0;
  /** A decision may begin before an earlier one has ended: the clock of the model never goes back. */
  function feedModel(event: PolicyEvent, at: number): void {
    fedAt = Math.max(fedAt, at);
    model.feed(event, fedAt);
  }
  using running: Daemon = startDaemon({
    policy,
    log: quietLog,
    observe(decision) {
      decisions += 1;
      feedModel(decision.event, decision.began);
      for (const { answer } of decision.outcomes) {
        feedModel(answer, decision.ended);
      }
      // When all that was decided in this turn is reported: a later decision may have set a destination by now.
      queueMicrotask(() => judge(decision.event));
    },
  });
  /** The kernel itself, at the moment after a decision. What is still being set is judged after the decision that ends it. */
  function judge(event: PolicyEvent): void {
    if (running.busy) {
      return;
    }
    judged += 1;
    for (const name of DESTINATIONS) {
      if (model.mustBeDown(name) && netif.flags(name).up) {
        unsafe.push(`${name} after ${JSON.stringify(event)}`);
      }
    }
  }

  const next = numbers(20261122);
  // The kernel of a busy machine reports several flaps as one.
  for (let cycle = 0; cycle < 1000 || decisions < 300 || judged < 100; cycle += 1) {
    const source = SOURCES[Math.floor(next() * SOURCES.length)] ?? 'em0';
    lab.netif.setAdmin(lab.cables[source].far, 'down');
    if (next() < 0.5) {
      await new Promise(setImmediate);
    }
    lab.netif.setAdmin(lab.cables[source].far, 'up');
    await new Promise(setImmediate);
  }
  expect(unsafe).toEqual([]);

  // At the end two sources are cut for good, then all are whole: the model says what has to be, the kernel what is.
  for (const to of ['down', 'up'] as const) {
    for (const source of ['em0', 'em2', 'em3'] as const) {
      lab.netif.setAdmin(lab.cables[source].far, to);
    }
    settle(...SOURCES);
    await lab.allAre(to, DESTINATIONS);
    expect(
      DESTINATIONS.map((name) => running.status.destinations.find(({ id }) => id === name)?.want),
    ).toEqual([to, to]);
  }
  expect(running.status.groups.map(({ phase }) => phase)).toEqual(['up', 'up']);
  expect(unsafe).toEqual([]);
});
