import type { Platform } from '@ifdepd/libc';
import type { LinkCounters } from '@ifdepd/linkwatch';
import type { Phase, PolicyEvent, Status } from '@ifdepd/policy';
import type { Decision } from '../engine/policy-loop.ts';
import type { ProbeNumbers } from '../programs/probes.ts';
import { metricsText } from './metrics-text.ts';

/** What the kernel failover has done and is armed for. */
export interface KernelFailoverCounts {
  /** How many losses the kernel has acted on by itself. */
  readonly failovers: number;
  /** The loss of how many sources is armed now. */
  readonly armed: number;
  /** How many repairs the kernel has acted on by itself. */
  readonly repairs: number;
  /** The repair of how many sources is armed now. */
  readonly armedRepairs: number;
}

/** The daemon whose state the metrics show, besides the counters. */
export interface Measured {
  readonly status: Status;
  readonly linkCounters: LinkCounters;
  readonly kernelFailover: KernelFailoverCounts | null;
  readonly passedLosses: ReadonlyMap<string, number>;
}

/** Counts decisions, and writes the metrics. */
export type Metrics = ReturnType<typeof metrics>;

/** Upper bounds in seconds: the path takes tens of microseconds, and a slow driver tens of milliseconds. */
const BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** What was counted, since the start. */
export interface Counted {
  /** The system that the daemon works on. */
  readonly platform: Platform;
  /** Of each group, by the phase it went to. */
  readonly transitions: ReadonlyMap<string, ReadonlyMap<Phase, number>>;
  /** By destination. */
  readonly failures: ReadonlyMap<string, number>;
  /** Reactions that took no longer than this many seconds, and longer than the bound before. */
  readonly reactions: ReadonlyMap<number, number>;
  readonly sum: number;
  readonly count: number;
}

/** @param platform the system that the daemon works on */
export function metrics(platform: Platform) {
  const transitions = new Map<string, Map<Phase, number>>();
  const failures = new Map<string, number>();
  const reactions = new Map(BUCKETS.map((bound) => [bound, 0]));
  let [sum, count, actions] = [0, 0, 0];
  const unfinished = new Set<PolicyEvent>();

  function observe(seconds: number): void {
    sum += seconds;
    count += 1;
    const bound = BUCKETS.find((one) => seconds <= one);
    if (bound !== undefined) {
      reactions.set(bound, (reactions.get(bound) ?? 0) + 1);
    }
  }

  return {
    /** System calls that changed something. */
    get actions(): number {
      return actions;
    },
    /** Runs before the next message is read: it only counts. */
    note(decision: Decision): void {
      for (const { group, to } of decision.transitions) {
        const counts = transitions.get(group) ?? new Map<Phase, number>();
        transitions.set(group, counts.set(to, (counts.get(to) ?? 0) + 1));
      }
      for (const { effect, error, changed } of decision.outcomes) {
        actions += changed ? 1 : 0;
        if (error !== null) {
          failures.set(effect.destination, (failures.get(effect.destination) ?? 0) + 1);
        }
      }
      if (decision.unfinished) {
        unfinished.add(decision.event);
      } else if (
        unfinished.delete(decision.event) ||
        decision.outcomes.some(({ byProgram }) => byProgram !== true)
      ) {
        observe((decision.ended - decision.began) / 1000);
      }
    },
    /** Everything in the text format of Prometheus. @param probes numbers of the probes, by the id of the source. Default: none */
    text: (daemon: Measured, probes?: ReadonlyMap<string, ProbeNumbers>): string =>
      metricsText({ platform, transitions, failures, reactions, sum, count }, daemon, probes),
  };
}
