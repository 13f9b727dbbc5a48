import { describe, expect, test } from 'vitest';
import { forms } from '../../../src/cli/import/forms.ts';
import { type Example, importedFrom, leftOut, recognised } from '../../support/imported.ts';

/** A state that lowers carp0 and one that raises it. */
const two = (condition: string, lower = 'run "ifconfig carp0 down"'): string => `init-state up
state up {
  init { run "ifconfig carp0 up" }
  if ${condition} set-state down
}
state down {
  init { ${lower} }
  if ! ${condition} set-state up
}
`;
const carp = (need: object) => ({ groups: { down: { ...need, destinations: ['carp0'] } } });

const examples: readonly Example[] = [
  ['a link that is down', two('em0.link.down'), carp({ sources: ['em0'] })],
  ['a link that is not up', two('! em0.link.up'), carp({ sources: ['em0'] })],
  ['a link whose state is unknown counts as not up', two('em0.link.unknown'), carp({ sources: ['em0'] })],
  ['one of two links', two('(em0.link.down || em1.link.down)'), carp({ sources: ['em0', 'em1'] })],
  ['both of two links', two('(em0.link.down && em1.link.down)'), carp({ require: { any: ['em0', 'em1'] } })],
  [
    'brackets inside brackets',
    two('(em0.link.down || (em1.link.down && em2.link.down))'),
    carp({ sources: ['em0', { any: ['em1', 'em2'] }] }),
  ],
  ['a macro', `lost = "em0.link.down"\n${two('$lost')}`, carp({ sources: ['em0'] })],
  [
    'a macro of macros',
    `a = "em0.link.down"\nb = "em1.link.down"\nlost = "($a || $b)"\n${two('$lost')}`,
    carp({ sources: ['em0', 'em1'] }),
  ],
  ['a macro without quotes', `lost = em0.link.down\n${two('$lost')}`, carp({ sources: ['em0'] })],
  [
    'a link that must be down: the source is turned round',
    two('em0.link.up'),
    carp({ require: { not: 'em0' } }),
  ],
  [
    'a program that is run every few seconds',
    two('! "ping -q -c 1 192.0.2.1" every 15'),
    {
      groups: { down: { require: { check: 'ping-1' }, destinations: ['carp0'] } },
      checks: {
        'ping-1': {
          exec: ['/bin/sh', '-c', 'ping -q -c 1 192.0.2.1'],
          every: '15s',
          timeout: '15s',
          rise: 1,
          fall: 1,
        },
      },
    },
  ],
  [
    'a program twice is one check',
    `net = '"ping -c 1 192.0.2.1" every 5'\n${two('! ($net)')}`,
    {
      groups: { down: { require: { check: 'ping-1' }, destinations: ['carp0'] } },
      checks: {
        'ping-1': {
          exec: ['/bin/sh', '-c', 'ping -c 1 192.0.2.1'],
          every: '5s',
          timeout: '5s',
          rise: 1,
          fall: 1,
        },
      },
    },
  ],
  [
    'a link and a program',
    two('(em0.link.down || ! "/usr/local/bin/alive" every 10)'),
    {
      groups: { down: { sources: ['em0', { check: 'alive-1' }], destinations: ['carp0'] } },
      checks: {
        'alive-1': {
          exec: ['/bin/sh', '-c', '/usr/local/bin/alive'],
          every: '10s',
          timeout: '10s',
          rise: 1,
          fall: 1,
        },
      },
    },
  ],
  [
    'a state that lowers two interfaces',
    two('em0.link.down', 'run "ifconfig carp0 down"\n run "ifconfig carp1 down"'),
    { groups: { down: { sources: ['em0'], destinations: ['carp0', 'carp1'] } } },
  ],
  [
    'a state that raises a demotion counter',
    two('em0.link.down', 'run "ifconfig -g carp carpdemote 50"'),
    { groups: { down: { sources: ['em0'], destinations: [{ demote: 'carp', by: 50 }] } } },
  ],
  [
    'a counter without a number goes up by one',
    two('em0.link.down', 'run "ifconfig -g egress carpdemote"'),
    { groups: { down: { sources: ['em0'], destinations: [{ demote: 'egress', by: 1 }] } } },
  ],
  [
    'an if inside an if: both must hold',
    `state a {\n  if em0.link.down {\n    if em1.link.down\n      set-state b\n  }\n}\nstate b {\n  init { run "ifconfig carp0 down" }\n}\n`,
    { groups: { b: { require: { any: ['em0', 'em1'] }, destinations: ['carp0'] } } },
  ],
  [
    'two states that lead to the same one',
    `state a {\n  if em0.link.down set-state c\n}\nstate b {\n  if em1.link.down set-state c\n}\nstate c {\n  init { run "ifconfig carp0 down" }\n}\n`,
    { groups: { c: { sources: ['em0', 'em1'], destinations: ['carp0'] } } },
  ],
  [
    'a condition that lowers by itself, without another state',
    `state auto {\n  if em0.link.down run "/sbin/ifconfig carp0 down"\n  if em0.link.up run "/sbin/ifconfig carp0 up"\n}\n`,
    { groups: { auto: { sources: ['em0'], destinations: ['carp0'] } } },
  ],
  [
    'two destinations with conditions of their own',
    `state auto {\n  if em0.link.down run "ifconfig carp0 down"\n  if em1.link.down run "ifconfig carp1 down"\n}\n`,
    {
      groups: {
        auto: { sources: ['em0'], destinations: ['carp0'] },
        'auto-2': { sources: ['em1'], destinations: ['carp1'] },
      },
    },
  ],
];

describe('ifstated.conf', () => {
  test.each(examples)('%s', (_name, text, config) => {
    expect(importedFrom('ifstated', text)).toEqual(config);
    expect(recognised(text)).toBe('ifstated');
  });

  test('another command is named with its line, and a state that nothing leads to', () => {
    expect(leftOut('ifstated', two('em0.link.down', 'run "pfctl -f /etc/pf.backup"'))).toEqual([
      '7: run "pfctl -f /etc/pf.backup" in state down: write a hook, {on: [up, down], exec: […]}',
    ]);
    expect(leftOut('ifstated', 'state a {\n  init { run "ifconfig carp0 down" }\n}\n')).toEqual([
      '2: state a: no condition leads to it',
    ]);
  });

  test.each([
    ['a macro that is not there', 'state a {\n if $x set-state b\n}', /the macro \$x is not defined/],
    ['a text without its end', 'state a {\n init { run "x }\n}', /a text has no closing "/],
    ['a condition that is none', 'state a {\n if em0 set-state b\n}', /'em0' is not a condition/],
    ['the end of the file in a state', 'state a {', /is missing/],
    ['brackets a thousand deep', `state a { if ${'('.repeat(1000)}`, /nested more than 50 deep/],
    [
      'macros that grow',
      `a = "x.link.up x.link.up"\n${Array.from({ length: 30 }, (_, i) => `${'a'.repeat(i + 2)} = "$${'a'.repeat(i + 1)} $${'a'.repeat(i + 1)}"`).join('\n')}`,
      /more than 100000 words/,
    ],
  ])('%s is an error', (_name, text, message) => {
    expect(() => forms.ifstated.read(text)).toThrowError(message);
  });
});
