import type { LinkWatch } from '@ifdepd/linkwatch';
import { type Bindings, perRules } from '../../engine/bindings.ts';
import { rememberedDestinations } from '../../engine/daemon-rules.ts';
import type { KernelAct } from '../../engine/pending-losses.ts';
import type { PolicyState } from '../../engine/policy-state.ts';
import type { Kernel } from '../../system/kernel.ts';
import { type KernelFailover, openKernelFailover } from './kernel-failover.ts';
import { negatedDestinations } from './negation.ts';
import type { PlannedDestination, PlannedSource } from './plan.ts';

/** With more sources nothing is predicted: that would take longer than the kernel failover saves. */
const MOST_SOURCES = 1000;

/** What the kernel failover of a daemon works on. */
export interface KernelFailoverParts {
  readonly kernel: Kernel;
  readonly links: Pick<LinkWatch, 'lookUp'>;
  readonly bindings: Pick<Bindings, 'now'>;
  readonly state: Pick<PolicyState, 'predict'>;
  /** Whether the policy was fed every message. */
  readonly isSettled: () => boolean;
  /** Called with what the kernel has done by itself. */
  readonly acted: (act: KernelAct) => void;
}

/** The kernel failover of a daemon; null where the system has none. */
export function prepareKernelFailover({
  kernel,
  links,
  bindings,
  state,
  isSettled,
  acted,
}: KernelFailoverParts): KernelFailover | null {
  const excepted = perRules(
    bindings,
    (rules) => new Set([...negatedDestinations(rules.policy), ...rememberedDestinations(rules)]),
  );

  function sources(): readonly PlannedSource[] {
    return [...bindings.now.carriers].flatMap((id) => {
      const link = links.lookUp(id);
      return link === undefined ? [] : [{ id, index: link.index }];
    });
  }

  /**
   * Predicts only what is set down both in the present state and if every other source were active. The others may be
   * active in messages that have not been read. Without a `not` a source helps most by being active, so the loss of this one has the
   * same consequence whatever those messages say.
   */
  function prediction(): (id: string) => readonly PlannedDestination[] {
    const { sources: interfaces, others, destinations } = bindings.now;
    if (interfaces.size + others.size > MOST_SOURCES) {
      return () => [];
    }
    const unpredicted = excepted();
    const best = [...interfaces.keys(), ...others.keys()].map(
      (id) => ({ id, health: 'active', reason: 'up' }) as const,
    );
    const now = state.predict(null);
    const atBest = state.predict({ type: 'sources', complete: false, sources: best });
    return (id) => {
      const loss = { type: 'source', source: { id, health: 'failed', reason: 'no carrier' } } as const;
      const lowered = new Set(
        atBest(loss).flatMap(({ destination, to }) => (to === 'down' ? [destination] : [])),
      );
      return now(loss).flatMap(({ destination, to }) => {
        const name = destinations.get(destination)?.flagOf?.();
        const certain = to === 'down' && lowered.has(destination) && !unpredicted.has(destination);
        return certain && name !== undefined ? [{ id: destination, name }] : [];
      });
    };
  }

  return openKernelFailover({
    libc: kernel.libc,
    openLossSocket: kernel.openLossSocket,
    downRequests: kernel.downRequests,
    isSettled,
    sources,
    prediction,
    acted,
  });
}
