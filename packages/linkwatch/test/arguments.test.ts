import { describe, expect, test } from 'vitest';
import { asksCarp, asksMedia, health, healthOfCarp, sameLink, watchLinks } from '../src/index.ts';
import { openLinkSensor, openLossSocket } from '../src/linux/index.ts';
import { linkRecord, scriptedBackend } from '../src/testing/index.ts';

type Refused = readonly [what: string, make: () => unknown, error: typeof TypeError, message: string];

/** The options of a caller without a type checker. */
const watchWith = (options: unknown) => () => watchLinks(options as never);

test.each<Refused>([
  ['null', watchWith(null), TypeError, 'watchLinks: options must be an object, not null'],
  [
    'a name as interest',
    watchWith({ interest: 'eth0' }),
    TypeError,
    "must be a list of names, not the string 'eth0': write ['eth0']",
  ],
  [
    'a number as waitForList',
    watchWith({ waitForList: 0 }),
    TypeError,
    'watchLinks: waitForList must be true or false, not 0',
  ],
  [
    'a number as interest',
    watchWith({ interest: 5 }),
    TypeError,
    'watchLinks: interest must be a list of names, not 5',
  ],
  [
    'null as interest',
    watchWith({ interest: null }),
    TypeError,
    'watchLinks: interest must be a list of names, not null',
  ],
  [
    'an object as interest',
    watchWith({ interest: {} }),
    TypeError,
    'interest must be a list of names, not an object',
  ],
  [
    'a list of numbers as interest',
    watchWith({ backend: scriptedBackend([]), interest: ['eth0', 7] }),
    TypeError,
    'watchLinks: interest[1] must be a string, not 7',
  ],
  [
    'a backend of another name',
    watchWith({ backend: 'netlink' }),
    RangeError,
    "or a LinkBackend, not 'netlink'",
  ],
  [
    'a backend that is none',
    watchWith({ backend: {} }),
    TypeError,
    "watchLinks: backend must be an object with 'decoder'",
  ],
  [
    'a backend that is true',
    watchWith({ backend: true }),
    TypeError,
    'watchLinks: backend must be an object, not true',
  ],
  [
    'a libc that is none',
    watchWith({ libc: {} }),
    TypeError,
    "watchLinks: libc must be an object with 'target'",
  ],
  [
    'a table that is none',
    watchWith({ abi: 'freebsd' }),
    TypeError,
    "watchLinks: abi must be an object, not 'freebsd'",
  ],
  [
    'a signal that is none',
    watchWith({ signal: 'SIGTERM' }),
    TypeError,
    "watchLinks: signal must be an object, not 'SIGTERM'",
  ],
  [
    'a size in words',
    watchWith({ receiveBufferBytes: '8M' }),
    TypeError,
    "receiveBufferBytes must be a whole number, not '8M'",
  ],
  [
    'a limit that is NaN',
    watchWith({ queueLimit: Number.NaN }),
    RangeError,
    'queueLimit must be a whole number from 1 to',
  ],
  [
    'an interval of 0',
    watchWith({ pollIntervalMs: 0 }),
    RangeError,
    'pollIntervalMs must be a whole number from 1 to',
  ],
  [
    'a negative interval',
    watchWith({ resyncIntervalMs: -1 }),
    RangeError,
    'resyncIntervalMs must be a whole number from 1 to',
  ],
  ['a loop without a clock', watchWith({ loop: {} as never }), TypeError, 'watchLinks: loop'],
  [
    'a folder that is none',
    watchWith({ sysClassNet: 7 }),
    TypeError,
    'watchLinks: sysClassNet must be a string, not 7',
  ],
  [
    'openLinkSensor',
    () => openLinkSensor({ libc: 1 as never }),
    TypeError,
    'openLinkSensor: libc must be an object, not 1',
  ],
  [
    'openLossSocket',
    () => openLossSocket({ libc: {} as never }),
    TypeError,
    "openLossSocket: libc must be an object with 'target'",
  ],
  ['health(null)', () => health(null as never), TypeError, 'health: link must be an object, not null'],
  [
    'health of a name',
    () => health('eth0' as never),
    TypeError,
    "health: link must be an object, not 'eth0'",
  ],
  [
    'health of an object',
    () => health({} as never),
    TypeError,
    "health: link must be an object with 'adminUp'",
  ],
  [
    'health of another state',
    () => health({ ...linkRecord({ index: 2, name: 'eth0' }), operstate: 'UP' as never }),
    RangeError,
    "not 'UP'",
  ],
  [
    'asksMedia',
    () => asksMedia(undefined as never),
    TypeError,
    'asksMedia: link must be an object, not undefined',
  ],
  ['asksCarp', () => asksCarp(5 as never), TypeError, 'asksCarp: link must be an object, not 5'],
  [
    'healthOfCarp',
    () => healthOfCarp('MASTER' as never),
    RangeError,
    "healthOfCarp: state must be one of 'init', 'backup', 'master', not 'MASTER'",
  ],
  [
    'sameLink',
    () => sameLink(linkRecord({ index: 2, name: 'eth0' }), undefined as never),
    TypeError,
    'sameLink: other must be an object, not undefined',
  ],
])('%s: a wrong argument is named in the error', (_what, make, error, message) => {
  expect(make).toThrow(error);
  expect(make).toThrow(message);
});

describe('a watch', () => {
  test.each<readonly [string, (watch: ReturnType<typeof watchLinks>) => unknown, string]>([
    ['lookUp', (watch) => watch.lookUp(2 as never), 'lookUp: name must be a string, not 2'],
    [
      'subscribe',
      (watch) => watch.subscribe('changed' as never),
      "subscribe: listener must be a function, not 'changed'",
    ],
    [
      'setInterest',
      (watch) => watch.setInterest('eth0'),
      "setInterest: names must be a list of names, not the string 'eth0'",
    ],
    [
      'setInterest',
      (watch) => watch.setInterest([null as never]),
      'setInterest: names[0] must be a string, not null',
    ],
  ])('%s: a wrong argument is named in the error, and the watch continues', (_method, call, message) => {
    const system = scriptedBackend([{ index: 2, name: 'eth0' }]);
    using watch = watchLinks({ backend: system });
    expect(() => call(watch)).toThrow(message);
    system.set({ index: 3, name: 'eth1' });
    expect([...watch.links.keys()]).toEqual(['eth0', 'eth1']);
  });

  test('an iterator of names is read once', () => {
    const system = scriptedBackend([
      { index: 2, name: 'eth0' },
      { index: 3, name: 'eth1' },
    ]);
    using watch = watchLinks({ backend: system, interest: new Set(['eth1']).values() });
    expect([...watch.links.keys()]).toEqual(['eth1']);
  });
});
