import { SystemError, targetOf } from '@ifdepd/libc';
import { linkRecord } from '@ifdepd/linkwatch/testing';
import type { SourceReading } from '@ifdepd/policy';
import { expect, test } from 'vitest';
import type { Bound } from '../../src/engine/bindings.ts';
import type { DestinationDriver } from '../../src/engine/destinations/driver.ts';
import { flagOf, type ReadingsOptions, readings } from '../../src/engine/readings.ts';

const EBUSY = 16;
const noCarrier = { health: 'failed', reason: 'no carrier' } as const;
const up = { health: 'active', reason: 'up' } as const;

/** Readings of carp0, set by a driver, and of em0 and em1, of which the messages say something; check:a was fed. */
function read(options: ReadingsOptions = {}, driver: Partial<DestinationDriver> = {}) {
  const said = new Map<string, typeof up | typeof noCarrier>([
    ['em0', up],
    ['em1', noCarrier],
  ]);
  const carp0: DestinationDriver = { read: () => 'up', set: () => ({ changed: false, is: 'up' }), ...driver };
  const fed: SourceReading = { id: 'check:a', health: 'unknown', reason: 'not checked yet' };
  const now = {
    sources: new Map([...said.keys()].map((id) => [id, {}])),
    others: new Map([[fed.id, fed]]),
    destinations: new Map([['carp0', carp0]]),
  } as unknown as Bound;
  return readings({ now }, (id) => said.get(id) ?? noCarrier, options);
}

test('all readings: every source, those that are fed as they were fed last, and every destination', () => {
  expect(read().snapshot()).toEqual({
    type: 'sources',
    complete: true,
    sources: [
      { id: 'em0', ...up },
      { id: 'em1', ...noCarrier },
      { id: 'check:a', health: 'unknown', reason: 'not checked yet' },
    ],
    destinations: [{ id: 'carp0', is: 'up' }],
  });
});

test('a loss that is known ahead of the messages counts while those call the source active', () => {
  const ahead = read({ lossOf: () => ({ health: 'failed', reason: 'lower layer down' }) });
  expect([ahead.source('em0'), ahead.source('em1')]).toEqual([
    { id: 'em0', health: 'failed', reason: 'lower layer down' },
    { id: 'em1', ...noCarrier },
  ]);
  expect([ahead.isAhead('em0'), ahead.isAhead('em1'), read().isAhead('em0')]).toEqual([true, false, false]);
});

test('a destination that the system raised by itself has slipped', () => {
  expect(read().destination('carp0')).toEqual({ id: 'carp0', is: 'up' });
  expect(read({}, { hasSlipped: () => true }).destination('carp0')).toMatchObject({ slipped: true });
  expect(read({ hasReopened: () => true }).destination('carp0')).toMatchObject({ slipped: true });
  expect(read().destination('em0')).toBeUndefined();
});

test('a destination that cannot be read is what it was last, and should be read again; another error is thrown', () => {
  let error: Error | null = new SystemError(targetOf('linux'), EBUSY, 'ioctl', 'carp0');
  const one = read(
    {},
    {
      read() {
        if (error !== null) {
          throw error;
        }
        return 'down';
      },
    },
  );
  expect([one.destination('carp0'), ...one.unreadable]).toEqual([{ id: 'carp0', is: 'unknown' }, 'carp0']);
  const busy = error;
  error = null;
  one.destination('carp0');
  error = busy;
  expect(one.destination('carp0')).toEqual({ id: 'carp0', is: 'down' });
  error = new Error('a fault of the driver');
  expect(() => one.destination('carp0')).toThrow(error);
});

test('a destination that returns down is ours to raise if it is the interface that we lowered', () => {
  const one = read({ returned: () => true });
  expect(one.fed({ id: 'carp0', is: 'down' })).toEqual({ id: 'carp0', is: 'down' });
  one.fed({ id: 'carp0', is: 'missing' });
  expect(one.fed({ id: 'carp0', is: 'down' })).toEqual({ id: 'carp0', is: 'down', owned: true });
  expect(one.fed({ id: 'carp0', is: 'down' })).toEqual({ id: 'carp0', is: 'down' });
  one.fed({ id: 'carp0', is: 'missing' });
  expect(one.fed({ id: 'carp0', is: 'up' })).toEqual({ id: 'carp0', is: 'up' });
  const other = read();
  other.fed({ id: 'carp0', is: 'missing' });
  expect(other.fed({ id: 'carp0', is: 'down' })).toEqual({ id: 'carp0', is: 'down' });
});

test('the journal says whose a destination is when it is known first, and no more after that', () => {
  const one = read({ owned: () => true });
  expect(one.fed({ id: 'carp0', is: 'unknown' })).toEqual({ id: 'carp0', is: 'unknown', owned: true });
  expect(one.fed({ id: 'carp0', is: 'down' })).toEqual({ id: 'carp0', is: 'down', owned: true });
  expect(one.fed({ id: 'carp0', is: 'down' })).toEqual({ id: 'carp0', is: 'down' });
  expect(one.fed({ id: 'em0', is: 'down' })).toEqual({ id: 'em0', is: 'down' });
  expect(read({ owned: () => false }).fed({ id: 'carp0', is: 'down' })).toMatchObject({ owned: false });
});

test('after a write of ours the journal is not asked whose a destination is', () => {
  const one = read({ owned: () => true });
  one.noteChanged('carp0');
  one.noteChanged('em0');
  expect(one.fed({ id: 'carp0', is: 'down' })).toEqual({ id: 'carp0', is: 'down' });
});

test('an interface is up, down or missing by the flag in its messages', () => {
  const link = linkRecord({ index: 2, name: 'carp0' });
  expect([flagOf(link), flagOf({ ...link, adminUp: false }), flagOf(undefined)]).toEqual([
    'up',
    'down',
    'missing',
  ]);
});
