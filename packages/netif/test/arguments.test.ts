import { targetOf } from '@ifdepd/libc';
import { scriptedLibc } from '@ifdepd/libc/testing';
import { scriptedBsd } from '@ifdepd/scripted-kernels';
import { describe, expect, test } from 'vitest';
import { openNetIf, parseVhidName } from '../src/index.ts';
import { downRequests, openCarrierCounter, upRequests } from '../src/linux/index.ts';
import { scriptedNetIf } from '../src/testing/index.ts';

/** The NetIf of a caller without a type checker. */
type Loose = Readonly<Record<string, (...values: unknown[]) => unknown>>;

describe('a wrong argument is refused before a system call', () => {
  const libc = scriptedLibc({ ioctl: () => 0 }, { target: targetOf('linux') });
  const netif = openNetIf({ libc }) as unknown as Loose;
  const before = libc.calls.length;

  test.each<[call: string, values: readonly unknown[], error: typeof TypeError, message: string]>([
    ['setAdmin', ['eth0', 'UP'], RangeError, "setAdmin: to must be one of 'up', 'down', not 'UP'"],
    ['setAdmin', ['eth0', true], TypeError, 'setAdmin: to must be a string, not true'],
    ['setAdmin', ['eth0'], TypeError, 'setAdmin: to must be a string, not undefined'],
    ['setAdmin', ['a/b', 'up'], RangeError, "setAdmin('a/b'): an interface name has no '/'"],
    ['flags', [''], RangeError, "flags(''): the name is empty"],
    ['flags', [2], TypeError, 'flags: name must be a string, not 2'],
    ['flags', ['.'], RangeError, "flags('.'): no interface can be called '.'"],
    ['flags', ['eth0:1'], RangeError, "flags('eth0:1'): an interface name has no ':'"],
    ['flags', ['eth0\n'], RangeError, "flags('eth0\n'): an interface name has no white space"],
    ['flags', ['a b\u0001'], RangeError, 'an interface name has no white space'],
    ...['\t', '\r', '\0'].map((character): [string, string[], typeof TypeError, string] => [
      'flags',
      [`a${character}`],
      RangeError,
      'an interface name has no white space',
    ]),
    ['flags', ['x'.repeat(128)], RangeError, 'the name has 128 bytes'],
    // Escaped, each of these is one byte.
    ['flags', ['\udcff'.repeat(128)], RangeError, 'the name has 128 bytes'],
    ['media', [null], TypeError, 'media: name must be a string, not null'],
    ['media', ['a b'], RangeError, "media('a b'): an interface name has no white space"],
    ['hardware', ['a/b'], RangeError, "hardware('a/b'): an interface name has no '/'"],
    ['maySet', [''], RangeError, "maySet(''): the name is empty"],
    ['carp', [undefined], TypeError, 'carp: name must be a string, not undefined'],
    ['carp', ['1@a/b'], RangeError, "carp('a/b'): an interface name has no '/'"],
    [
      'setAdvskew',
      ['1@em0', 255],
      RangeError,
      'setAdvskew: advskew must be a whole number from 0 to 254, not 255',
    ],
    [
      'setAdvskew',
      ['1@em0', Number.NaN],
      RangeError,
      'setAdvskew: advskew must be a whole number from 0 to 254, not NaN',
    ],
    ['setAdvskew', ['1@em0', '0'], TypeError, "setAdvskew: advskew must be a whole number, not '0'"],
    ['demotion', [7], TypeError, 'demotion: group must be a string, not 7'],
    ['demotion', [''], RangeError, "demotion: group must be the name of an interface group, not ''"],
    [
      'demote',
      [0.5],
      RangeError,
      'demote: delta must be a whole number from -2147483648 to 2147483647, not 0.5',
    ],
    ['demote', [1, null], TypeError, 'demote: group must be a string, not null'],
    ['protoDown', [[]], TypeError, 'protoDown: name must be a string, not an array'],
    ['setProtoDown', ['eth0', 'ON', 5], RangeError, "setProtoDown: to must be one of 'on', 'off', not 'ON'"],
    [
      'setProtoDown',
      ['eth0', 'on', 32],
      RangeError,
      'setProtoDown: reason must be a whole number from 0 to 31, not 32',
    ],
    [
      'vfLinkState',
      ['eth0', -1],
      RangeError,
      'vfLinkState: vf must be a whole number from 0 to 65535, not -1',
    ],
    [
      'setVfLinkState',
      ['eth0', 3, 'down'],
      RangeError,
      "setVfLinkState: to must be one of 'auto', 'enable', 'disable', not 'down'",
    ],
    ['setProtoDown', ['eth0', 'on'], TypeError, 'setProtoDown: reason must be a whole number, not undefined'],
    [
      'keepsProtoDownReasons',
      ['a/b'],
      RangeError,
      "keepsProtoDownReasons('a/b'): an interface name has no '/'",
    ],
    ['resolve', [1], TypeError, 'resolve: name must be a string, not 1'],
  ])('%s %j', (call, values, error, message) => {
    const made = () => netif[call]?.(...values);
    expect(made).toThrow(error);
    expect(made).toThrow(message);
    expect(libc.calls.length).toBe(before);
  });

  test('every method with a parameter refuses an argument of the wrong type, and the error names the method', () => {
    const none = new Set(['features', 'list', 'close']);
    for (const name of Object.keys(netif).filter((one) => !none.has(one))) {
      const junk = Symbol('junk');
      const made = () => netif[name]?.(junk, junk, junk);
      expect(made, name).toThrow(TypeError);
      expect(made).toThrow(new RegExp(`^${name}: (name|group|delta)`));
    }
    expect(libc.calls.length).toBe(before);
  });
});

test('setAdmin refuses a value in capitals and changes nothing', () => {
  const netif = scriptedNetIf({ eth0: 'up' });
  expect(() => netif.setAdmin('eth0', 'UP' as never)).toThrow(RangeError);
  expect([netif.flags('eth0').up, netif.writes]).toEqual([true, []]);
});

test.each<[what: string, open: () => unknown, message: string]>([
  ['null', () => openNetIf(null as never), 'openNetIf: options must be an object, not null'],
  [
    'an object that is no libc',
    () => openNetIf({ libc: {} as never }),
    "openNetIf: libc must be an object with 'target'",
  ],
  [
    'an abi that is no table',
    () => openNetIf({ abi: 'linux' as never }),
    "openNetIf: abi must be an object, not 'linux'",
  ],
])('openNetIf with %s: an error in words', (_what, open, message) => {
  expect(open).toThrow(TypeError);
  expect(open).toThrow(message);
});

test.each(['a\udcffb', '\udcc3\udcb6\udcff', 'b\u0001', '~\u0008', '!\u000e\u007f'])(
  'an interface with the unusual name %j can be read and set',
  (name) => {
    const kernel = scriptedBsd('freebsd');
    kernel.attach(name);
    const netif = openNetIf({ libc: kernel.libc });
    expect(netif.setAdmin(name, 'up').after.up).toBe(true);
    expect(netif.media(name)).toMatchObject({ valid: true });
    expect(netif.resolve(name)?.name).toBe(name);
  },
);

test.each<readonly [what: string, called: () => unknown, error: ErrorConstructor, message: string]>([
  [
    'openCarrierCounter, name',
    () => openCarrierCounter('..'),
    RangeError,
    "openCarrierCounter('..'): no interface can be called '..'",
  ],
  [
    'openCarrierCounter, name',
    () => openCarrierCounter({} as never),
    TypeError,
    'openCarrierCounter: name must be a string, not an object',
  ],
  [
    'openCarrierCounter, libc',
    () => openCarrierCounter('em0', { libc: 1 as never }),
    TypeError,
    'openCarrierCounter: libc must be an object, not 1',
  ],
  [
    'parseVhidName',
    () => parseVhidName(Symbol('x') as never),
    TypeError,
    'parseVhidName: name must be a string, not Symbol(x)',
  ],
  [
    'parseVhidName',
    () => parseVhidName(1 as never),
    TypeError,
    'parseVhidName: name must be a string, not 1',
  ],
  [
    'downRequests, target',
    () => downRequests(null as never, ['em0']),
    TypeError,
    'downRequests: target must be an object, not null',
  ],
  [
    'downRequests, names',
    () => downRequests(targetOf('linux'), 'eth0' as never),
    TypeError,
    "downRequests: names must be an array, not 'eth0'",
  ],
  [
    'downRequests, a name',
    () => downRequests(targetOf('linux'), ['eth0', 5 as never]),
    TypeError,
    'downRequests: name must be a string, not 5',
  ],
  [
    'upRequests, target',
    () => upRequests(null as never, ['em0']),
    TypeError,
    'upRequests: target must be an object, not null',
  ],
  [
    'upRequests, names',
    () => upRequests(targetOf('linux'), 'eth0' as never),
    TypeError,
    "upRequests: names must be an array, not 'eth0'",
  ],
  [
    'upRequests, a name',
    () => upRequests(targetOf('linux'), ['eth0', '']),
    RangeError,
    "upRequests(''): the name is empty",
  ],
  [
    'downRequests, a reason',
    () => downRequests(targetOf('linux'), [{ name: 'eth0', protoDownReason: 32 }]),
    RangeError,
    'downRequests: protoDownReason must be',
  ],
  [
    'downRequests, a name',
    () => downRequests(targetOf('linux'), ['eth0', '']),
    RangeError,
    "downRequests(''): the name is empty",
  ],
])('%s: an argument that is not understood is refused by name', (_what, called, error, message) => {
  expect(called).toThrow(error);
  expect(called).toThrow(message);
});
