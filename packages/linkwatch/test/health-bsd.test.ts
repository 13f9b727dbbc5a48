import { describe, expect, test } from 'vitest';
import { routeAbis } from '../src/abi/index.ts';
import { asksCarp, asksMedia, health, healthOfCarp, type LinkMedia, type LinkRecord } from '../src/index.ts';
import { linkRecord } from '../src/testing/index.ts';
import { RouteDecoder } from '../src/wire/route-messages.ts';
import { watchBsd } from './support/bsd-watch.ts';
import { emptyInfo, listed } from './support/route-bytes.ts';

type Platform = keyof typeof routeAbis;

const IFT_ETHER = 6;

/** The record of an interface that is up, with a link state by number, as the system's own message would make it. */
function record(
  platform: Platform,
  state: number,
  facts: { type?: number; flags?: number; up?: boolean } = {},
): LinkRecord {
  const abi = routeAbis[platform];
  const { type = IFT_ETHER, up = true, flags = up ? 0x8843 : 0x8842 } = facts;
  const info = emptyInfo(abi, 2);
  const view = new DataView(info.buffer);
  view.setUint32(abi.if_msghdr.ifm_flags, flags, true);
  view.setUint8(abi.if_msghdr.ifi_type, type);
  if (abi.if_msghdr.ifi_link_state !== null) {
    view.setUint8(abi.if_msghdr.ifi_link_state, state);
  }
  const list = listed(abi, info, 'em0');
  const [link] = new RouteDecoder(abi).list(list, list.byteLength);
  return link as LinkRecord;
}

const reasonOf = (link: LinkRecord, media?: LinkMedia | null) => health(link, media).reason;

const connected: LinkMedia = { valid: true, active: true };
const unplugged: LinkMedia = { valid: true, active: false };
const silent: LinkMedia = { valid: false, active: false };

describe('health by the numbers of each system', () => {
  test.each([
    ['freebsd', 0, 'up'],
    ['freebsd', 1, 'no carrier'],
    ['freebsd', 2, 'up'],
    ['openbsd', 0, 'up'],
    ['openbsd', 1, 'no carrier'],
    ['openbsd', 2, 'no carrier'],
    ['openbsd', 3, 'no carrier'],
    ['openbsd', 4, 'up'],
    ['openbsd', 5, 'up'],
    ['openbsd', 6, 'up'],
    ['netbsd', 0, 'up'],
    ['netbsd', 1, 'no carrier'],
    ['netbsd', 2, 'up'],
    // From the list of a shmif that was created again: no state in the header, and a queue that was never set.
    ['netbsd', 3, 'up'],
    ['dragonfly', 0, 'up'],
    ['dragonfly', 1, 'no carrier'],
    ['dragonfly', 2, 'up'],
    ['darwin', 0, 'up'],
  ] as const)('%s %i: %s', (platform, state, reason) => {
    const link = record(platform, state);
    expect(health(link)).toEqual({ health: reason === 'up' ? 'active' : 'failed', reason });
    expect(reasonOf(record(platform, state, { up: false }))).toBe('admin down');
  });

  test.each([
    ['freebsd', 0, 'not running'],
    ['freebsd', 1, 'no carrier'],
    ['freebsd', 2, 'up'],
    ['openbsd', 0, 'up'],
    ['netbsd', 0, 'up'],
    ['dragonfly', 0, 'up'],
    ['darwin', 0, 'up'],
  ] as const)('%s, link state %i, up without IFF_RUNNING: %s', (platform, state, reason) => {
    expect(reasonOf(record(platform, state, { flags: 0x8803 }))).toBe(reason);
  });
});

describe('health of an unknown link state', () => {
  test.each(['freebsd', 'openbsd', 'netbsd', 'dragonfly', 'darwin'] as const)(
    '%s: is good, unless the driver knows that there is no link',
    (platform) => {
      const link = record(platform, 0);
      expect(reasonOf(link, null)).toBe('up');
      expect(reasonOf(link, silent)).toBe('up');
      expect(reasonOf(link, connected)).toBe('up');
      expect(health(link, unplugged)).toEqual({ health: 'failed', reason: 'no carrier' });
      expect(reasonOf(record(platform, 0, { up: false }), connected)).toBe('admin down');
    },
  );
});

test('asksMedia is false when the link state is known', () => {
  expect(reasonOf(record('freebsd', 2), unplugged)).toBe('up');
  expect(reasonOf(record('freebsd', 1), connected)).toBe('no carrier');
  expect(health(undefined, connected).reason).toBe('missing');
});

test('asksMedia is false on Linux, where the carrier is known', () => {
  const link = linkRecord({ index: 1, name: 'tun0', operstate: 'unknown', carrier: true });
  expect(reasonOf(link, unplugged)).toBe('up');
});

describe('a carp', () => {
  test.each([
    ['openbsd', 247, 4, 'up'],
    ['openbsd', 247, 2, 'carp backup'],
    ['openbsd', 247, 1, 'carp init'],
    ['openbsd', 247, 0, 'carp init'],
    ['netbsd', 248, 2, 'up'],
    ['netbsd', 248, 1, 'carp backup'],
    ['netbsd', 248, 0, 'carp init'],
    ['dragonfly', 248, 2, 'up'],
    ['dragonfly', 248, 1, 'carp backup'],
    ['dragonfly', 248, 0, 'carp init'],
  ] as const)('%s, type %i, link state %i: %s', (platform, type, state, reason) => {
    const carp = record(platform, state, { type });
    expect(health(carp)).toEqual({ health: reason === 'up' ? 'active' : 'failed', reason });
    expect(reasonOf(carp, connected)).toBe(reason);
    expect(reasonOf(record(platform, state, { type, up: false }))).toBe('admin down');
  });

  test.each(['openbsd', 'netbsd', 'dragonfly'] as const)(
    'health of a carp interface on %s follows its states',
    (system) => {
      const { kernel, watch, reported } = watchBsd(system, {
        before: (kernel) => kernel.createCarp('carp0', 'em0', 7),
      });
      const reason = () => {
        reported();
        return health(watch.lookUp('carp0')).reason;
      };
      expect(reason()).toBe('carp backup');
      kernel.elect('carp0', 'master');
      expect(reason()).toBe('up');
      kernel.setAdmin('em0', 'down');
      expect(reason()).toBe('carp init');
      kernel.setAdmin('em0', 'up');
      expect(reason()).toBe('carp backup');
      kernel.setAdmin('carp0', 'down');
      expect(reason()).toBe('admin down');
    },
  );
});

describe('asksMedia and asksCarp', () => {
  test.each([
    ['freebsd', 0, true],
    ['freebsd', 1, false],
    ['freebsd', 2, false],
    ['openbsd', 0, true],
    ['openbsd', 1, false],
    ['netbsd', 0, true],
    ['dragonfly', 0, true],
    ['darwin', 0, true],
  ] as const)('%s, link state %i: the driver: %s', (platform, state, asked) => {
    expect(asksMedia(record(platform, state))).toBe(asked);
    expect(asksMedia(record(platform, state, { up: false }))).toBe(false);
    expect(asksCarp(record(platform, state))).toBe(false);
  });

  test.each([
    ['openbsd', 0, true],
    ['openbsd', 1, false],
    ['openbsd', 2, false],
    ['netbsd', 0, true],
    ['netbsd', 2, false],
    ['dragonfly', 0, true],
  ] as const)('a carp of %s, link state %i: itself: %s', (platform, state, asked) => {
    const type = Number(routeAbis[platform].IFT_CARP);
    expect(asksCarp(record(platform, state, { type }))).toBe(asked);
    expect(asksCarp(record(platform, state, { type, up: false }))).toBe(false);
    expect(asksMedia(record(platform, state, { type }))).toBe(false);
  });

  test('asksMedia is false on Linux, where every message has the carrier', () => {
    for (const carrier of [true, false]) {
      expect(
        asksMedia(linkRecord({ index: 2, name: 'tun0', operstate: 'unknown', carrier, adminUp: true })),
      ).toBe(false);
    }
  });
});

test.each([
  ['master', 'active', 'up'],
  ['backup', 'failed', 'carp backup'],
  ['init', 'failed', 'carp init'],
] as const)('a carp that says it is %s: %s (%s)', (state, verdict, reason) => {
  expect(healthOfCarp(state)).toEqual({ health: verdict, reason });
});
