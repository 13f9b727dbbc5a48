import { encodeText } from '@ifdepd/libc';
import { linux } from '@ifdepd/netlink';
import fc from 'fast-check';
import type { LinkScope } from '../../src/interest.ts';
import { attribute, delLink, done, linkRecord, message, newLink } from '../../src/testing/index.ts';

const { nlmsg, rtm } = linux;

/** Names that share beginnings, of all lengths modulo 4, and one that is none but an alternative one. */
const NAMES = [
  'a',
  'ab',
  'abc',
  'abcd',
  'abcde',
  'eth0',
  'eth00',
  'eth1',
  'enp0s31f6-north',
  'münchen',
  '\udc80x',
];
const LONG = 'a-name-that-is-too-long-for-an-interface';

const name = fc.constantFrom(...NAMES);
const index = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constantFrom(256, 0x0100_0000, 0x7fff_ffff));

export const scope: fc.Arbitrary<LinkScope> = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...NAMES, LONG), { maxLength: 5 }),
    someLoose: fc.boolean(),
    indices: fc.uniqueArray(index, { maxLength: 4 }),
  })
  .map(({ names, someLoose, indices }) => ({ names, loose: someLoose ? names.slice(0, 1) : [], indices }));

/** A message, and what is to be known of it. */
export interface FilterCase {
  readonly bytes: Uint8Array;
  readonly isLinkNews: boolean;
  readonly index: number;
  /** Null: it has none. */
  readonly name: string | null;
  readonly hasAltNames: boolean;
}

const link = fc
  .record({
    index,
    name,
    altNames: fc.oneof(fc.constant([]), fc.uniqueArray(fc.constantFrom(...NAMES, LONG), { maxLength: 2 })),
    multi: fc.boolean(),
    gone: fc.boolean(),
    sequence: fc.nat(),
    /** Attributes behind the name make it longer than the last word that is compared. */
    alias: fc.option(fc.string({ maxLength: 20 })),
  })
  .map((one): FilterCase => {
    const record = linkRecord({ index: one.index, name: one.name, altNames: one.altNames, alias: one.alias });
    const header = { sequence: one.sequence, multi: one.multi };
    return {
      bytes: one.gone ? delLink(record, header) : newLink(record, header),
      isLinkNews: !one.multi,
      index: one.index,
      name: one.name,
      hasAltNames: one.altNames.length > 0,
    };
  });

/** A link message with a name and nothing behind it, or no attributes at all. */
const bare = fc.record({ index, name: fc.option(name) }).map(
  ({ index: number, name: text }): FilterCase => ({
    bytes: message(
      rtm.RTM_NEWLINK,
      {},
      info(number),
      ...(text === null ? [] : [attribute(linux.ifla.IFLA_IFNAME, Uint8Array.of(...encodeText(text), 0))]),
    ),
    isLinkNews: true,
    index: number,
    name: text,
    hasAltNames: false,
  }),
);

const other = fc
  .record({
    type: fc.constantFrom(
      nlmsg.NLMSG_NOOP,
      nlmsg.NLMSG_ERROR,
      nlmsg.NLMSG_OVERRUN,
      18,
      20,
      0x1000,
      0x1100,
      0xffff,
    ),
    payload: fc.uint8Array({ maxLength: 64 }),
    end: fc.boolean(),
  })
  .map(
    ({ type, payload, end }): FilterCase => ({
      bytes: end ? done({ sequence: type }) : message(type, { sequence: 1 }, payload),
      isLinkNews: false,
      index: 0,
      name: null,
      hasAltNames: false,
    }),
  );

export const filterCase: fc.Arbitrary<FilterCase> = fc.oneof({ weight: 6, arbitrary: link }, bare, other);

/** The decision of the filter, from decoded facts instead of offsets. */
export function shouldPass({ names, loose, indices }: LinkScope, one: FilterCase): boolean {
  return (
    !one.isLinkNews ||
    indices.includes(one.index) ||
    one.name === null ||
    names.includes(one.name) ||
    (loose.length > 0 && one.hasAltNames)
  );
}

function info(number: number): Uint8Array {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setInt32(4, number, true);
  return bytes;
}
