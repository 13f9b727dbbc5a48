import { linkRecord } from '@ifdepd/linkwatch/testing';
import type { Health, PolicyEvent } from '@ifdepd/policy';
import { beforeEach, expect, test } from 'vitest';
import type { ReportedLosses } from '../../src/engine/pending-events.ts';
import { sourceFeed } from '../../src/engine/source-feed.ts';

/** What each interface is, and how often its carrier was gone. */
let links: Map<string, { health: Health; losses: number }>;
/** The sources that a driver calls lost, and those at whose loss the kernel has acted. */
let ahead: Set<string>;
let acted: Set<string>;
/** Each event: `past em0 failed`. */
let fed: string[];
let passed: [source: string, losses: number][];
let feed: ReturnType<typeof sourceFeed>;

beforeEach(() => {
  links = new Map();
  [ahead, acted, fed, passed] = [new Set(), new Set(), [], []];
  const take = (how: string) => (event: PolicyEvent) => {
    const sources = event.type === 'sources' ? event.sources : event.type === 'source' ? [event.source] : [];
    fed.push([how, ...sources.map(({ id, health, reason }) => `${id} ${health} (${reason})`)].join(' '));
  };
  feed = sourceFeed({
    loop: { feed: take('now'), feedPast: take('past') },
    losses: { hasActed: (id) => acted.has(id) },
    readings: {
      source: (id) =>
        links.get(id)?.health === 'active' && !ahead.has(id)
          ? { id, health: 'active', reason: 'up' }
          : { id, health: 'failed', reason: 'no carrier' },
      isAhead: (id) => ahead.has(id),
    },
    links: {
      lookUp: (name) => linkRecord({ index: 2, name, carrierDownCount: links.get(name)?.losses ?? null }),
    },
    passed: (...what) => passed.push(what),
  });
});

/** Reads all interfaces, after messages that reported so many losses for a reason. */
function read(reported: Readonly<Record<string, ReportedLosses>> = {}): readonly string[] {
  fed = [];
  const found = feed.read(links.keys(), new Map(Object.entries(reported)));
  return found.map(({ id, health }) => `${id} ${health}`);
}

const up = (losses: number) => ({ health: 'active' as const, losses });
const down = (losses: number) => ({ health: 'failed' as const, losses });

test('a first reading feeds nothing: what was lost before it is past', () => {
  links.set('em0', up(7));
  expect([read(), fed, passed]).toEqual([['em0 active'], [], []]);
});

test('a loss that is over is fed as one that was reported in time, with the reason of its message', () => {
  links.set('em0', up(0));
  read();
  links.set('em0', up(1));
  expect(read({ em0: { count: 1, reason: 'lower layer down' } })).toEqual(['em0 active']);
  expect([fed, passed]).toEqual([
    ['past em0 failed (lower layer down)', 'past em0 active (up)'],
    [['em0', 1]],
  ]);
});

test('of two losses of a source that is lost the first is fed, as one that is over', () => {
  links.set('em0', up(0));
  read();
  links.set('em0', down(2));
  expect([read(), fed]).toEqual([['em0 failed'], ['past em0 failed (no carrier)', 'past em0 active (up)']]);
});

test('a source that failed and came back in between is fed as that, too', () => {
  links.set('em0', down(1));
  read();
  links.set('em0', down(2));
  expect(read()).toEqual(['em0 failed']);
  expect(fed).toEqual(['past em0 active (up)', 'past em0 failed (no carrier)']);
});

test('of any number of hidden losses 100 are fed, and all are reported', () => {
  links.set('em0', up(0));
  read();
  links.set('em0', up(250));
  read();
  expect([fed.length, passed]).toEqual([200, [['em0', 250]]]);
});

test('a loss that shows is fed before those that are over, and no two sources are fed as active that were not', () => {
  links.set('em0', up(0)).set('em1', up(0)).set('em2', up(0));
  read();
  links.set('em0', up(2)).set('em1', up(1)).set('em2', down(1));
  expect(read()).toEqual(['em0 active', 'em1 active', 'em2 failed']);
  expect(fed).toEqual([
    'past em2 failed (no carrier)',
    'past em0 failed (no carrier) em1 failed (no carrier)',
    'past em0 active (up) em1 active (up)',
    'past em0 failed (no carrier)',
    'past em0 active (up)',
  ]);
});

test('a loss that the kernel has acted on is acted on, and not reported as past; the losses behind it are', () => {
  links.set('em0', up(0));
  read();
  links.set('em0', up(3));
  acted.add('em0');
  read();
  expect(fed.map((event) => event.split(' ')[0])).toEqual(['now', 'now', 'past', 'past', 'past', 'past']);
  expect(passed).toEqual([['em0', 2]]);
});

test('a loss that shows, and that the kernel has acted on, is acted on', () => {
  links.set('em0', up(0)).set('em1', up(0));
  read();
  links.set('em0', up(1)).set('em1', down(1));
  acted.add('em1');
  read();
  expect(fed[0]).toBe('now em1 failed (no carrier)');
});

test('a loss that was fed ahead of its message is not fed again with it', () => {
  links.set('em0', up(0));
  read();
  ahead.add('em0');
  feed.feedAhead({ id: 'em0', health: 'failed', reason: 'no carrier' });
  feed.feedAhead({ id: 'em0', health: 'failed', reason: 'no carrier' });
  expect(fed).toEqual(['now em0 failed (no carrier)', 'now em0 failed (no carrier)']);
  ahead.delete('em0');
  links.set('em0', down(1));
  expect([read(), fed]).toEqual([['em0 failed'], []]);
  links.set('em0', up(2));
  expect([read(), fed.length]).toEqual([['em0 active'], 2]);
});

test('a loss that is read ahead of its message is not fed again with it', () => {
  links.set('em0', up(0));
  read();
  ahead.add('em0');
  expect([read(), fed]).toEqual([['em0 failed'], []]);
  ahead.delete('em0');
  links.set('em0', up(1));
  expect([read(), fed, passed]).toEqual([['em0 active'], [], []]);
});
