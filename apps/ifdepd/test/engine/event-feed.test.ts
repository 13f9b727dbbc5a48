import { loadLibc, SystemError, targetOf } from '@ifdepd/libc';
import { linkRecord } from '@ifdepd/linkwatch/testing';
import { type ScriptedNetIf, scriptedNetIf } from '@ifdepd/netif/testing';
import { compile, type PolicyEvent } from '@ifdepd/policy';
import { beforeEach, expect, test } from 'vitest';
import { bind } from '../../src/engine/bindings.ts';
import { type EventFeed, eventFeed } from '../../src/engine/event-feed.ts';
import { type PendingEvents, pendingEvents } from '../../src/engine/pending-events.ts';
import { PendingLosses } from '../../src/engine/pending-losses.ts';
import { readings, reportedHealth } from '../../src/engine/readings.ts';
import { realLoop, type Timer } from '../../src/system/loop.ts';

const EBUSY = 16;
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
let losses: PendingLosses;
/** The index of carp0: another one after it was made anew. */
let carpIndex: number;
/** Whether the system refuses to say what the destination is. */
let isRefused: boolean;
/** What is to be called later, and after how many milliseconds. */
let timers: (Timer & { readonly callback: () => void; readonly ms: number })[];

beforeEach(() => {
  carrier = new Map([
    ['em0', true],
    ['em1', false],
  ]);
  fed = [];
  [isDue, isRefused, carpIndex, timers] = [false, false, 5, []];
  const lookUp = (name: string) =>
    carrier.has(name)
      ? linkRecord({ index: name === 'carp0' ? carpIndex : 3, name, carrier: carrier.get(name) === true })
      : undefined;
  const links = { lookUp };
  const scripted = scriptedNetIf({ carp0: 'up' });
  netif = {
    ...scripted,
    flags(name) {
      if (isRefused) {
        throw new SystemError(targetOf('linux'), EBUSY, 'ioctl SIOCGIFFLAGS', name);
      }
      return scripted.flags(name);
    },
  };
  const bindings = bind({ policy: policy.config }, policy, { libc: loadLibc(), netif });
  const reported = reportedHealth(bindings, { links, netif });
  events = pendingEvents(bindings, links);
  losses = new PendingLosses((id) => reported(id).health !== 'active' || events.lost(id));
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
    eventLoop: {
      ...realLoop,
      setTimer(callback, ms) {
        const timer = { callback, ms, unref: () => timer };
        timers.push(timer);
        return timer;
      },
      clearTimer(timer) {
        timers = timers.filter((one) => one !== timer);
      },
    },
    passed: () => {},
  });
  feed.feedAll();
  fed = [];
  isDue = true;
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

/** Lets the first timer come. */
function expire(): void {
  timers.shift()?.callback();
}

test('a destination that cannot be read is read again after each second until it can be', () => {
  [isDue, isRefused] = [false, true];
  change('carp0', false);
  feed.feedEvents();
  rested();
  rested();
  expect([fed, timers.map(({ ms }) => ms)]).toEqual([['carp0 unknown'], [1000]]);
  expire();
  rested();
  expect([fed.length, timers.length]).toEqual([2, 1]);
  isRefused = false;
  expire();
  rested();
  expect([fed.slice(2), timers]).toEqual([['carp0 up'], []]);
});

test('a feed that is closed reads no destination again', () => {
  [isDue, isRefused] = [false, true];
  change('carp0', false);
  feed.feedEvents();
  rested();
  feed[Symbol.dispose]();
  expect(timers).toEqual([]);
});

test('a destination that a list shows under another index is another one: it was missing in between', () => {
  isDue = false;
  carrier.set('carp0', true);
  feed.feedAll();
  expect(fed).toEqual(['em0 active, em1 failed']);
  fed = [];
  carpIndex = 6;
  feed.feedAll();
  expect(fed).toEqual(['carp0 missing', 'em0 active, em1 failed']);
});

test('a destination that the kernel has set down is fed as it was before, until its loss is known', () => {
  isDue = false;
  losses.add({ to: 'down', sources: ['em0'], destinations: [{ id: 'carp0', index: 5 }], health: noCarrier });
  change('carp0', true);
  netif.put('carp0', 'down');
  change('em0', false);
  feed.feedEvents();
  expect(fed).toEqual(['carp0 up', 'em0 failed']);
});

test('a destination that the kernel has set up is read when the policy knows why', () => {
  isDue = false;
  losses.add({ to: 'up', sources: ['em1'], destinations: [{ id: 'carp0', index: 5 }] });
  change('carp0', true);
  change('em1', true);
  feed.feedEvents();
  expect(fed).toEqual(['em1 active']);
  losses.fed();
  rested();
  expect(fed).toEqual(['em1 active', 'carp0 up']);
});

test('a destination that a message is about after a loss is read when what follows from the loss is done', () => {
  isDue = false;
  change('em0', true);
  feed.feedEvents();
  fed = [];
  change('em0', false);
  change('carp0', true);
  feed.feedEvents();
  expect(fed).toEqual(['em0 failed']);
  rested();
  expect(fed.slice(1)).toEqual(['carp0 up']);
});

test.each(['is about to be set', 'was set up by the kernel', 'was set down by the kernel'])(
  'a list that is read while a destination %s: the destination is read afterwards',
  (why) => {
    isDue = why.startsWith('is');
    const destinations = [{ id: 'carp0', index: 5 }];
    if (why.includes(' up ')) {
      losses.add({ to: 'up', sources: ['em1'], destinations });
    } else if (!isDue) {
      losses.add({ to: 'down', sources: ['em0'], destinations, health: noCarrier });
    }
    feed.feedAll();
    expect(fed).toHaveLength(1);
    isDue = false;
    rested();
    expect(fed.slice(1)).toEqual(['carp0 up']);
  },
);

test('a list that is read while the kernel has set nothing: the destination is read with the sources, and no more', () => {
  isDue = false;
  feed.feedAll();
  rested();
  expect(fed).toEqual(['em0 active, em1 failed']);
});
