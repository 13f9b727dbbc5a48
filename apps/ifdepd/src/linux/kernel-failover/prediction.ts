import { health, type LinkWatch } from '@ifdepd/linkwatch';
import { type Bindings, perRules } from '../../engine/bindings.ts';
import type { PolicyState } from '../../engine/policy-state.ts';
import { sourcesBehind } from './behind.ts';
import { type KernelFailover, type KernelFailoverOptions, openKernelFailover } from './kernel-failover.ts';
import { negatedDestinations } from './negation.ts';
import type { PlannedDestination, PlannedSource } from './plan.ts';

/** With more sources nothing is predicted: that would take longer than the kernel failover saves. */
const MOST_SOURCES = 1000;

/** What the kernel failover of a daemon works on. */
export interface KernelFailoverParts extends Omit<KernelFailoverOptions, 'sources' | 'losses' | 'repairs'> {
  readonly links: Pick<LinkWatch, 'lookUp'>;
  readonly bindings: Pick<Bindings, 'now'>;
  readonly state: Pick<PolicyState, 'predict' | 'isActive'>;
}

/** The kernel failover of a daemon; null where the system has none. */
export function prepareKernelFailover(parts: KernelFailoverParts): KernelFailover | null {
  const { links, bindings } = parts;
  const negated = perRules(bindings, (rules) => negatedDestinations(rules.policy));
  const behind = perRules(bindings, (rules) => sourcesBehind(rules.policy));

  function sources(): readonly PlannedSource[] {
    return [...bindings.now.carriers].flatMap((id) => {
      const link = links.lookUp(id);
      return link === undefined ? [] : [{ id, index: link.index }];
    });
  }

  return openKernelFailover({
    ...parts,
    sources,
    losses: () => predictLosses(parts, negated()),
    repairs: () => predictRepairs(parts, negated(), behind()),
  });
}

/** What a prediction works on. */
export type PredictionParts = Pick<KernelFailoverParts, 'links' | 'bindings' | 'state' | 'prepareIntents'>;

/** What would be set at once if something happened to a source. */
export type Predict = (source: string) => readonly PlannedDestination[];

/**
 * Predicts only what is set down both in the present state and if every other source were active. The others may be
 * active in messages that have not been read. Without a `not` a source helps most by being active, so the loss of this one has the
 * same consequence whatever those messages say.
 *
 * @param uncertain destinations that the loss of a source may bring up
 */
export function predictLosses(
  { links, bindings, state, prepareIntents }: PredictionParts,
  uncertain: ReadonlySet<string>,
): Predict {
  const { sources: interfaces, others, destinations, remembered } = bindings.now;
  if (interfaces.size + others.size > MOST_SOURCES) {
    return () => [];
  }
  // Nearly all of them are active already.
  const best = [...interfaces.keys(), ...others.keys()]
    .filter((id) => !state.isActive(id))
    .map((id) => ({ id, health: 'active', reason: 'up' }) as const);
  const now = state.predict(null);
  const atBest = state.predict({ type: 'sources', complete: false, sources: best });
  return (id) => {
    const loss = { type: 'source', source: { id, health: 'failed', reason: 'no carrier' } } as const;
    const lowered = new Set(
      atBest(loss).flatMap(({ destination, to }) => (to === 'down' ? [destination] : [])),
    );
    return now(loss).flatMap(({ destination, to }) => {
      const request = destinations.get(destination)?.downRequest?.();
      const isRecorded = remembered.has(destination);
      const certain = to === 'down' && lowered.has(destination) && !uncertain.has(destination);
      return certain && request !== undefined && (!isRecorded || prepareIntents !== null)
        ? [{ ...request, id: destination, index: links.lookUp(request.name)?.index, isRecorded }]
        : [];
    });
  };
}

/**
 * Predicts what is set up in the present state, where that depends on nothing but carriers. A guard hears of each loss of those:
 * if there is none, the others are at least as active as they are now, and without a `not` that keeps nothing down.
 *
 * @param uncertain destinations that a source which becomes active may keep down
 * @param behind the sources that each destination depends on
 */
export function predictRepairs(
  { links, bindings, state, prepareIntents }: PredictionParts,
  uncertain: ReadonlySet<string>,
  behind: ReadonlyMap<string, ReadonlySet<string>>,
): Predict {
  const { sources: interfaces, others, carriers, destinations, remembered } = bindings.now;
  if (interfaces.size + others.size > MOST_SOURCES) {
    return () => [];
  }
  const now = state.predict(null);

  function planned(destination: string): readonly PlannedDestination[] {
    const request = destinations.get(destination)?.upRequest?.();
    const sources = [...(behind.get(destination) ?? [])];
    const isRecorded = remembered.has(destination);
    const index = request && links.lookUp(request.name)?.index;
    return request !== undefined &&
      index !== undefined &&
      !uncertain.has(destination) &&
      sources.every((id) => carriers.has(id)) &&
      (!isRecorded || prepareIntents !== null)
      ? [
          {
            ...request,
            id: destination,
            index,
            isRecorded,
            behind: sources.flatMap((id) => links.lookUp(id)?.index ?? []),
          },
        ]
      : [];
  }

  return (id) =>
    // Where its messages call it active, something else knows that it is not.
    state.isActive(id) || health(links.lookUp(id)).health === 'active'
      ? []
      : now({ type: 'source', source: { id, health: 'active', reason: 'up' } }).flatMap(
          ({ destination, to }) => (to === 'up' ? planned(destination) : []),
        );
}
