import type { GroupConfig, PolicyConfig, PolicyEvent } from '@ifdepd/policy';
import { naiveModel } from '@ifdepd/policy/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startDaemon } from '../../src/daemon/start-daemon.ts';
import { goOnFrom } from '../../src/engine/resume.ts';
import { realLoop } from '../../src/system/loop.ts';
import { quietLog } from '../support/quiet-log.ts';
import { type ScriptedLinux, scriptedLinux } from '../support/scripted-linux.ts';

const SOURCES = ['s0', 's1', 's2'];
const DESTINATIONS = ['d0', 'd1'];

/** What happens to a host. */
type Happening =
  /** Carriers change any number of times before the daemon reads of it. */
  | { readonly do: 'change'; readonly source: string; readonly times: number }
  /** Several carriers change at the same moment. */
  | { readonly do: 'change-together'; readonly sources: readonly string[] }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'pause'; readonly group: string; readonly forMs: number | null }
  | { readonly do: 'resume'; readonly group: string }
  /** The daemon ends, time passes, carriers change, and another daemon goes on. */
  | { readonly do: 'restart'; readonly afterMs: number; readonly sources: readonly string[] };

const someSources = fc.subarray(SOURCES, { minLength: 1 });
const ms = fc.constantFrom(1, 40, 99, 100, 101, 250, 1_000, 9_000);
const groupName = fc.constantFrom('g0', 'g1');
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      source: fc.constantFrom(...SOURCES),
      times: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change-together' as const), sources: someSources }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass' as const), ms }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('pause' as const),
      group: groupName,
      forMs: fc.constantFrom(null, 150),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const), group: groupName }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('restart' as const),
      afterMs: fc.constantFrom(0, 100, 5_000),
      sources: fc.subarray(SOURCES),
    }),
  },
);

const delay = fc.constantFrom(0, 100, 250);
const group: fc.Arbitrary<GroupConfig> = fc.record(
  {
    require: fc.oneof(
      someSources.map((all) => ({ all })),
      someSources.map((any) => ({ any })),
      fc.constant({ atLeast: 2, below: 1, of: SOURCES }),
      fc.constant({ all: ['s0', { not: 's1' }] }),
    ),
    destinations: fc.subarray(DESTINATIONS, { minLength: 1 }),
    downDelayMs: delay,
    upDelayMs: delay,
    startDelayMs: delay,
    startHoldMs: delay,
    dampening: fc.constantFrom(
      {},
      { halfLifeMs: 700, suppress: 1_500, reuse: 333, maxSuppressMs: 60_000, penalty: 900 },
      { halfLifeMs: 1_000, maxSuppressMs: 3_000 },
    ),
  },
  { requiredKeys: ['require', 'destinations'] },
);
const config = fc
  .tuple(group, fc.option(group))
  .map(([g0, g1]): PolicyConfig => ({ groups: g1 === null ? { g0 } : { g0, g1 } }));

/** What a daemon could know, since when, and until when it ran: between `until` and the next event none did. */
interface Known {
  readonly at: number;
  readonly event: PolicyEvent;
  readonly until: number;
}

/** Computes everything anew, from the first event on: what the groups are, and what they want of each destination. */
function recompute(policy: PolicyConfig, history: readonly Known[]) {
  const model = naiveModel(policy, history[0]?.at ?? 0);
  const feed = (event: PolicyEvent, at: number) => {
    for (const { destination, to } of model.feed(event, at)) {
      feed({ type: 'destination', id: destination, is: to }, at);
    }
  };
  for (const { at, event, until } of history) {
    feed(event, at);
    for (let due = model.nextDeadline(); due !== null && due <= until; due = model.nextDeadline()) {
      feed({ type: 'tick' }, due);
    }
  }
  const now = history.at(-1)?.until ?? 0;
  return {
    groups: [...model.groups].map(([name, { phase, since, hidden, suppressedUntil }]) => ({
      name,
      phase,
      since,
      hidden,
      suppressedUntil: suppressedUntil > now ? suppressedUntil : null,
    })),
    destinations: [...model.destinations].map(([id, { is }]) => ({ id, want: model.want(id), is })),
  };
}

/** A scripted kernel with a daemon, and the history of both. */
class Host {
  readonly kernel: ScriptedLinux = scriptedLinux(SOURCES, DESTINATIONS, () => 0);
  readonly history: Known[] = [];
  readonly #policy: PolicyConfig;
  daemon: Daemon;

  constructor(policy: PolicyConfig) {
    this.#policy = policy;
    this.daemon = this.#start();
  }

  #start(goOn?: string): Daemon {
    const { libc, now } = this.kernel;
    this.#note(this.#everything());
    return startDaemon({
      policy: this.#policy,
      log: quietLog,
      libc,
      loop: { ...realLoop, now },
      earlyLoss: 'off',
      goOn: goOn === undefined ? undefined : goOnFrom(goOn, () => {}),
    });
  }

  #note(event: PolicyEvent): void {
    const at = this.kernel.now();
    this.history.push({ at, event, until: at });
  }

  #source(id: string) {
    return { id, health: this.kernel.failed.has(id) ? 'failed' : 'active', reason: '' } as const;
  }

  #everything(): PolicyEvent {
    const destinations = DESTINATIONS.map((id) => ({
      id,
      is: this.kernel.isUp(id) ? ('up' as const) : ('down' as const),
    }));
    return { type: 'sources', complete: true, sources: SOURCES.map((id) => this.#source(id)), destinations };
  }

  #flip(source: string): void {
    this.kernel.carrier(source, this.kernel.failed.has(source) ? 'up' : 'down');
  }

  /** Has the daemon read everything, also what the kernel reports of its own writes. */
  #read(): void {
    for (let left = 10; this.kernel.unread > 0; left -= 1) {
      expect(left, 'rounds in which the daemon has not read everything').toBeGreaterThan(0);
      this.kernel.wake();
    }
  }

  #pass(ms: number): void {
    const end = this.kernel.now() + ms;
    while (this.kernel.now() < end) {
      const step = Math.min(end, this.daemon.status.nextDeadline ?? end) - this.kernel.now();
      this.kernel.pass(step);
      vi.advanceTimersByTime(step);
      this.#read();
    }
    const last = this.history.pop();
    if (last !== undefined) {
      this.history.push({ ...last, until: end });
    }
  }

  happen(one: Happening): void {
    switch (one.do) {
      case 'change':
        for (let left = one.times; left > 0; left -= 1) {
          this.#flip(one.source);
          this.#note({ type: 'source', source: this.#source(one.source) });
        }
        this.#read();
        break;
      case 'change-together':
        one.sources.forEach((source) => {
          this.#flip(source);
        });
        this.#note({
          type: 'sources',
          complete: false,
          sources: one.sources.map((id) => this.#source(id)),
        });
        this.#read();
        break;
      case 'pass':
        this.#pass(one.ms);
        break;
      case 'pause': {
        const { forMs, group } = one;
        const until = forMs === null ? {} : { until: this.kernel.now() + forMs };
        const event = { type: 'pause', group, ...until } as const;
        this.#note(event);
        this.daemon.feed(event);
        break;
      }
      case 'resume':
        this.#note({ type: 'resume', group: one.group });
        this.daemon.feed({ type: 'resume', group: one.group });
        break;
      case 'restart': {
        const text = this.daemon.saved();
        this.daemon.close();
        this.kernel.pass(one.afterMs);
        vi.advanceTimersByTime(one.afterMs);
        one.sources.forEach((source) => {
          this.#flip(source);
        });
        this.daemon = this.#start(text);
        this.#read();
      }
    }
    this.#read();
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('random timelines with delays, dampening, holds and restarts: groups and destinations are as recomputed from the whole history', () => {
  const numRuns = Number(process.env['FC_NUM_RUNS'] ?? 300);
  fc.assert(
    fc.property(config, fc.array(happening, { maxLength: 25 }), (policy, happenings) => {
      const host = new Host(policy);
      try {
        for (const one of [{ do: 'pass', ms: 0 } as const, ...happenings]) {
          host.happen(one);
          const { status } = host.daemon;
          expect({
            groups: status.groups.map(({ name, phase, since, hidden, suppressedUntil }) => ({
              name,
              phase,
              since,
              hidden,
              suppressedUntil,
            })),
            destinations: status.destinations.map(({ id, want }) => ({
              id,
              want,
              is: host.kernel.isUp(id) ? 'up' : 'down',
            })),
          }).toEqual(recompute(policy, host.history));
        }
      } finally {
        host.daemon.close();
      }
    }),
    { numRuns },
  );
});
