import { describe, expect, test } from 'vitest';
import { EventQueue } from '../src/event-queue.ts';
import type { LinkEvent, LinkRecord } from '../src/index.ts';
import { linkRecord } from '../src/testing/index.ts';

const a = linkRecord({ index: 1, name: 'a' });
const aDown = { ...a, operstate: 'down' } as const;
const aAgain = { ...a, carrierUpCount: 2 } as const;
const aRenamed = { ...aAgain, name: 'z' } as const;
const b = linkRecord({ index: 2, name: 'b' });

const changed = (was: LinkRecord, link: LinkRecord): LinkEvent => ({ type: 'changed', link, was });
const renamed = (was: LinkRecord, link: LinkRecord): LinkEvent => ({
  type: 'renamed',
  link,
  was,
  from: was.name,
});

function drained(events: readonly LinkEvent[], limit = 10, present: readonly LinkRecord[] = []): LinkEvent[] {
  const queue = new EventQueue(limit, () => present);
  for (const event of events) {
    queue.push(event);
  }
  const taken: LinkEvent[] = [];
  for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
    taken.push(event);
  }
  expect(queue.size).toBe(0);
  return taken;
}

describe('EventQueue merges waiting events by link', () => {
  test('two changes become one in the place of the first', () => {
    const other = changed(b, { ...b, adminUp: false });
    expect(drained([changed(a, aDown), other, changed(aDown, aAgain)])).toEqual([changed(a, aAgain), other]);
  });

  test('an arrival and a change become an arrival with the last record', () => {
    expect(drained([{ type: 'arrived', link: a }, changed(a, aDown)])).toEqual([
      { type: 'arrived', link: aDown },
    ]);
  });

  test('an arrival and a departure cancel out', () => {
    expect(
      drained([
        { type: 'arrived', link: a },
        { type: 'departed', link: a },
      ]),
    ).toEqual([]);
  });

  test('a change and a departure become a departure', () => {
    expect(drained([changed(a, aDown), { type: 'departed', link: aDown }])).toEqual([
      { type: 'departed', link: aDown },
    ]);
  });

  test('a touched event is merged into any other event of the link', () => {
    const touched: LinkEvent = { type: 'touched', link: a };
    const gone: LinkEvent = { type: 'departed', link: a };
    const arrived: LinkEvent = { type: 'arrived', link: a };
    expect(drained([touched, touched])).toEqual([touched]);
    expect(drained([touched, changed(a, aDown)])).toEqual([changed(a, aDown)]);
    expect(drained([changed(a, aDown), { type: 'touched', link: aDown }])).toEqual([changed(a, aDown)]);
    expect(drained([touched, gone])).toEqual([gone]);
    expect(drained([arrived, touched])).toEqual([arrived]);
    expect(drained([arrived, touched, gone])).toEqual([]);
  });

  test('a rename keeps its place, and later changes are merged into it', () => {
    const last = { ...aRenamed, adminUp: false };
    expect(drained([changed(a, aAgain), renamed(aAgain, aRenamed), changed(aRenamed, last)])).toEqual([
      changed(a, aAgain),
      renamed(aAgain, last),
    ]);
  });

  test('a rename and a departure stay two events, because the consumer knows the old name', () => {
    const gone: LinkEvent = { type: 'departed', link: aRenamed };
    expect(drained([renamed(a, aRenamed), gone])).toEqual([renamed(a, aRenamed), gone]);
  });

  test('a departure and an arrival of one index stay two events', () => {
    const events: LinkEvent[] = [
      { type: 'departed', link: a },
      { type: 'arrived', link: a },
    ];
    expect(drained(events)).toEqual(events);
  });

  test('a change is merged into the last waiting event after the first was taken', () => {
    const queue = new EventQueue(10, () => []);
    const last = { ...aRenamed, adminUp: false };
    queue.push(changed(a, aAgain));
    queue.push(renamed(aAgain, aRenamed));
    expect(queue.shift()).toEqual(changed(a, aAgain));
    queue.push(changed(aRenamed, last));
    expect([queue.shift(), queue.shift()]).toEqual([renamed(aAgain, last), undefined]);
  });

  test('a change after its event was taken is a new event', () => {
    const queue = new EventQueue(10, () => []);
    queue.push(changed(a, aDown));
    expect(queue.shift()).toEqual(changed(a, aDown));
    queue.push(changed(aDown, aAgain));
    expect(queue.shift()).toEqual(changed(aDown, aAgain));
  });
});

describe('snapshots in EventQueue', () => {
  const requested: LinkEvent = { type: 'snapshot', cause: 'requested', links: [b] };
  const start: LinkEvent = { type: 'snapshot', cause: 'start', links: [a] };

  test('a snapshot replaces all waiting events', () => {
    expect(drained([changed(a, aDown), requested])).toEqual([requested]);
  });

  test('events after a snapshot stay', () => {
    expect(drained([start, changed(a, aDown)])).toEqual([start, changed(a, aDown)]);
  });

  test('a later snapshot keeps the cause start while the first one waits', () => {
    expect(drained([start, changed(a, aDown), requested])).toEqual([{ ...requested, cause: 'start' }]);
  });
});

describe('EventQueue beyond its limit', () => {
  const arrivals = [1, 2, 3, 4].map(
    (index): LinkEvent => ({ type: 'arrived', link: linkRecord({ index, name: `eth${index}` }) }),
  );

  test('as many events as the limit wait', () => {
    expect(drained(arrivals, 4)).toEqual(arrivals);
  });

  test('one event more is replaced by a snapshot, made when it is taken', () => {
    const present: LinkRecord[] = [];
    const queue = new EventQueue(3, () => [...present]);
    for (const event of arrivals) {
      queue.push(event);
    }
    expect(queue.size).toBe(1);
    queue.push({ type: 'arrived', link: a });
    present.push(a, b);
    expect(queue.shift()).toEqual({ type: 'snapshot', cause: 'queue-overflow', links: [a, b] });
    expect(queue.shift()).toBeUndefined();
    queue.push(changed(a, aDown));
    expect(queue.shift()).toEqual(changed(a, aDown));
  });

  test('an overflow while the start waits is a snapshot with cause start', () => {
    const start: LinkEvent = { type: 'snapshot', cause: 'start', links: [] };
    expect(drained([start, ...arrivals], 3, [b])).toEqual([{ type: 'snapshot', cause: 'start', links: [b] }]);
  });

  test('changes of one link do not overflow the queue', () => {
    const flips = Array.from({ length: 100 }, (_, at) =>
      at % 2 === 0 ? changed(a, aDown) : changed(aDown, a),
    );
    expect(drained(flips, 1)).toEqual([changed(a, a)]);
  });
});

test.each([0, -1, 1.5, Number.NaN])('EventQueue refuses a limit of %s', (limit) => {
  expect(() => new EventQueue(limit, () => [])).toThrow(RangeError);
});
