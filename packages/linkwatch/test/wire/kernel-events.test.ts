import { describe, expect, test } from 'vitest';
import { darwin } from '../../src/abi/darwin.ts';
import { linkRecord } from '../../src/testing/index.ts';
import { KernelEventDecoder } from '../../src/wire/kernel-events.ts';
import { LinkNotes } from '../../src/wire/link-notes.ts';
import { kernelEvent } from '../support/kernel-event-bytes.ts';
import { decodeAll, decodeStart } from '../support/recorder.ts';
import { concat } from '../support/route-bytes.ts';

const ON = 13;
const OFF = 12;
const ATTACHED = 9;
const DETACHED = 11;

function decoder(...names: readonly string[]) {
  const notes = new LinkNotes();
  for (const [at, name] of names.entries()) {
    notes.names.set(at + 1, name);
  }
  return { notes, decoder: new KernelEventDecoder({ ...darwin, events: darwin.carrier.events }, notes) };
}

describe('a carrier', () => {
  test.each([
    [OFF, false],
    [ON, true],
  ])('event %d', (code, carrier) => {
    const { decoder: events, notes } = decoder('lo0', 'en0');
    expect(decodeAll(events, kernelEvent({ code }))).toEqual([{ is: 'carrier', index: 2, carrier }]);
    expect(notes.carriers.get(2)).toBe(carrier);
    expect(notes.hint).toBe(false);
  });

  test.each([
    ['en', 0, 1],
    ['en', 1, 2],
    ['en', 10, 3],
    ['bridge', 100, 4],
  ])('of %s with the number %d', (name, unit, index) => {
    const { decoder: events } = decoder('en0', 'en1', 'en10', 'bridge100');
    expect(decodeAll(events, kernelEvent({ code: OFF, name, unit }))).toMatchObject([{ index }]);
  });

  test('an event of an unlisted interface needs a new list', () => {
    const { decoder: events, notes } = decoder('lo0');
    expect(decodeAll(events, kernelEvent({ code: OFF }))).toEqual([]);
    expect(notes.hint).toBe(true);
  });

  test('a name that fills its field without NUL is decoded from an event', () => {
    const name = 'abcdefghijklmnop';
    const { decoder: events } = decoder(`${name}3`);
    const event = kernelEvent({ code: ON, name, unit: 3 }, 8);
    expect(decodeAll(events, event)).toEqual([{ is: 'carrier', index: 1, carrier: true }]);
  });
});

describe('interfaces', () => {
  test('an attached interface needs a new list', () => {
    const { decoder: events, notes } = decoder('lo0');
    expect(decodeAll(events, kernelEvent({ code: ATTACHED }))).toEqual([]);
    expect(notes.hint).toBe(true);
  });

  test('a detached interface is deleted with its remembered facts', () => {
    const { decoder: events, notes } = decoder('lo0', 'en0');
    expect(decodeAll(events, kernelEvent({ code: OFF }), kernelEvent({ code: DETACHED }))).toEqual([
      { is: 'carrier', index: 2, carrier: false },
      { is: 'gone', index: 2 },
    ]);
    expect([...notes.names.keys(), ...notes.carriers.keys()]).toEqual([1]);
    expect(notes.hint).toBe(true);
  });
});

test('a detached interface that is not listed needs a new list, and no link departs', () => {
  const { decoder: events, notes } = decoder('lo0');
  expect(decodeAll(events, kernelEvent({ code: DETACHED }))).toEqual([]);
  expect(notes.hint).toBe(true);
});

test('a complete list settles the hint, and what is remembered of interfaces that it lacks or calls otherwise is forgotten', () => {
  const { notes } = decoder('lo0', 'en0', 'en1');
  for (const index of notes.names.keys()) {
    notes.carriers.set(index, true);
  }
  notes.hint = true;
  notes.replace([
    linkRecord({ index: 1, name: 'lo0' }),
    linkRecord({ index: 2, name: 'en5' }),
    linkRecord({ index: 9, name: 'en9' }),
  ]);
  expect([...notes.names].sort()).toEqual([
    [1, 'lo0'],
    [2, 'en5'],
    [9, 'en9'],
  ]);
  expect([[...notes.carriers.keys()], notes.hint]).toEqual([[1], false]);
});

describe('skipped events', () => {
  test.each([
    ['another code', { code: 14 }],
    ['the flags, which the routing socket reports', { code: 1 }],
    ['another subclass', { code: OFF, subclass: 1 }],
    ['another class', { code: OFF, class: 2 }],
    ['another vendor', { code: OFF, vendor: 1000 }],
  ])('%s', (_, facts) => {
    const { decoder: events, notes } = decoder('en0');
    expect(decodeAll(events, kernelEvent(facts))).toEqual([]);
    expect(notes).toMatchObject({ hint: false, carriers: new Map() });
  });

  test('an event of another class with a header only is skipped', () => {
    const { decoder: events } = decoder('en0');
    const bare = kernelEvent({ code: OFF, subclass: 1 }).slice(0, 24);
    bare.set([24]);
    expect(decodeAll(events, bare)).toEqual([]);
  });
});

describe('malformed events', () => {
  const good = kernelEvent({ code: OFF });

  test.each(Array.from({ length: good.byteLength - 1 }, (_, at) => at + 1))(
    'cut after %d bytes',
    (length) => {
      const { decoder: events } = decoder('en0');
      const found = decodeStart(events, good, length);
      expect(found).toMatchObject([{ is: 'bad', error: { name: 'DecodeError' } }]);
    },
  );

  test.each([0, 23, 30])('an event of %d bytes without room for its data is bad', (size) => {
    const { decoder: events } = decoder('en0');
    const bytes = good.slice();
    bytes.set([size]);
    expect(decodeAll(events, bytes)).toMatchObject([{ is: 'bad' }]);
  });

  test('several events in one read are decoded', () => {
    const { decoder: events } = decoder('en0', 'en1');
    const both = concat([kernelEvent({ code: OFF }, 12), kernelEvent({ code: ON, unit: 1 })]);
    expect(decodeAll(events, both)).toMatchObject([{ index: 1 }, { index: 2 }]);
  });
});
