import { DecodeError } from '@ifdepd/netlink';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { netbsd7, routeAbis } from '../../src/abi/index.ts';
import type { RouteAbi } from '../../src/abi/route-abi.ts';
import { RouteDecoder } from '../../src/wire/route-messages.ts';
import { decodeStart } from '../support/recorder.ts';
import { emptyInfo, listed } from '../support/route-bytes.ts';
import { bytesOf, captureFiles } from '../support/route-captures.ts';

const tables: [string, RouteAbi][] = Object.entries({ ...routeAbis, netbsd7 });

/** Decodes bytes as messages, with interface 2 known, and as a list. May cause no errors except decoding errors. */
function outcome(abi: RouteAbi, bytes: Uint8Array, length: number): unknown {
  const decoder = new RouteDecoder(abi);
  const known = listed(abi, emptyInfo(abi, 2), 'em0');
  decoder.list(known, known.byteLength);
  const found = decodeStart(decoder, bytes, length);
  for (const one of found) {
    if (one.is === 'bad') {
      expect(one.error).toBeInstanceOf(DecodeError);
    }
  }
  try {
    return [found, decoder.takeHint(), decoder.list(bytes, length)];
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
    return [found, String(error)];
  }
}

/** The same, alone and with other bytes behind: those must not matter. */
function neverBeyond(abi: RouteAbi, bytes: Uint8Array, behind: number): void {
  const padded = new Uint8Array(bytes.byteLength + 64).fill(behind);
  padded.set(bytes);
  expect(outcome(abi, padded, bytes.byteLength)).toEqual(outcome(abi, bytes, bytes.byteLength));
}

const byte = fc.integer({ min: 0, max: 255 });

describe.each(tables)('%s', (_name, abi) => {
  const { RTM_VERSION, RTM_IFINFO, RTM_NEWADDR, RTM_IFANNOUNCE } = abi.rtm;

  test('random bytes make no route decoder throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), byte, (bytes, behind) => {
        neverBeyond(abi, bytes, behind);
      }),
      { numRuns: 500 },
    );
  });

  test('random bytes under a valid header make no route decoder throw', () => {
    const type = fc.constantFrom(RTM_IFINFO, RTM_NEWADDR, RTM_IFANNOUNCE ?? RTM_IFINFO);
    fc.assert(
      fc.property(type, fc.uint8Array({ minLength: 4, maxLength: 255 }), byte, (type, bytes, behind) => {
        bytes.set([bytes.byteLength, 0, RTM_VERSION, type]);
        neverBeyond(abi, bytes, behind);
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each(captureFiles)('$name', ({ abi, captures }) => {
  const all = captures.map(bytesOf);

  test('captured messages with flipped bits and cuts make no route decoder throw', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })), { maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...all), flips, fc.nat(), byte, (captured, flips, cut, behind) => {
        const bytes = captured.slice(0, captured.byteLength - (cut % 40));
        for (const [at, bit] of flips) {
          const here = at % bytes.byteLength;
          bytes[here] = (bytes[here] as number) ^ (1 << bit);
        }
        neverBeyond(abi, bytes, behind);
      }),
      { numRuns: 1500 },
    );
  });
});
