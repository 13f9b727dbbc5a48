import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';

function faults(text: string): readonly string[] {
  try {
    parseSettings(text, 'x.conf');
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.message.split('\n');
    }
    throw error;
  }
  return [];
}

const whole = `
groups:
  gateway:
    sources: [em0, bge0]
    destinations: [carp0, carp1]
  uplinks:
    require: {at-least: 2, of: [eth0, eth1, {check: upstream}]}
    destinations:
      - vrrp.51
      - {interface: eth9, action: protodown}
      - {file: /run/keepalived/track, up: "0", down: "1"}
    up-delay: 3s
    down-delay: 250ms
    start-delay: 2
    dampening: {half-life: 15s}
    enforce: always
    raise: owned
    restore: manual
    on-exit: restore
  chained:
    require:
      any:
        - {group: gateway}
        - {not: {check: maintenance}}
        - {weight: {at-least: 3, below: 2, of: [{source: em0, weight: 2}, {source: bge0, weight: 1}]}}
    destinations: [tun0]
checks:
  maintenance: {file: /etc/ifdepd/maintenance, active-when: missing}
  upstream:    {exec: [ping, -c1, -W1, 192.0.2.1], every: 2s, timeout: 1s, rise: 2, fall: 3}
hooks:
  - {on: [up, down], exec: [/usr/local/sbin/notify], timeout: 10s}
log: {format: json}
metrics: {listen: "127.0.0.1:9817"}
`;

test('a file with every kind of key becomes settings', () => {
  const settings = parseSettings(whole, 'x.conf');
  expect(settings.policy.groups).toEqual({
    gateway: { require: { all: ['em0', 'bge0'] }, destinations: ['carp0', 'carp1'] },
    uplinks: {
      require: { atLeast: 2, of: ['eth0', 'eth1', 'check:upstream'] },
      destinations: ['vrrp.51', 'eth9', '/run/keepalived/track'],
      upDelayMs: 3000,
      downDelayMs: 250,
      startDelayMs: 2000,
      dampening: { halfLifeMs: 15_000 },
      enforce: 'always',
      raise: 'owned',
      restore: 'manual',
    },
    chained: {
      require: {
        any: [
          { group: 'gateway' },
          { not: 'check:maintenance' },
          {
            weight: {
              atLeast: 3,
              below: 2,
              of: [
                { source: 'em0', weight: 2 },
                { source: 'bge0', weight: 1 },
              ],
            },
          },
        ],
      },
      destinations: ['tun0'],
    },
  });
  expect(Object.fromEntries(settings.destinations)).toMatchObject({
    carp0: { action: 'admin', interface: 'carp0', onExit: 'leave' },
    eth9: { action: 'protodown', interface: 'eth9', onExit: 'restore' },
    '/run/keepalived/track': { action: 'file', path: '/run/keepalived/track', up: '0', down: '1' },
  });
  expect(Object.fromEntries(settings.checks)).toEqual({
    'check:maintenance': {
      name: 'maintenance',
      kind: 'file',
      path: '/etc/ifdepd/maintenance',
      activeWhen: 'missing',
    },
    'check:upstream': {
      name: 'upstream',
      kind: 'exec',
      command: ['ping', '-c1', '-W1', '192.0.2.1'],
      everyMs: 2000,
      timeoutMs: 1000,
      rise: 2,
      fall: 3,
    },
  });
  expect(settings.hooks).toEqual([
    { on: ['up', 'down'], command: ['/usr/local/sbin/notify'], timeoutMs: 10_000 },
  ]);
  expect(settings).toMatchObject({ log: { format: 'json' }, metrics: { host: '127.0.0.1', port: 9817 } });
});

test.each([
  ['em0', { all: ['em0'] }],
  ['em0, require: any', { any: ['em0'] }],
  ['"1@em0"', { all: ['1@em0'] }],
])('sources: %s is a list of one', (written, require) => {
  const text = `groups: {g: {sources: ${written}, destinations: carp0}}`;
  expect(parseSettings(text, 'x.conf').policy.groups['g']).toEqual({ require, destinations: ['carp0'] });
});

test('a JSON file is read as a YAML file is', () => {
  const text = JSON.stringify({
    $schema: './ifdepd.schema.json',
    groups: { g: { sources: ['a'], destinations: ['b'] } },
  });
  expect(parseSettings(text, 'x.json').policy.groups).toEqual({
    g: { require: { all: ['a'] }, destinations: ['b'] },
  });
});

const group = (lines: string): string =>
  `groups:\n  g:\n    sources: [em0]\n    destinations: [carp0]\n${lines}`;

describe('an error names the place, the key and the way out', () => {
  test.each<[string, string, readonly RegExp[]]>([
    ['broken YAML', 'groups: [', [/^x\.conf:1:10: .+/]],
    ['a tab', 'groups:\n\tg: 1', [/^x\.conf:2:\d+: .*[Tt]ab/]],
    ['a key that is there twice', group('    sources: [em1]\n'), [/^x\.conf:5:5: Map keys must be unique/]],
    [
      'two documents',
      `${group('')}---\n${group('')}`,
      [/^x\.conf:\d+:1: there are multiple documents: take this '---' and what follows it away$/],
    ],
    [
      'a list',
      '- a',
      [
        /^x\.conf:1:1: must be a mapping with groups, include, checks, probes, hooks, log, metrics, \$schema, not a list$/,
      ],
    ],
    ['no groups', 'log: {format: json}', [/^x\.conf:1:1: groups: must be a mapping with at least one group/]],
    [
      'a misspelt key',
      group('    up-dealy: 3s\n'),
      [/^x\.conf:5:5: groups\.g\.up-dealy: unknown key; did you mean 'up-delay'\? \(known: sources, require/],
    ],
    [
      'a misspelt key at the top',
      `${group('')}grops: {}\n`,
      [/^x\.conf:5:1: grops: unknown key; did you mean 'groups'\?/],
    ],
    [
      'a duration of a wrong kind',
      group('    up-delay: soon\n'),
      [/^x\.conf:5:15: groups\.g\.up-delay: must be a duration such as 250ms.*, not "soon"$/],
    ],
    ['a negative duration', group('    up-delay: -3\n'), [/must be a duration such as .*, not -3$/]],
    [
      'a word that is none of the choices',
      group('    enforce: allways\n'),
      [
        /^x\.conf:5:14: groups\.g\.enforce: must be one of down, always, never, not "allways"; did you mean 'always'\?$/,
      ],
    ],
    [
      'sources that are no list',
      'groups:\n  g: {sources: em0 em1, destinations: [b]}',
      [
        /^x\.conf:2:16: groups\.g\.sources: must be a list of interface names, not "em0 em1"; write \[em0, em1\]$/,
      ],
    ],
    [
      'an empty list',
      'groups:\n  g: {sources: [], destinations: [b]}',
      [/^x\.conf:2:16: groups\.g\.sources: the list is empty/],
    ],
    [
      'a list of no destinations',
      'groups:\n  g: {sources: [a], destinations: []}',
      [/^x\.conf:2:35: groups\.g\.destinations: the list is empty/],
    ],
    [
      'neither sources nor require',
      'groups:\n  g: {destinations: [b]}',
      [/^x\.conf:2:3: groups\.g: must have 'sources' .* or 'require'/],
    ],
    [
      'both',
      group('    require: em0\n'),
      [/^x\.conf:5:14: groups\.g\.require: beside 'sources' this is all, any, a number or a percentage/],
    ],
    [
      'a number as a name',
      'groups:\n  g: {sources: [1], destinations: [b]}',
      [/^x\.conf:2:17: groups\.g\.sources\.0: must be/],
    ],
    [
      'a name that no interface has',
      'groups:\n  g: {sources: [a/b], destinations: [b]}',
      [/groups\.g\.sources\.0: an interface name has no '\/'$/],
    ],
    [
      'a list as a text',
      'groups:\n  g: {sources: ["a:b"], destinations: [c]}',
      [/an interface name has no ':'/],
    ],
    [
      'an unknown group',
      'groups:\n  g: {require: {group: h}, destinations: [b]}',
      [/^x\.conf:2:24: groups\.g\.require\.group: there is no group "h" here; known: g$/],
    ],
    [
      'an unknown check',
      'groups:\n  g: {require: {check: upstrem}, destinations: [b]}\nchecks:\n  upstream: {file: /x}',
      [/there is no check 'upstrem'; did you mean 'upstream'\?/],
    ],
    [
      'too many of too few',
      'groups:\n  g: {require: {at-least: 3, of: [a, b]}, destinations: [c]}',
      [
        /^x\.conf:2:27: groups\.g\.require\.at-least: there are only 2 sources; use all, any, a whole number from 1 to 2, or/,
      ],
    ],
    [
      'a percentage of more than all',
      'groups:\n  g: {require: {at-least: 120%, of: [a, b]}, destinations: [c]}',
      [/must be a whole number from 1 to 2, or a percentage up to 100%, not "120%"$/],
    ],
    [
      'a source that is a destination',
      'groups:\n  g:\n    sources: [a]\n    destinations: [a]',
      [/^x\.conf:4:19: groups\.g\.destinations: depends on itself \(g → a → g\); remove one link$/],
    ],
    [
      'groups in a loop',
      'groups:\n  g: {require: {group: h}, destinations: [a]}\n  h: {require: {group: g}, destinations: [b]}',
      [/^x\.conf:2:16: groups\.g\.require: depends on itself \(g → h → g\)/],
    ],
    [
      'a source twice where it would count twice',
      'groups:\n  g: {require: {at-least: 2, of: [a, b, a]}, destinations: [c]}',
      [/^x\.conf:2:41: groups\.g\.require\.of\.2: is listed twice; remove one$/],
    ],
    [
      'a destination in two ways',
      'groups:\n  g: {sources: [a], destinations: [b]}\n  h: {sources: [a], destinations: [b], on-exit: up}',
      [/^x\.conf:3:36: groups\.h\.destinations\.0: group 'g' sets b in another way/],
    ],
    [
      'a command as a text',
      `${group('')}checks:\n  c: {exec: "ping host"}`,
      [/checks\.c\.exec: must be a list, the program and its arguments/],
    ],
    ['a check of nothing', `${group('')}checks:\n  c: {every: 2s}`, [/checks\.c: must have either 'file'/]],
    [
      'a check more often than possible',
      `${group('')}checks:\n  c: {exec: [true], every: 1ms}`,
      [
        /checks\.c\.every: must be .* at least 100ms/,
        /checks\.c\.exec\.0: must be a text: YAML takes true for a boolean; write it in quotes: "true"$/,
      ],
    ],
    [
      'a relative path',
      `${group('')}checks:\n  c: {file: maintenance}`,
      [/checks\.c\.file: must be an absolute path/],
    ],
    [
      'a hook for nothing known',
      `${group('')}hooks:\n  - {on: [upp], exec: [/bin/x]}`,
      [/hooks\.0\.on\.0: must be one of up, down, any, not "upp"; did you mean 'up'\?/],
    ],
    [
      'a metrics address that is none',
      `${group('')}metrics: {listen: "here:there"}`,
      [/metrics\.listen: must be ADDRESS:PORT/],
    ],
    [
      'dampening that never ends',
      group('    dampening: {suppress: 100, reuse: 200}\n'),
      [/^x\.conf:5:16: groups\.g\.dampening: reuse \(200\) must be less than suppress \(100\)$/],
    ],
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdef'.replace(/./g, (to, at) => `${to}: &${to} [${Array(10).fill(`*${'abcde'[at]}`)}]\n`)}`,
      [/^x\.conf:6:7: with its aliases it stands for more than 250000 values$/],
    ],
    [
      'a chain of aliases',
      `- &a0 [x]\n${Array.from({ length: 100 }, (_, i) => `- &a${i + 1} [*a${i}]\n`).join('')}`,
      [/^x\.conf:65:8: cannot be parsed: it is nested too deeply: there may be 64 levels$/],
    ],
    ['an alias of nothing', 'a: *b', [/^x\.conf:1:4: Unresolved alias/]],
    ['a key twice', 'groups:\n  g: 1\n  g: 2', [/^x\.conf:3:3: Map keys must be unique$/]],
    ['a list as a key', '? [a]\n: b', [/^x\.conf:1:3: a key must be a text, not a list or a mapping$/]],
    [
      'a mapping as a key, named as it is written',
      'groups:\n  {x: y}: {sources: [a], destinations: []}\n  ? [a,\n    b]\n  : {sources: [a], destinations: []}',
      [
        /^x\.conf:2:3: a key must be a text, not a list or a mapping$/,
        /^x\.conf:2:40: groups\.\{x: y\}\.destinations: the list is empty/,
        /^x\.conf:3:5: a key must be a text, not a list or a mapping$/,
        /^x\.conf:5:34: groups\.\[a, b\]\.destinations: the list is empty/,
      ],
    ],
    [
      'a pit',
      '['.repeat(100_000),
      [/^x\.conf:1:66: cannot be parsed: it is nested too deeply: there may be 64 levels$/],
    ],
    [
      'a name out of the prototype',
      'groups:\n  g: {sources: [a], destinations: [b], constructor: 1}',
      [/groups\.g\.constructor: unknown key/],
    ],
  ])('a file with %s is refused', (_title, text, expected) => {
    const found = faults(text);
    for (const pattern of expected) {
      expect(found).toContainEqual(expect.stringMatching(pattern));
    }
    expect(found.every((line) => line.startsWith('x.conf:'))).toBe(true);
  });

  test('the mistakes of a file are reported all at once, in the order of the file', () => {
    const found = faults(
      'groups:\n  g:\n    sources: em0 em1\n    destinatoins: [b]\n    up-delay: x\nlog: {format: xml}\n',
    );
    expect(found.map((line) => line.split(' ')[1])).toEqual([
      'groups.g.sources:',
      'groups.g.destinatoins:',
      'groups.g.up-delay:',
      'log.format:',
    ]);
  });
});

describe('a file with the weight of its group', () => {
  const weight = '{file: /run//track, value: weight}';
  const destinations = (text: string) => [...parseSettings(text, 'x.conf').destinations.values()];

  test('it belongs to the group, and is left as it is at the end', () => {
    expect(destinations(`groups: {g: {sources: [a], destinations: [${weight}]}}`)).toEqual([
      { id: '/run/track', action: 'weight', path: '/run/track', group: 'g', onExit: 'leave' },
    ]);
  });

  test.each([
    [
      `{g: {sources: [a], destinations: [${weight}]}, h: {sources: [b], destinations: [${weight}]}}`,
      'sets /run/track in another way',
    ],
    [
      `{g: {sources: [a], destinations: [${weight}], on-exit: restore}}`,
      "'on-exit: restore' is not available for 'value: weight'",
    ],
    [
      `{g: {sources: [a], destinations: [${weight}], on-exit: up}}`,
      "'on-exit: up' is not available for 'value: weight'",
    ],
    [`{g: {require: {not: a}, destinations: [${weight}]}}`, "a 'not' has no weight"],
    ['{g: {sources: [a], destinations: [{file: /x, value: sum}]}}', 'must be'],
  ])('groups %s are refused: %s', (groups, message) => {
    expect(faults(`groups: ${groups}`).join()).toContain(message);
  });
});

describe('carp(4)', () => {
  const group = (more: string) =>
    `groups:\n  g: {sources: [1@em0], destinations: [2@em0, {demote: carp}]${more}}`;
  const destinations = (text: string) => [...parseSettings(text, 'x.conf').destinations.values()];

  test('demotions are undone at the end unless on-exit says otherwise, vhids are not', () => {
    expect(destinations(group(''))).toEqual([
      { id: '2@em0', action: 'admin', interface: '2@em0', onExit: 'leave' },
      { id: 'demote:carp', action: 'demote', group: 'carp', by: null, onExit: 'restore' },
    ]);
    expect(destinations(group(', on-exit: leave')).map(({ onExit }) => onExit)).toEqual(['leave', 'leave']);
  });

  test('programs of a destination: words as they are written, and the defaults of name, read and timeout', () => {
    const exec = '{exec: {up: [/sbin/web, 07, 1.50], down: [/sbin/web, down]}}';
    const named = '{exec: {up: [a], down: [b], read: [c]}, name: cloud, timeout: 30s}';
    const { destinations, policy } = parseSettings(
      `groups: {g: {sources: [em0], destinations: [${exec}, ${named}]}}`,
      '/etc/x',
    );
    const common = { action: 'exec', onExit: 'leave' };
    expect([...destinations.values()]).toEqual([
      {
        ...common,
        id: 'exec:web',
        up: ['/sbin/web', '07', '1.50'],
        down: ['/sbin/web', 'down'],
        read: null,
        timeoutMs: 5000,
      },
      { ...common, id: 'exec:cloud', up: ['a'], down: ['b'], read: ['c'], timeoutMs: 30_000 },
    ]);
    expect(policy.groups['g']?.destinations).toEqual(['exec:web', 'exec:cloud']);
  });

  test.each([
    ['{exec: {up: [a]}}', /groups\.g\.destinations\.0\.exec\.down/],
    ['{exec: [a]}', /must be a mapping with up, down, read/],
    ['{exec: {up: a, down: [b]}}', /exec\.up: must be a list, the program and its arguments/],
    [
      '{exec: {up: [a], down: [b]}}, {exec: {up: [a, x], down: [b]}}',
      /exec:a in another way.*give each its own name/,
    ],
  ])('programs of a destination that are written wrongly: %s is refused', (text, message) => {
    expect(() =>
      parseSettings(`groups: {g: {sources: [em0], destinations: [${text}]}}`, '/etc/x'),
    ).toThrowError(message);
  });

  test('an interface name is measured without its vhid', () => {
    expect(faults('groups: {g: {sources: [200@a-name-of-15-by], destinations: [b]}}')).toEqual([]);
    expect(faults('groups: {g: {sources: [200@a-name-of-16-byt], destinations: [b]}}')[0]).toContain(
      'at most 15',
    );
  });

  test.each([
    ['{demote: carp0}', 'is not the name of an interface group'],
    ['{demote: carp, by: 0}', 'must be a whole number from 1 to 255, not 0'],
    ['{demote: carp, by: 256}', 'must be a whole number from 1 to 255, not 256'],
    ['{demote: carp, up: x}', 'unknown key'],
  ])('the destination %s is refused', (destination, message) => {
    expect(faults(`groups: {g: {sources: [a], destinations: [${destination}]}}`).join()).toContain(message);
  });
});
