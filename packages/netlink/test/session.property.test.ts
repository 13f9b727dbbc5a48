import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MessageWalk, NetlinkSession } from '../src/index.ts';
import { host } from '../src/testing/index.ts';
import { CAPTURED_SEQUENCE, captured, capturedNames } from './support/captured.ts';
import { decodeAll, type Found, recorder } from './support/recorder.ts';

const datagrams = capturedNames.flatMap((name) => captured(name));
const byte = fc.integer({ min: 0, max: 255 });

function expecting(): NetlinkSession {
  const session = new NetlinkSession(true);
  session.expectDump(CAPTURED_SEQUENCE);
  return session;
}

/** Decodes the bytes in a buffer of their own, and before other bytes: those may not matter. */
function decodeBoth(bytes: Uint8Array, behind: number): Found[] {
  const alone = decodeAll(expecting(), bytes);
  const larger = new Uint8Array(bytes.byteLength + 64).fill(behind);
  larger.set(bytes);
  const { found, sink } = recorder();
  expecting().decode(larger, bytes.byteLength, sink);
  expect(found).toEqual(alone);
  return alone;
}

test('random bytes throw nothing, and bytes behind them do not matter', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), byte, (bytes, behind) => {
      decodeBoth(bytes, behind);
    }),
    { numRuns: 2000 },
  );
});

test('answers of a real kernel with flipped bits, cut anywhere, throw nothing', () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })), { maxLength: 8 });
  fc.assert(
    fc.property(
      fc.constantFrom(...datagrams),
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
    { numRuns: 1000 },
  );
});

test('a session finds the same however messages are put into datagrams', () => {
  const messages: Uint8Array[] = [];
  const walk = new MessageWalk(true);
  for (const bytes of captured('links')) {
    walk.enter(bytes, bytes.byteLength);
    while (walk.next()) {
      messages.push(bytes.slice(walk.at, walk.end));
    }
  }
  const expected = decodeAll(expecting(), ...messages);
  const ends = fc.array(fc.boolean(), { minLength: messages.length, maxLength: messages.length });
  fc.assert(
    fc.property(ends, (endsHere) => {
      const parts: Uint8Array[][] = [[]];
      for (const [at, message] of messages.entries()) {
        parts.at(-1)?.push(message);
        if (endsHere[at]) {
          parts.push([]);
        }
      }
      expect(decodeAll(expecting(), ...parts.map((some) => host.datagram(...some)))).toEqual(expected);
    }),
  );
});
