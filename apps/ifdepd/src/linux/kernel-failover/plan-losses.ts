import type { LinkHealth, LinkWatch } from '@ifdepd/linkwatch';
import type { PolicyEvent, SourceReading } from '@ifdepd/policy';
import type { DaemonRules } from '../../engine/daemon-rules.ts';
import type { PolicyLoop } from '../../engine/policy-loop.ts';
import { flagOf, type Watched, type WatchedThings } from '../../engine/readings.ts';
import { rememberedDestinations } from '../../engine/remembered-destinations.ts';
import type { SourceHealth } from '../../engine/sources/source-health.ts';
import type { Kernel } from '../../system/kernel.ts';
import {
  type KernelFailover,
  openKernelFailover,
  type PlannedDestination,
  type PlannedSource,
} from './kernel-failover.ts';
import { negatedDestinations } from './negation.ts';

/** Beyond so many sources nothing is foreseen: it would take longer than what it saves. */
const MOST_SOURCES = 1000;

/** What the kernel failover of a daemon is about. */
export interface KernelFailoverParts {
  readonly kernel: Kernel;
  readonly links: Pick<LinkWatch, 'lookUp' | 'counters' | 'resync'>;
  /** The judge of sources, by the messages that were read. */
  readonly judge: SourceHealth;
  readonly names: Watched;
  readonly things: () => WatchedThings;
  readonly rules: () => DaemonRules;
  readonly engine: () => PolicyLoop;
  /** Whether a message that is yet to be fed tells of the loss of a source. */
  readonly wasLost: (source: string) => boolean;
  /** Feeds the policy with a loss. */
  readonly feedLoss: (source: SourceReading) => void;
}

/** The kernel failover of a daemon; null where the system has nothing of the kind. */
export function prepareKernelFailover({
  kernel,
  links,
  judge,
  names,
  things,
  rules,
  engine,
  wasLost,
  feedLoss,
}: KernelFailoverParts): KernelFailover | null {
  /** Of these rules, which a reload replaces: looked through once, and not after each event. */
  let walked: DaemonRules | undefined;
  let excepted: ReadonlySet<string> = new Set();

  function* sources(): Iterable<PlannedSource> {
    for (const id of things().sources) {
      const link = links.lookUp(id);
      if (link !== undefined) {
        yield { id, index: link.index };
      }
    }
  }

  /**
   * What is lowered both as things are and if every other source were active. The others may be by then, in messages
   * that are yet to be read: whatever those say, the loss of this one has the same consequence, as without a `not` no
   * source makes up for more than by being active.
   */
  function foresight(): (id: string) => readonly PlannedDestination[] {
    const { sources: interfaces, others, destinations } = things();
    if (interfaces.size + others.size > MOST_SOURCES) {
      return () => [];
    }
    if (walked !== rules()) {
      walked = rules();
      excepted = new Set([...negatedDestinations(walked.policy), ...rememberedDestinations(walked)]);
    }
    const active = ({ id }: { readonly id: string }) => ({ id, health: 'active', reason: 'up' }) as const;
    const best = [...interfaces].map((id) => active({ id })).concat([...others.values()].map(active));
    const asThingsAre = engine().foresight(null);
    const atBest = engine().foresight({ type: 'sources', complete: false, sources: best });
    return (id) => {
      const source = { id, health: 'failed', reason: 'no carrier' } as const;
      const lowered = new Set(
        atBest({ type: 'source', source }).flatMap(({ destination, to }) =>
          to === 'down' ? [destination] : [],
        ),
      );
      return asThingsAre({ type: 'source', source }).flatMap(({ destination, to }) => {
        const name = destinations.get(destination)?.flagOf?.();
        const certain = to === 'down' && lowered.has(destination) && !excepted.has(destination);
        return certain && name !== undefined ? [{ id: destination, name }] : [];
      });
    };
  }

  /** In the words of the latest message, which may be a later one: then of a link that has recovered. */
  function tell(id: string, health: LinkHealth): void {
    const latest = names.source(id);
    feedLoss(latest.health === 'failed' ? latest : { id, ...health });
  }

  function wouldRaise(id: string): boolean {
    const told: PolicyEvent = { type: 'destination', id, is: flagOf(links.lookUp(id)) };
    return engine()
      .foresight(null)(told)
      .some(({ to }) => to === 'up');
  }

  function missed(): number {
    const { overruns, truncated, bad } = links.counters;
    return overruns + truncated + bad;
  }

  return openKernelFailover({
    libc: kernel.libc,
    openLossSocket: kernel.openLossSocket,
    downRequests: kernel.downRequests,
    isBusy: () => engine().busy,
    sources,
    foresight,
    isActive: (id) => judge(id).health === 'active' && !wasLost(id),
    missed,
    wouldRaise,
    tell,
    reread: () => links.resync(),
  });
}
