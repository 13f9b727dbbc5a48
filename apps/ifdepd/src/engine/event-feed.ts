import { SystemError } from '@ifdepd/libc';
import type { LinkWatch } from '@ifdepd/linkwatch';
import type { Presence, SourceReading } from '@ifdepd/policy';
import type { News, PendingEvents } from './pending-events.ts';
import type { PendingLosses } from './pending-losses.ts';
import type { PolicyLoop } from './policy-loop.ts';
import type { Watched, WatchedThings } from './readings.ts';
import { sourceLosses } from './source-losses.ts';

/** What feeds the policy with news. */
export interface EventFeed {
  /** Feeds what was taken note of: each source as it is by now, and how often it was lost meanwhile. */
  feed(): void;
  /** Feeds everything, as it is by now. */
  feedAll(): void;
  /** Feeds one source: what is known of it otherwise than by messages has changed. */
  feedSource(id: string): void;
  /** Feeds one destination: what is known of it otherwise than by messages has changed. */
  feedDestination(id: string): void;
  /** Reads the destinations that were told of and not read, as they were about to be set. */
  readRest(): void;
}

/** What it works with. */
export interface EventFeedParts {
  readonly engine: Pick<PolicyLoop, 'feed' | 'feedPast' | 'together' | 'isDue'>;
  readonly desk: Pick<PendingEvents, 'take'>;
  readonly losses: Pick<PendingLosses, 'unread' | 'lossOf' | 'isLowered' | 'hasActed'>;
  readonly names: Pick<Watched, 'source' | 'sources' | 'destination' | 'reading' | 'snapshot'>;
  readonly links: Pick<LinkWatch, 'lookUp'>;
  readonly things: () => WatchedThings;
  /** A source was lost so many times, and nothing was done about it. */
  readonly passed: (source: string, losses: number) => void;
}

/**
 * Losses of one source that are fed one by one. Beyond, the penalty of a flap has long reached its ceiling: by default
 * that is twelve times what one loss adds.
 */
const MOST_LOSSES = 100;

/**
 * A reading is taken when it is fed and not before, and a destination that is about to be set is not read: nothing is
 * believed that is older than what was last written.
 */
export function eventFeed(parts: EventFeedParts): EventFeed {
  const { engine, desk, losses, names, links, things, passed } = parts;
  const counted = sourceLosses();
  const last = new Map<string, SourceReading>();
  const indices = new Map<string, number | undefined>();
  const unread = new Set<string>();
  let reading = false;
  /** Whether there was a first list: what cannot be read for that is a mistake of the start. */
  let started = false;

  function feedDestination(id: string, told?: Presence): void {
    if (engine.isDue(id)) {
      unread.add(id);
      return;
    }
    indices.set(id, links.lookUp(id)?.index);
    const reading = orNothing(() => names.destination(id));
    if (reading === null) {
      // Read again after the next event.
      unread.add(id);
      return;
    }
    if (reading !== undefined) {
      const is = reading.is === 'down' && told !== undefined && losses.isLowered(id) ? told : reading.is;
      engine.feed({ type: 'destination', ...names.reading({ ...reading, is }) });
    }
  }

  function feedAhead(source: SourceReading): void {
    const { id, health } = source;
    if (health === 'failed' && last.get(id)?.health === 'active') {
      counted.toldAhead(id);
    }
    last.set(id, source);
    engine.feed({ type: 'source', source });
  }

  /** Whatever is under its name now, it is another one: that it appeared raises nothing. */
  function feedGone(ids: Iterable<string>): void {
    for (const id of ids) {
      engine.feed({ type: 'destination', ...names.reading({ id, is: 'missing' }) });
    }
  }

  function readSources(ids: Iterable<string>, told: News['losses']): readonly SourceReading[] {
    const readings: SourceReading[] = [];
    const hidden = new Map<string, number>();
    for (const id of ids) {
      const source = names.source(id);
      const ahead = source.health === 'failed' && losses.lossOf(id) !== null;
      const before = last.get(id);
      const said = ahead ? 'active' : source.health;
      const count = counted.hidden(id, links.lookUp(id), told.get(id)?.count ?? 0, before?.health, said);
      if (ahead && before?.health === 'active') {
        counted.toldAhead(id);
      }
      if (count > 0) {
        hidden.set(id, count);
      }
      readings.push(source);
    }
    if (hidden.size > 0) {
      feedHidden(hidden, readings, told);
    }
    for (const source of readings) {
      last.set(source.id, source);
    }
    return readings;
  }

  /**
   * Feeds losses that are over as if each had been reported in time, and past failures before them: what each source went
   * through is known, and not what the others were meanwhile. No two are fed as active together unless they were.
   *
   * @param readings what the sources are in the end
   */
  function feedHidden(
    hidden: ReadonlyMap<string, number>,
    readings: readonly SourceReading[],
    told: News['losses'],
  ): void {
    const failing = readings.filter(
      ({ id, health }) => health === 'failed' && last.get(id)?.health === 'active' && !hidden.has(id),
    );
    const feed = (sources: readonly SourceReading[], acted = false) => {
      const event = { type: 'sources', complete: false, sources } as const;
      if (sources.length > 0) {
        (acted ? engine.feed : engine.feedPast)(event);
      }
    };
    // What the kernel has done about one of them is told as what followed from it.
    const hasActed = (sources: readonly SourceReading[]) => sources.some(({ id }) => losses.hasActed(id));
    feed(failing, hasActed(failing));
    const most = Math.min(MOST_LOSSES, Math.max(0, ...hidden.values()));
    for (let round = 0; round < most; round += 1) {
      const before = [...hidden].flatMap(([id, count]) => (count > round ? (last.get(id) ?? []) : []));
      const active = before.filter(({ health }) => health === 'active');
      const acted = round === 0 && hasActed(active);
      feed(
        active.map((source) => opposite(source, told.get(source.id)?.reason)),
        acted,
      );
      for (const source of before) {
        if (source.health !== 'active') {
          feed([opposite(source)]);
          feed([source]);
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

  /** @param ahead sources whose loss is known before its message */
  function feedChanges(news: News, ahead: readonly string[]): void {
    feedGone(news.gone);
    for (const [id, told] of news.early) {
      feedDestination(id, told);
    }
    const [source, ...others] = readSources(new Set([...news.sources, ...ahead]), news.losses);
    if (source !== undefined) {
      engine.feed(
        others.length === 0
          ? { type: 'source', source }
          : { type: 'sources', complete: false, sources: [source, ...others] },
      );
    }
    for (const id of news.late) {
      unread.add(id);
    }
  }

  function feedList(gone: ReadonlySet<string>, told: News['losses']): void {
    const { sources, destinations } = things();
    const ids = [...destinations.keys()];
    feedGone(ids.filter((id) => gone.has(id) || isAnother(id)));
    readSources(sources.keys(), told);
    // What is about to be set, or was by the kernel in our name, is read afterwards.
    const later = ids.some((id) => engine.isDue(id) || losses.isLowered(id));
    const everything = later ? null : started ? orNothing(names.snapshot) : names.snapshot();
    started = true;
    engine.feed(everything ?? names.sources());
    if (everything === null) {
      for (const id of ids) {
        unread.add(id);
      }
    }
    for (const id of ids) {
      indices.set(id, links.lookUp(id)?.index);
    }
  }

  function isAnother(id: string): boolean {
    const [before, now] = [indices.get(id), links.lookUp(id)?.index];
    return before !== undefined && now !== undefined && before !== now;
  }

  return {
    feed() {
      // Before the events are taken: by these it is known which losses their messages report.
      const ahead = losses.unread();
      const news = desk.take();
      if (news !== null && news.list === null) {
        feedChanges(news, ahead);
      } else if (news !== null) {
        feedList(news.gone, news.losses);
      }
    },
    feedAll() {
      engine.together(() => {
        losses.unread();
        const news = desk.take();
        feedList(news?.gone ?? new Set(), news?.losses ?? new Map());
      });
    },
    feedSource: (id) => engine.together(() => feedAhead(names.source(id))),
    feedDestination: (id) => engine.together(() => feedDestination(id)),
    readRest() {
      if (reading || unread.size === 0) {
        return;
      }
      reading = true;
      try {
        engine.together(() => {
          for (const id of [...unread]) {
            unread.delete(id);
            feedDestination(id);
          }
        });
      } finally {
        reading = false;
      }
    },
  };
}

function opposite({ id, health }: SourceReading, reason = 'no carrier'): SourceReading {
  return health === 'active' ? { id, health: 'failed', reason } : { id, health: 'active', reason: 'up' };
}

/** Null where the system does not say. */
function orNothing<Reading>(read: () => Reading): Reading | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof SystemError) {
      return null;
    }
    throw error;
  }
}
