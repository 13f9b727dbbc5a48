import { start } from '../engine/start.ts';
import { step } from '../engine/step.ts';
import type { Effect, Health, PolicyEvent, Presence, SourceReading, Transition } from '../events.ts';
import { describe } from '../explain/describe.ts';
import type { Policy } from '../policy.ts';
import type { State } from '../state.ts';
import type { Status } from '../status.ts';

/** A policy with a clock and a small world, in which destinations obey unless `refuse` says otherwise. */
export interface Driver {
  readonly now: number;
  readonly state: State;
  readonly status: Status;
  /** The states of the destinations. Change them through `set`. */
  readonly world: ReadonlyMap<string, Presence>;
  /** Every effect that was emitted, with its time. */
  readonly effects: readonly (Effect & { readonly at: number })[];
  readonly transitions: readonly (Transition & { readonly at: number })[];
  /** Feeds one event now. */
  feed(event: PolicyEvent): void;
  /** Feeds a complete snapshot: these sources, everything else missing, and the destinations of the world. */
  snapshot(sources: Readonly<Record<string, Health>>): void;
  /** Feeds one source. Default reason: the health. */
  source(id: string, health: Health, reason?: string): void;
  /** Another program changes a destination, and the policy is fed a reading. */
  set(id: string, is: Presence): void;
  /** From now on writes to this destination fail with this code; null: they work again. */
  refuse(id: string, code: string | null): void;
  /** Lets time pass, deadline by deadline. */
  wait(ms: number): void;
}

/** Runs a policy with a fake clock and a fake world. All destinations are up at first. */
export function drive(policy: Policy, now = 0): Driver {
  let clock = now;
  let { state, nextDeadline } = start(policy, now);
  const world = new Map<string, Presence>(policy.destinations.map((id) => [id, 'up']));
  const refusals = new Map<string, string>();
  const effects: (Effect & { at: number })[] = [];
  const transitions: (Transition & { at: number })[] = [];

  function feed(event: PolicyEvent): void {
    const result = step(policy, state, event, clock);
    ({ state, nextDeadline } = result);
    transitions.push(...result.transitions.map((transition) => ({ ...transition, at: clock })));
    for (const effect of result.effects) {
      const { destination: id, to } = effect;
      effects.push({ ...effect, at: clock });
      const code = refusals.get(id);
      if (code === undefined) {
        world.set(id, to);
        feed({ type: 'destination', id, is: to });
      } else {
        feed({ type: 'effect-failed', effect, code });
      }
    }
  }

  return {
    get now() {
      return clock;
    },
    get state() {
      return state;
    },
    get status() {
      return describe(policy, state);
    },
    world,
    effects,
    transitions,
    feed,
    snapshot(sources) {
      const readings = Object.entries(sources).map(
        ([id, health]): SourceReading => ({ id, health, reason: health }),
      );
      const destinations = [...world].map(([id, is]) => ({ id, is }));
      feed({ type: 'sources', complete: true, sources: readings, destinations });
    },
    source: (id, health, reason = health) => feed({ type: 'source', source: { id, health, reason } }),
    set(id, is) {
      world.set(id, is);
      feed({ type: 'destination', id, is });
    },
    refuse(id, code) {
      if (code === null) refusals.delete(id);
      else refusals.set(id, code);
    },
    wait(ms) {
      const end = clock + ms;
      while (nextDeadline !== null && nextDeadline <= end) {
        clock = nextDeadline;
        feed({ type: 'tick' });
      }
      clock = end;
      feed({ type: 'tick' });
    },
  };
}
