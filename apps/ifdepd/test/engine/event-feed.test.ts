import { loadLibc } from '@ifdepd/libc';
import { linkRecord } from '@ifdepd/linkwatch/testing';
import { type ScriptedNetIf, scriptedNetIf } from '@ifdepd/netif/testing';
import { compile, type PolicyEvent } from '@ifdepd/policy';
import { beforeEach, expect, test } from 'vitest';
import { bind } from '../../src/engine/bindings.ts';
import { type EventFeed, eventFeed } from '../../src/engine/event-feed.ts';
import { type PendingEvents, pendingEvents } from '../../src/engine/pending-events.ts';
import { PendingLosses } from '../../src/engine/pending-losses.ts';
import { readings, reportedHealth } from '../../src/engine/readings.ts';
import { realLoop } from '../../src/system/loop.ts';

const noCarrier = { health: 'failed', reason: 'no carrier' } as const;
const policy = compile({
  groups: { g: { require: { all: ['em0', { not: 'em1' }] }, destinations: ['carp0'] } },
});

/** Whether each link has a carrier, as its messages say. */
let carrier: Map<string, boolean>;
let fed: string[];
let events: PendingEvents;
let feed: EventFeed;
/** Whether the destination is about to be set. */
let isDue: boolean;
let rested: () => void;
let netif: ScriptedNetIf;

beforeEach(() => {
  carrier = new Map([
    ['em0', true],
    ['em1', false],
  ]);
  fed = [];
  isDue = true;
  const lookUp = (name: string) =>
    carrier.has(name)
      ? linkRecord({ index: name.length, name, carrier: carrier.get(name) === true })
      : undefined;
  const links = { lookUp };
  netif = scriptedNetIf({ carp0: 'up' });
  const bindings = bind({ policy: policy.config }, policy, { libc: loadLibc(), netif });
  const reported = reportedHealth(bindings, { links, netif });
  events = pendingEvents(bindings, links);
  const losses = new PendingLosses((id) => reported(id).health !== 'active' || events.lost(id));
  const take = (event: PolicyEvent) => {
    const sources = event.type === 'sources' ? event.sources : event.type === 'source' ? [event.source] : [];
    const destination = event.type === 'destination' ? [`${event.id} ${event.is}`] : [];
    fed.push([...sources.map(({ id, health }) => `${id} ${health}`), ...destination].join(', '));
  };
  const read = readings(bindings, reported, { lossOf: (id) => losses.lossOf(id) });
  const loop = {
    feed: take,
    feedPast: take,
    together: (feeding: () => void) => feeding(),
    isDue: () => isDue,
  };
  feed = eventFeed({
    loop: {
      ...loop,
      subscribe(listener) {
        rested = () => listener.rested?.();
      },
    },
    events,
    losses,
    readings: { ...read, snapshot: read.sources },
    links,
    bindings,
    eventLoop: realLoop,
    passed: () => {},
  });
  feed.feedAll();
  fed = [];
});

/** A message about a link is read. */
function change(name: string, up: boolean): void {
  const was = linkRecord({ index: name.length, name, carrier: !up });
  carrier.set(name, up);
  events.note({ type: 'changed', link: linkRecord({ index: name.length, name, carrier: up }), was });
}

test('events of two sources: fed as one event', () => {
  change('em0', false);
  change('em1', true);
  feed.feedEvents();
  expect(fed).toEqual(['em0 failed, em1 active']);
});

test('a loss that early loss pushes between events: fed by itself', () => {
  feed.believe('em0', noCarrier);
  feed.believe('em0', null);
  expect(fed).toEqual(['em0 failed', 'em0 active']);
});

test('what early loss takes back as an event is read: fed with that event', () => {
  feed.believe('em0', noCarrier);
  fed = [];
  change('em1', true);
  feed.feedEvents(() => feed.believe('em0', null));
  expect(fed).toEqual(['em1 active, em0 active']);
});

test('a loss that early loss pushes as its message is read: fed once', () => {
  change('em0', false);
  feed.feedEvents(() => feed.believe('em0', noCarrier));
  expect(fed).toEqual(['em0 failed']);
});

test('each reading is taken as it is fed: a change after the message counts', () => {
  change('em0', false);
  carrier.set('em0', true);
  feed.feedEvents();
  expect(fed.at(-1)).toBe('em0 active');
});

test('a destination that is about to be set is read when nothing is done any more, once', () => {
  netif.put('carp0', 'down');
  change('carp0', false);
  feed.feedEvents();
  expect(fed).toEqual([]);
  isDue = false;
  rested();
  expect(fed).toEqual(['carp0 down']);
  rested();
  expect(fed).toHaveLength(1);
});
