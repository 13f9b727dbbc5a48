import { DecodeError } from '@ifdepd/netlink';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { darwin } from '../../src/abi/darwin.ts';
import { KernelEventDecoder } from '../../src/wire/kernel-events.ts';
import { LinkNotes } from '../../src/wire/link-notes.ts';
import { kernelEvent } from '../support/kernel-event-bytes.ts';
import { decodeStart } from '../support/recorder.ts';
import { concat } from '../support/route-bytes.ts';

/** Decodes bytes, which may cause no errors except decoding errors. */
function outcome(bytes: Uint8Array, length: number): unknown {
  const notes = new LinkNotes();
  notes.names.set(1, 'en0');
  notes.names.set(2, 'en1');
  const decoder = new KernelEventDecoder({ ...darwin, events: darwin.carrier.events }, notes);
  const found = decodeStart(decoder, bytes, length);
  for (const one of found) {
    if (one.is === 'bad') {
      expect(one.error).toBeInstanceOf(DecodeError);
    }
  }
  return [found, notes];
}

/** The same, alone and with other bytes behind: those must not matter. */
function neverBeyond(bytes: Uint8Array, behind: number): void {
  const padded = new Uint8Array(bytes.byteLength + 64).fill(behind);
  padded.set(bytes);
  expect(outcome(padded, bytes.byteLength)).toEqual(outcome(bytes, bytes.byteLength));
}

const byte = fc.integer({ min: 0, max: 255 });
const code = fc.integer({ min: 0, max: 30 });

test('random bytes make no event decoder throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), byte, (bytes, behind) => neverBeyond(bytes, behind)),
    { numRuns: 1000 },
  );
});

test('random bytes under a valid header make no event decoder throw', () => {
  fc.assert(
    fc.property(code, fc.uint8Array({ maxLength: 200 }), byte, (code, data, behind) => {
      const bytes = concat([kernelEvent({ code }).slice(0, 24), data]);
      bytes.set([bytes.byteLength]);
      neverBeyond(bytes, behind);
    }),
    { numRuns: 1000 },
  );
});

test('events with flipped bits and cuts make no event decoder throw', () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.array(code, { minLength: 1, maxLength: 4 }),
      flips,
      fc.nat(),
      byte,
      (codes, flips, cut, behind) => {
        const whole = concat(codes.map((code, unit) => kernelEvent({ code, unit })));
        const bytes = whole.slice(0, whole.byteLength - (cut % 40));
        for (const [at, bit] of flips) {
          const here = at % bytes.byteLength;
          bytes[here] = (bytes[here] as number) ^ (1 << bit);
        }
        neverBeyond(bytes, behind);
      },
    ),
    { numRuns: 1500 },
  );
});
