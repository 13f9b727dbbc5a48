import { linux } from '@ifdepd/netlink';
import { runFilter } from '@ifdepd/netlink/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossFilter, MOST_LOSS_INDICES } from '../../src/wire/loss-filter.ts';

const { rtm, iff, socket } = linux;

const index = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(256, 0x0100_0000, 0x7fff_ffff));

/** The header of a message about a link, as the kernel lays it out, and what is to be known of it. */
const messages = fc
  .record({
    type: fc.constantFrom(rtm.RTM_NEWLINK, rtm.RTM_DELLINK, rtm.RTM_GETLINK, 20, 0x1000, 0x1100),
    family: fc.constantFrom(socket.AF_UNSPEC, 7),
    kind: fc.integer({ min: 0, max: 0xffff }),
    index,
    up: fc.boolean(),
    carrier: fc.boolean(),
    others: fc.integer({ min: 0, max: 0xffff_ffff }),
    rest: fc.uint8Array({ maxLength: 40 }),
  })
  .map((one) => {
    const bytes = new Uint8Array(32 + one.rest.byteLength);
    const view = new DataView(bytes.buffer);
    const mask = iff.IFF_UP | iff.IFF_LOWER_UP;
    const flags = (one.others & ~mask) | (one.up ? iff.IFF_UP : 0) | (one.carrier ? iff.IFF_LOWER_UP : 0);
    view.setUint32(0, bytes.byteLength, true);
    view.setUint16(4, one.type, true);
    view.setUint8(16, one.family);
    view.setUint16(18, one.kind, true);
    view.setInt32(20, one.index, true);
    view.setUint32(24, flags >>> 0, true);
    bytes.set(one.rest, 32);
    const lost =
      one.family === socket.AF_UNSPEC &&
      (one.type === rtm.RTM_DELLINK || (one.type === rtm.RTM_NEWLINK && !(one.up && one.carrier)));
    return { bytes, index: one.index, lost };
  });

const indices = fc.uniqueArray(index, { maxLength: 6 });

test('the loss filter accepts losses of its links only', () => {
  let [passed, dropped] = [0, 0];
  fc.assert(
    fc.property(indices, messages, (of, one) => {
      const passes = one.lost && of.includes(one.index);
      expect(runFilter(lossFilter(of), one.bytes)).toBe(passes ? 0xffff_ffff : 0);
      passed += passes ? 1 : 0;
      dropped += passes ? 0 : 1;
    }),
    { numRuns: 5000 },
  );
  expect(Math.min(passed, dropped)).toBeGreaterThan(100);
});

test('the loss filter ends for any bytes', () => {
  fc.assert(
    fc.property(indices, fc.uint8Array({ maxLength: 60 }), (of, bytes) => {
      expect([0, 0xffff_ffff]).toContain(runFilter(lossFilter(of), bytes));
    }),
  );
});

test('the loss filter reaches each of the most links, with jumps that fit in a byte', () => {
  const most = Array.from({ length: MOST_LOSS_INDICES }, (_, at) => at + 1);
  const program = lossFilter(most);
  for (const { jt, jf } of program) {
    expect(Math.max(jt, jf)).toBeLessThanOrEqual(255);
  }
  for (const one of most) {
    const gone = new Uint8Array(32);
    new DataView(gone.buffer).setUint16(4, rtm.RTM_DELLINK, true);
    new DataView(gone.buffer).setInt32(20, one, true);
    expect(runFilter(program, gone)).toBe(0xffff_ffff);
  }
});
