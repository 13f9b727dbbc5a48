import { linux } from '@ifdepd/netlink';
import { runFilter } from '@ifdepd/netlink/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  guardFilter,
  lossFilter,
  MOST_LOSS_INDICES,
  repairFilter,
} from '../../src/wire/link-state-filters.ts';

const { rtm, iff, socket } = linux;

const index = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(256, 0x0100_0000, 0x7fff_ffff));

/** More often as the flag of an active link is. */
const usually = (value: boolean) => fc.constantFrom(value, value, value, !value);

/** The header of a message about a link, as the kernel lays it out, and what is to be known of it. */
const messages = fc
  .record({
    type: fc.constantFrom(rtm.RTM_NEWLINK, rtm.RTM_DELLINK, rtm.RTM_GETLINK, 20, 0x1000, 0x1100),
    family: fc.constantFrom(socket.AF_UNSPEC, 7),
    kind: fc.integer({ min: 0, max: 0xffff }),
    index,
    up: usually(true),
    carrier: usually(true),
    running: usually(true),
    dormant: usually(false),
    others: fc.integer({ min: 0, max: 0xffff_ffff }),
    rest: fc.uint8Array({ maxLength: 40 }),
  })
  .map((one) => {
    const bytes = new Uint8Array(32 + one.rest.byteLength);
    const view = new DataView(bytes.buffer);
    const mask = iff.IFF_UP | iff.IFF_LOWER_UP | iff.IFF_RUNNING | iff.IFF_DORMANT;
    const flags =
      (one.others & ~mask) |
      (one.up ? iff.IFF_UP : 0) |
      (one.carrier ? iff.IFF_LOWER_UP : 0) |
      (one.running ? iff.IFF_RUNNING : 0) |
      (one.dormant ? iff.IFF_DORMANT : 0);
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
    const isNewLink = one.family === socket.AF_UNSPEC && one.type === rtm.RTM_NEWLINK;
    const active = isNewLink && one.up && one.carrier && one.running && !one.dormant;
    const ours = one.family === socket.AF_UNSPEC;
    const inactive = (isNewLink && !active) || (ours && one.type === rtm.RTM_DELLINK);
    return { bytes, index: one.index, ours, lost, active, inactive };
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

test('the repair filter accepts a message only where it says that one of its links is active', () => {
  let [passed, dropped] = [0, 0];
  fc.assert(
    fc.property(indices, messages, (of, one) => {
      const passes = one.active && of.includes(one.index);
      expect(runFilter(repairFilter(of), one.bytes)).toBe(passes ? 0xffff_ffff : 0);
      passed += passes ? 1 : 0;
      dropped += passes ? 0 : 1;
    }),
    { numRuns: 5000 },
  );
  expect(Math.min(passed, dropped)).toBeGreaterThan(20);
});

test('the guard filter accepts everything about watched links, and of repaired ones what does not say that they are active', () => {
  let [passed, dropped] = [0, 0];
  fc.assert(
    fc.property(indices, indices, messages, (all, watched, one) => {
      const repaired = all.filter((each) => !watched.includes(each));
      const passes =
        (one.ours && watched.includes(one.index)) || (one.inactive && repaired.includes(one.index));
      expect(runFilter(guardFilter({ repaired, watched }), one.bytes)).toBe(passes ? 0xffff_ffff : 0);
      passed += passes ? 1 : 0;
      dropped += passes ? 0 : 1;
    }),
    { numRuns: 5000 },
  );
  expect(Math.min(passed, dropped)).toBeGreaterThan(100);
});

test('the filters of losses, repairs and guards end for any bytes', () => {
  fc.assert(
    fc.property(indices, fc.uint8Array({ maxLength: 60 }), (of, bytes) => {
      for (const program of [lossFilter(of), repairFilter(of), guardFilter({ repaired: of, watched: of })]) {
        expect([0, 0xffff_ffff]).toContain(runFilter(program, bytes));
      }
    }),
  );
});

const most = Array.from({ length: MOST_LOSS_INDICES }, (_, at) => at + 1);

test.each([
  ['the loss filter', lossFilter(most)],
  ['a guard filter of watched links', guardFilter({ repaired: [], watched: most })],
  ['a guard filter of repaired links', guardFilter({ repaired: most, watched: [] })],
  ['a guard filter of both', guardFilter({ repaired: most.slice(100), watched: most.slice(0, 100) })],
])('%s reaches each of the most links, with jumps that fit in a byte', (_which, program) => {
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
