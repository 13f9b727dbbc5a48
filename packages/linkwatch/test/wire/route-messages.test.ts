import { DecodeError } from '@ifdepd/netlink';
import { describe, expect, test } from 'vitest';
import { routeAbis } from '../../src/abi/index.ts';
import type { RouteAbi } from '../../src/abi/route-abi.ts';
import { RouteDecoder } from '../../src/wire/route-messages.ts';
import { decodeAll } from '../support/recorder.ts';
import { concat, emptyInfo, listed } from '../support/route-bytes.ts';

const { freebsd, openbsd, netbsd, dragonfly, darwin } = routeAbis;

/** An RTM_IFINFO of interface 2 with these flags and link state. */
function info(abi: RouteAbi, flags: number, state = 0): Uint8Array {
  const bytes = emptyInfo(abi, 2);
  const view = new DataView(bytes.buffer);
  view.setUint32(abi.if_msghdr.ifm_flags, flags, true);
  if (abi.if_msghdr.ifi_link_state !== null) {
    view.setUint8(abi.if_msghdr.ifi_link_state, state);
  }
  return bytes;
}

/** A decoder that knows interface 2 as em0. */
function knowing(abi: RouteAbi): RouteDecoder {
  const decoder = new RouteDecoder(abi);
  const list = listed(abi, info(abi, 0), 'em0');
  decoder.list(list, list.byteLength);
  return decoder;
}

function linkOf(abi: RouteAbi, flags: number, state = 0) {
  const [found] = decodeAll(knowing(abi), info(abi, flags, state));
  return found?.is === 'link' ? found.link : undefined;
}

describe('flags', () => {
  test("NetBSD's are extended from a short", () => {
    expect(linkOf(netbsd, 0xffff8843)).toMatchObject({ flags: 0x8843, adminUp: true });
  });

  test("FreeBSD's have more than sixteen bits", () => {
    expect(linkOf(freebsd, 0x80028843)).toMatchObject({ flags: 0x80028843, adminUp: true });
  });

  test('an interface that is being destroyed is not up on a system with such a flag', () => {
    expect(linkOf(freebsd, 0x208843)).toMatchObject({ flags: 0x208802, adminUp: false });
    expect(linkOf(dragonfly, 0x208843)).toMatchObject({ flags: 0x208843, adminUp: true });
  });

  test('an interface that is down does not run, whatever its message has', () => {
    expect(linkOf(netbsd, 0xffff8842, 2)).toMatchObject({
      flags: 0x8802,
      adminUp: false,
      operstate: 'up',
      running: null,
    });
  });
});

describe('link states', () => {
  test.each([
    ['freebsd', 0, 'unknown', null],
    ['freebsd', 1, 'down', false],
    ['freebsd', 2, 'up', true],
    ['freebsd', 9, 'unknown', null],
    ['openbsd', 0, 'unknown', null],
    ['openbsd', 1, 'down', null],
    ['openbsd', 2, 'down', false],
    ['openbsd', 3, 'down', false],
    ['openbsd', 4, 'up', true],
    ['openbsd', 5, 'up', true],
    ['openbsd', 6, 'up', true],
    ['openbsd', 9, 'up', true],
    ['netbsd', 1, 'down', false],
    ['netbsd', 2, 'up', true],
    ['dragonfly', 1, 'down', false],
    ['dragonfly', 2, 'up', true],
    ['darwin', 0, 'unknown', null],
  ] as const)('%s %i is %s', (platform, state, operstate, carrier) => {
    expect(linkOf(routeAbis[platform], 0x8843, state)).toMatchObject({ operstate, carrier });
  });

  test('every byte of a wide link state counts', () => {
    const bytes = info(dragonfly, 0x8843, 2);
    bytes[44] = 1;
    expect(decodeAll(knowing(dragonfly), bytes)).toMatchObject([{ link: { operstate: 'unknown' } }]);
  });
});

describe('carp', () => {
  test.each([
    ['openbsd', 247, 'carp'],
    ['openbsd', 248, null],
    ['netbsd', 248, 'carp'],
    ['dragonfly', 248, 'carp'],
    ['freebsd', 248, null],
    ['darwin', 248, null],
  ] as const)('%s, type %i: %s', (platform, type, kind) => {
    const abi = routeAbis[platform];
    const bytes = info(abi, 0x8843, 0);
    bytes[abi.if_msghdr.ifi_type] = type;
    expect(decodeAll(knowing(abi), bytes)).toMatchObject([{ link: { kind, type } }]);
  });
});

describe('messages', () => {
  test('several routing messages in one read are decoded', () => {
    const found = decodeAll(knowing(openbsd), concat([info(openbsd, 0x8843, 4), info(openbsd, 0x8843, 2)]));
    expect(found).toMatchObject([{ link: { operstate: 'up' } }, { link: { operstate: 'down' } }]);
  });

  test('a routing message of another version is skipped', () => {
    const foreign = info(freebsd, 0x8843, 1);
    foreign[2] = 4;
    const found = decodeAll(knowing(freebsd), concat([foreign, info(freebsd, 0x8843, 2)]));
    expect(found).toMatchObject([{ is: 'link', link: { operstate: 'up' } }]);
  });

  test('a routing message that is cut off or has no length is bad', () => {
    const cut = info(freebsd, 0x8843, 2).subarray(0, 100);
    const none = info(freebsd, 0x8843, 2);
    none[0] = 0;
    for (const bytes of [cut, none, Uint8Array.of(1, 2, 3)]) {
      const [found, ...more] = decodeAll(knowing(freebsd), bytes);
      expect(found?.is === 'bad' && found.error).toBeInstanceOf(DecodeError);
      expect(more).toEqual([]);
    }
  });

  test('a routing message that is too short does not read from the next', () => {
    const short = info(freebsd, 0x8843, 2).slice(0, 16);
    short[0] = 16;
    const found = decodeAll(knowing(freebsd), concat([short, info(freebsd, 0x8843, 2)]));
    expect(found.map(({ is }) => is)).toEqual(['bad', 'link']);
  });

  test('type 16 is a loss on OpenBSD, an announcement on NetBSD and unknown on other systems', () => {
    const found = [openbsd, netbsd, freebsd, dragonfly, darwin].map((abi) => {
      const bytes = new Uint8Array(96);
      bytes.set([96, 0, abi.rtm.RTM_VERSION, 16]);
      const decoder = knowing(abi);
      return [decodeAll(decoder, bytes).map(({ is }) => is), decoder.takeHint()];
    });
    expect(found).toEqual([
      [['lost'], false],
      [[], true],
      [[], false],
      [[], false],
      [[], false],
    ]);
  });
});

/** An RTM_IFANNOUNCE of FreeBSD. */
function announce(index: number, name: string, what: number): Uint8Array {
  const bytes = new Uint8Array(24);
  bytes.set([24, 0, 5, 17, index, 0, ...new TextEncoder().encode(name)]);
  bytes[22] = what;
  return bytes;
}

describe('announcements', () => {
  test('an announced index that is reused replaces the earlier link', () => {
    const decoder = knowing(freebsd);
    expect(decodeAll(decoder, announce(2, 'em0', 1), announce(2, 'em1', 0))).toEqual([
      { is: 'gone', index: 2 },
    ]);
    // Its name is unknown until the list.
    expect(decodeAll(decoder, info(freebsd, 0x8843, 2))).toEqual([]);
    expect(decoder.takeHint()).toBe(true);
    expect(decoder.takeHint()).toBe(false);
  });

  test('an arrival with a known index removes the link whose departure was lost', () => {
    expect(decodeAll(knowing(freebsd), announce(2, 'em1', 0))).toEqual([{ is: 'gone', index: 2 }]);
  });

  test('a departure that is older than the list removes no link', () => {
    const decoder = knowing(freebsd);
    expect(decodeAll(decoder, announce(2, 'em1', 1), announce(2, 'em0', 0))).toEqual([]);
    expect(decodeAll(decoder, info(freebsd, 0x8843, 2))).toHaveLength(1);
  });

  test('a name that fills its field without NUL is decoded', () => {
    const name = 'a234567890123456';
    const decoder = new RouteDecoder(freebsd);
    const list = listed(freebsd, emptyInfo(freebsd, 2), name);
    decoder.list(list, list.byteLength);
    expect(decodeAll(decoder, announce(2, name, 1))).toEqual([{ is: 'gone', index: 2 }]);
  });
});

describe('lists', () => {
  const one = listed(openbsd, emptyInfo(openbsd, 2), 'em0');

  test('a list with larger headers and data is decoded', () => {
    const grown = emptyInfo(openbsd, 3);
    const larger = new Uint8Array(grown.byteLength + 40);
    larger.set(grown);
    larger[4] = larger.byteLength;
    const list = concat([listed(openbsd, larger, 'em1'), one]);
    const names = new RouteDecoder(openbsd).list(list, list.byteLength).map(({ name }) => name);
    expect(names).toEqual(['em1', 'em0']);
  });

  test.each([
    ['of one unit', [6, 2, 0, 0, 1, 2, 0, 0]],
    ['of two units', [12, 2, ...new Array(14).fill(0)]],
    ['of no length, which takes one unit', [0, 2, 0, 0, 0, 0, 0, 0]],
  ])('a list with an address %s before the name is decoded', (_, address) => {
    const size = 168;
    const first = Uint8Array.from(address);
    const bytes = concat([one.subarray(0, size), first, one.subarray(size)]);
    bytes[0] = bytes.byteLength;
    bytes[12] = 0x14;
    expect(new RouteDecoder(openbsd).list(bytes, bytes.byteLength)).toMatchObject([{ name: 'em0' }]);
  });

  test.each([
    ['of another version', (bytes: Uint8Array) => bytes.set([4], 2)],
    ['without a name', (bytes: Uint8Array) => bytes.set([0], 12)],
    ['with an address that is too long', (bytes: Uint8Array) => bytes.set([33], 168)],
    ['with a name that is too long', (bytes: Uint8Array) => bytes.set([25], 173)],
    ['with an empty name', (bytes: Uint8Array) => bytes.set([0], 173)],
    ['that ends in the middle', (bytes: Uint8Array) => bytes.set([201], 0)],
  ])('a list %s is refused, and the known links stay', (_, spoil) => {
    const decoder = knowing(openbsd);
    const bytes = one.slice();
    spoil(bytes);
    expect(() => decoder.list(bytes, bytes.byteLength)).toThrow(DecodeError);
    expect(decodeAll(decoder, info(openbsd, 0x8843, 4))).toHaveLength(1);
  });

  test('an empty list has no links', () => {
    expect(new RouteDecoder(openbsd).list(new Uint8Array(), 0)).toEqual([]);
  });
});
