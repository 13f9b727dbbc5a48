import type { LinkWatch } from '@ifdepd/linkwatch';
import type { SourceReading } from '@ifdepd/policy';
import type { EventBatch } from './pending-events.ts';
import type { PendingLosses } from './pending-losses.ts';
import type { PolicyLoop } from './policy-loop.ts';
import type { Readings } from './readings.ts';
import { sourceLosses } from './source-losses.ts';

/** The options of {@link sourceFeed}. */
export interface SourceFeedParts {
  readonly loop: Pick<PolicyLoop, 'feed' | 'feedPast'>;
  readonly losses: Pick<PendingLosses, 'hasActed'>;
  readonly readings: Pick<Readings, 'source' | 'isAhead'>;
  readonly links: Pick<LinkWatch, 'lookUp'>;
  /** A source was lost so many times, and nothing was done about it. */
  readonly passed: (source: string, losses: number) => void;
}

/**
 * Losses of one source that are fed one by one. Beyond, the penalty of a flap has long reached its ceiling: by default
 * that is twelve times what one loss adds.
 */
const MOST_LOSSES = 100;

/** Reads sources for the policy, and feeds it with losses that are over by then. */
export function sourceFeed({ loop, losses, readings, links, passed }: SourceFeedParts) {
  const counted = sourceLosses();
  /** What each source was fed as last. */
  const last = new Map<string, SourceReading>();

  /** Reads sources that events were about; feeds losses that no reading shows. The caller feeds the readings. */
  function read(ids: Iterable<string>, reported: EventBatch['losses']): readonly SourceReading[] {
    const found: SourceReading[] = [];
    const hidden = new Map<string, number>();
    for (const id of ids) {
      const source = readings.source(id);
      const ahead = readings.isAhead(id);
      const before = last.get(id);
      const said = ahead ? 'active' : source.health;
      const count = counted.hidden(id, links.lookUp(id), reported.get(id)?.count ?? 0, before?.health, said);
      if (ahead && before?.health === 'active') {
        counted.fedAhead(id);
      }
      if (count > 0) {
        hidden.set(id, count);
      }
      found.push(source);
    }
    if (hidden.size > 0) {
      feedHidden(hidden, found, reported);
    }
    for (const source of found) {
      last.set(source.id, source);
    }
    return found;
  }

  /**
   * Feeds losses that are over as if each had been reported in time, and past failures before them: what each source went
   * through is known, and not what the others were meanwhile. No two are fed as active together unless they were.
   *
   * @param found what the sources are in the end
   */
  function feedHidden(
    hidden: ReadonlyMap<string, number>,
    found: readonly SourceReading[],
    reported: EventBatch['losses'],
  ): void {
    const failing = found.filter(
      ({ id, health }) => health === 'failed' && last.get(id)?.health === 'active' && !hidden.has(id),
    );
    const feed = (sources: readonly SourceReading[], acted = false) => {
      const event = { type: 'sources', complete: false, sources } as const;
      if (sources.length > 0) {
        (acted ? loop.feed : loop.feedPast)(event);
      }
    };
    // An action of the kernel about one of them is reported as its consequence.
    const hasActed = (sources: readonly SourceReading[]) => sources.some(({ id }) => losses.hasActed(id));
    feed(failing, hasActed(failing));
    const most = Math.min(MOST_LOSSES, Math.max(0, ...hidden.values()));
    for (let round = 0; round < most; round += 1) {
      const before = [...hidden].flatMap(([id, count]) => (count > round ? (last.get(id) ?? []) : []));
      const active = before.filter(({ health }) => health === 'active');
      const acted = round === 0 && hasActed(active);
      feed(
        active.map((source) => opposite(source, reported.get(source.id)?.reason)),
        acted,
      );
      for (const source of before) {
        if (source.health !== 'active') {
          const raised = round === 0 && hasActed([source]);
          feed([opposite(source)], raised);
          feed([source], raised);
        }
      }
      feed(active, acted);
    }
    for (const [id, count] of hidden) {
      const past = losses.hasActed(id) ? count - 1 : count;
      if (past > 0) {
        passed(id, past);
      }
    }
  }

  /** Feeds a reading that no message has reported. */
  function feedAhead(source: SourceReading): void {
    const { id, health } = source;
    if (health === 'failed' && last.get(id)?.health === 'active') {
      counted.fedAhead(id);
    }
    last.set(id, source);
    loop.feed({ type: 'source', source });
  }

  return { read, feedAhead };
}

function opposite({ id, health }: SourceReading, reason = 'no carrier'): SourceReading {
  return health === 'active' ? { id, health: 'failed', reason } : { id, health: 'active', reason: 'up' };
}
