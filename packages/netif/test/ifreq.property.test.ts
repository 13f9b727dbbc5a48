import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linux } from '../src/abi/linux.ts';
import { Ifreq } from '../src/ifreq.ts';

const layout = linux.ifreq;

test('an ifreq keeps a name of 1 to 15 bytes without NUL, and refuses any other without a trace', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ maxLength: 15 }),
      (name, earlier) => {
        const ifreq = new Ifreq(layout);
        ifreq.address(earlier);
        ifreq.flags = 0xffff;
        const fits = name !== '' && !name.includes('\0') && Buffer.byteLength(name) < 16;
        expect(ifreq.address(name)).toBe(fits);
        expect(ifreq.name).toBe(fits ? name : '');
        expect(
          [...ifreq.bytes.subarray(fits ? Buffer.byteLength(name) : 0)].every((byte) => byte === 0),
        ).toBe(true);
      },
    ),
  );
});

test('flags and name of an ifreq are independent', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff }), (flags) => {
      const ifreq = new Ifreq(layout);
      ifreq.address('fifteen-bytes-x');
      ifreq.flags = flags;
      expect([ifreq.name, ifreq.flags]).toEqual(['fifteen-bytes-x', flags]);
    }),
  );
});
