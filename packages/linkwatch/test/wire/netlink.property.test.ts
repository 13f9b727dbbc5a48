import { DecodeError } from '@ifdepd/netlink';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { datagram, linkRecord, newLink } from '../../src/testing/index.ts';
import { RtnetlinkDecoder } from '../../src/wire/netlink.ts';
import { allCaptured, captured } from '../support/captured.ts';
import { decodeAll } from '../support/recorder.ts';

const CAPTURED_SEQUENCE = 7;

/** Decodes the bytes at the end of a larger buffer, and again followed by other bytes: neither may matter. */
function decodeBoth(bytes: Uint8Array, behind: number): unknown {
  const decoder = new RtnetlinkDecoder();
  decoder.expect(CAPTURED_SEQUENCE);
  const alone = decodeAll(decoder, bytes);
  for (const found of alone) {
    if (found.is === 'bad') {
      expect(found.error).toBeInstanceOf(DecodeError);
    }
  }
  const padded = new Uint8Array(bytes.byteLength + 64).fill(behind);
  padded.set(bytes);
  const reader = new RtnetlinkDecoder();
  reader.expect(CAPTURED_SEQUENCE);
  const again: unknown[] = [];
  reader.decode(padded, bytes.byteLength, {
    wants: () => true,
    message: () => undefined,
    link: (reading, listed) => again.push({ is: 'link', link: reading.toRecord(), listed }),
    carrier: (index, carrier) => again.push({ is: 'carrier', index, carrier }),
    gone: (index) => again.push({ is: 'gone', index }),
    touched: (index) => again.push({ is: 'touched', index }),
    listEnd: (interrupted) => again.push({ is: 'end', interrupted }),
    listRefused: (errno) => again.push({ is: 'refused', errno }),
    listBusy: () => again.push({ is: 'busy' }),
    lost: () => again.push({ is: 'lost' }),
    bad: (error) => again.push({ is: 'bad', error }),
  });
  expect(again).toEqual(alone);
  return alone;
}

const byte = fc.integer({ min: 0, max: 255 });

test('random bytes make no decoder throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), byte, (bytes, behind) => {
      decodeBoth(bytes, behind);
    }),
    { numRuns: 2000 },
  );
});

test('random bytes under a valid header make no decoder throw', () => {
  const type = fc.constantFrom(16, 17, 2, 3, 4);
  fc.assert(
    fc.property(type, fc.uint8Array({ maxLength: 200 }), byte, (type, payload, behind) => {
      const bytes = new Uint8Array(32 + payload.byteLength);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, bytes.byteLength, true);
      view.setUint16(4, type, true);
      view.setInt32(20, 1, true);
      bytes.set(payload, 32);
      decodeBoth(bytes, behind);
    }),
    { numRuns: 2000 },
  );
});

test('captured messages with flipped bits and cuts make no decoder throw', () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.constantFrom(...allCaptured),
      flips,
      fc.option(fc.nat()),
      byte,
      (real, bits, cut, behind) => {
        const bytes = real.slice(0, cut === null ? real.byteLength : cut % (real.byteLength + 1));
        for (const [at, bit] of bits) {
          if (bytes.byteLength > 0) {
            const place = at % bytes.byteLength;
            bytes[place] = (bytes[place] as number) ^ (1 << bit);
          }
        }
        decodeBoth(bytes, behind);
      },
    ),
    { numRuns: 2000 },
  );
});

/** The messages of some datagrams, each by itself. */
function split(datagrams: readonly Uint8Array[]): Uint8Array[] {
  return datagrams.flatMap((bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const messages: Uint8Array[] = [];
    for (let at = 0; at < bytes.byteLength; ) {
      const length = view.getUint32(at, true);
      messages.push(bytes.slice(at, at + length));
      at += Math.ceil(length / 4) * 4;
    }
    return messages;
  });
}

test('the facts do not depend on how messages are packed into datagrams', () => {
  const messages = split([...captured('list'), ...captured('port leaves'), ...captured('pair deleted')]);
  const decode = (datagrams: readonly Uint8Array[]) => {
    const decoder = new RtnetlinkDecoder();
    decoder.expect(CAPTURED_SEQUENCE);
    return decodeAll(decoder, ...datagrams);
  };
  const expected = decode(messages);
  expect(expected.length).toBeGreaterThan(10);
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: messages.length, maxLength: messages.length }),
      (ends) => {
        const datagrams: Uint8Array[] = [];
        let open: Uint8Array[] = [];
        for (const [at, message] of messages.entries()) {
          open.push(message);
          if (ends[at]) {
            datagrams.push(datagram(...open));
            open = [];
          }
        }
        datagrams.push(datagram(...open));
        expect(decode(datagrams)).toEqual(expected);
      },
    ),
  );
});

test('isSameAs is true exactly when the records are equal', () => {
  const facts = fc.record({
    index: fc.constantFrom(1, 2),
    name: fc.constantFrom('eth0', 'eth1', 'größe'),
    altNames: fc.subarray(['wan', 'lan', 'wän']),
    adminUp: fc.boolean(),
    operstate: fc.constantFrom('up', 'down', 'dormant'),
    carrier: fc.boolean(),
    carrierUpCount: fc.constantFrom(null, 0, 1),
    carrierDownCount: fc.constantFrom(null, 0, 1),
    linkIndex: fc.constantFrom(null, 7),
    masterIndex: fc.constantFrom(null, 7),
    kind: fc.constantFrom(null, 'veth'),
    protoDown: fc.boolean(),
    protoDownReasons: fc.constantFrom(0, 1, 2 ** 31),
    type: fc.constantFrom(1, 772),
    alias: fc.constantFrom(null, 'x'),
  });
  type Facts = typeof facts extends fc.Arbitrary<infer Value> ? Value : never;
  const pair = facts.chain((one) =>
    fc.tuple(
      fc.constant(one),
      // Mostly one fact differs, or none.
      fc.tuple(fc.constantFrom(...(Object.keys(one) as (keyof Facts)[])), facts).map(([fact, other]) => ({
        ...one,
        [fact]: other[fact],
      })),
    ),
  );
  const decoder = new RtnetlinkDecoder();
  let same = 0;
  fc.assert(
    fc.property(pair, ([one, other]) => {
      const record = linkRecord(other);
      const bytes = newLink(linkRecord(one));
      const answers: boolean[] = [];
      decoder.decode(bytes, bytes.byteLength, {
        wants: () => true,
        message: () => undefined,
        link: (reading) => {
          answers.push(reading.isSameAs(record));
          expect(reading.toRecord()).toEqual(linkRecord(one));
        },
        carrier: () => undefined,
        gone: () => undefined,
        touched: () => undefined,
        listEnd: () => undefined,
        listRefused: () => undefined,
        listBusy: () => undefined,
        lost: () => undefined,
        bad: (error) => expect.unreachable(error.message),
      });
      const equal = JSON.stringify(linkRecord(one)) === JSON.stringify(record);
      expect(answers).toEqual([equal]);
      same += Number(equal);
    }),
    { numRuns: 1000 },
  );
  expect(same).toBeGreaterThan(100);
});
