import type { LinkEvent, LinkRecord } from '@ifdepd/linkwatch';
import { linkRecord } from '@ifdepd/linkwatch/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Bound } from '../../src/engine/bindings.ts';
import { idsIn, type PendingEvents, pendingEvents } from '../../src/engine/pending-events.ts';

const link = (name: string, more: Partial<LinkRecord> = {}) => linkRecord({ index: 2, name, ...more });

describe('the ids that an event may be about', () => {
  const dependents = new Map([
    ['em0', ['1@em0', '2@em0']],
    ['old0', ['1@old0']],
  ]);

  function ids(event: Exclude<LinkEvent, { type: 'snapshot' }>): readonly string[] {
    const found: string[] = [];
    idsIn(event, dependents, (id) => found.push(id));
    return found;
  }

  test('an event is about its link by all of its names, and about what belongs to it', () => {
    const em0 = link('em0', { altNames: ['wan', 'uplink'] });
    const all = ['em0', '1@em0', '2@em0', 'wan', 'uplink'];
    expect(ids({ type: 'arrived', link: em0 })).toEqual(all);
    expect(ids({ type: 'departed', link: em0 })).toEqual(all);
    expect(ids({ type: 'touched', link: em0 })).toEqual(all);
    expect(ids({ type: 'changed', link: em0, was: em0 })).toEqual(all);
  });

  test('a rename is about the name before, too', () => {
    const [em0, old0] = [link('em0'), link('old0')];
    expect(ids({ type: 'renamed', link: em0, was: old0, from: 'old0' })).toEqual([
      'em0',
      '1@em0',
      '2@em0',
      'old0',
    ]);
  });

  test.each(['changed', 'renamed'] as const)(
    'an event of type %s is about the alternative names that the link had',
    (type) => {
      const was = link('em9', { altNames: ['wan', 'lan'] });
      const now = link('em9', { altNames: ['lan'] });
      const event = type === 'changed' ? { type, link: now, was } : { type, link: now, was, from: 'em9' };
      expect(new Set(ids(event))).toEqual(new Set(['em9', 'lan', 'wan']));
      expect(ids(event).filter((id) => id === 'lan')).toHaveLength(1);
    },
  );
});

describe('a batch of events', () => {
  let links: Map<string, LinkRecord>;
  let events: PendingEvents;

  beforeEach(() => {
    links = new Map([
      ['em0', link('em0')],
      ['carp0', link('carp0', { index: 3 })],
      ['held0', link('held0', { index: 4, adminUp: false })],
    ]);
    const now = {
      sources: new Map([['em0', {}]]),
      destinations: new Map([
        ['carp0', { downRequest: () => ({ name: 'carp0' }) }],
        ['held0', { downRequest: () => ({ name: 'held0', protoDownReason: 5 }) }],
        ['track', {}],
      ]),
      dependents: new Map([['carp0', ['track']]]),
    } as unknown as Bound;
    events = pendingEvents({ now }, { lookUp: (name) => links.get(name) });
    snapshot();
    events.take();
  });

  function snapshot(cause: 'start' | 'overrun' = 'start'): void {
    events.note({ type: 'snapshot', cause, links: [...links.values()] });
  }

  function change(name: string, more: Partial<LinkRecord>): void {
    const was = links.get(name) ?? link(name);
    const now = { ...was, ...more };
    links.set(name, now);
    events.note({ type: 'changed', link: now, was });
  }

  const lose = () => change('em0', { carrier: false, operstate: 'down' });
  const restore = () => change('em0', { carrier: true, operstate: 'up' });

  test('a batch has the sources that events were about, and what each was lost for and how often', () => {
    lose();
    restore();
    expect(events.lost('em0')).toBe(true);
    change('em0', { adminUp: false });
    change('em0', { alias: 'x' });
    const { sources, losses, list } = events.take();
    expect([[...sources], [...losses], list]).toEqual([
      ['em0'],
      [['em0', { count: 2, reason: 'admin down' }]],
      null,
    ]);
    expect([events.lost('em0'), events.take().sources.size]).toEqual([false, 0]);
  });

  test('what a destination was before any loss is kept, and after a loss it is only named', () => {
    change('carp0', { adminUp: false });
    change('held0', { alias: 'x' });
    lose();
    change('carp0', { adminUp: true });
    const { early, late, gone } = events.take();
    expect([...early]).toEqual([
      ['carp0', 'down'],
      // It belongs to carp0, and is no interface.
      ['track', 'missing'],
      ['held0', 'up'],
    ]);
    expect([[...late], [...gone]]).toEqual([['carp0', 'track'], []]);
  });

  test('a destination that departs, or that no link is called by any more, is gone; one that another link is called by is not', () => {
    links.delete('carp0');
    events.note({ type: 'departed', link: link('carp0', { index: 3 }) });
    const held0 = links.get('held0') ?? link('held0');
    links.delete('held0');
    events.note({ type: 'renamed', link: { ...held0, name: 'away0' }, was: held0, from: 'held0' });
    expect([...events.take().gone]).toEqual(['carp0', 'track', 'held0']);
    links.set('held0', held0);
    events.note({ type: 'renamed', link: held0, was: { ...held0, name: 'away0' }, from: 'away0' });
    expect([...events.take().gone]).toEqual([]);
  });

  test('a list is about every source, and a loss that it shows counts', () => {
    links.set('em0', link('em0', { carrier: false, operstate: 'down' }));
    snapshot('overrun');
    const { list, sources, losses } = events.take();
    expect([list, [...sources], [...losses]]).toEqual([
      'overrun',
      ['em0'],
      [['em0', { count: 1, reason: 'no carrier' }]],
    ]);
  });
});
