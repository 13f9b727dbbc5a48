import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';

function faults(text: string): readonly string[] {
  try {
    parseSettings(text, 'x');
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.message.split('\n');
    }
    throw error;
  }
  return [];
}

const groups = (text: string) => parseSettings(text, 'x').policy.groups;
const group = (more: string): string => `groups: {g: {sources: [em0, em1], destinations: [carp0]${more}}}`;

describe('what YAML takes for something else than a text', () => {
  test.each([
    ['1e3', 'a number'],
    ['0123', 'a number'],
    ['0x1f', 'a number'],
    ['0o17', 'a number'],
    ['1000', 'a number'],
    ['.5', 'a number'],
    ['-.inf', 'a number'],
    ['null', 'nothing'],
    ['~', 'nothing'],
    ['true', 'a boolean'],
    ['FALSE', 'a boolean'],
  ])('%s as a name is shown as it is written, with quotes as the way out', (written, kind) => {
    const words = `YAML takes ${written} for ${kind}; write it in quotes: "${written}"`;
    for (const text of [
      `groups: {g: {sources: [${written}], destinations: [d]}}`,
      `groups: {g: {sources: [s], destinations: [${written}]}}`,
      `groups: {g: {require: {any: [${written}]}, destinations: [d]}}`,
      `groups: {g: {require: {group: ${written}}, destinations: [d]}}`,
    ]) {
      expect(faults(text)).toEqual([expect.stringContaining(words)]);
    }
    expect(groups(`groups: {g: {sources: ["${written}"], destinations: [d]}}`)['g']?.require).toEqual({
      all: [written],
    });
  });

  test.each(['no', 'on', 'yes', 'off', 'n', 'y', '1_000', 'e3', '1e'])('the scalar %s is a text', (name) => {
    expect(groups(`groups: {g: {sources: [${name}], destinations: [d]}}`)['g']?.require).toEqual({
      all: [name],
    });
  });

  test.each(['0123', '1e3', '~', 'null'])('the key %s without quotes is refused', (key) => {
    expect(faults(`groups:\n  ${key}: {sources: [s], destinations: [d]}`)).toEqual([
      expect.stringMatching(/^x:2:3: YAML takes this key for .*; write it in quotes: "/),
    ]);
    expect(Object.keys(groups(`groups: {"${key}": {sources: [s], destinations: [d]}}`))).toEqual([key]);
  });

  test('the key 7 is the same with and without quotes', () => {
    expect(Object.keys(groups('groups: {7: {sources: [s], destinations: [d]}}'))).toEqual(['7']);
  });

  test.each(['0x10', '1e3', '010', '.inf'])('the number %s is no duration', (written) => {
    expect(faults(group(`, up-delay: ${written}`))).toEqual([
      expect.stringMatching(`g.up-delay: must be a duration .*, not ${written.replace('.', '\\.')}$`),
    ]);
  });

  test.each([
    ['3', 3000],
    ['3.0', 3000],
    ['.5', 500],
    ['0', 0],
  ])('the number %s is a duration in seconds', (written, ms) => {
    expect(groups(group(`, up-delay: ${written}`))['g']?.upDelayMs).toBe(ms);
  });

  test('numbers among the arguments of a program are passed on as they are written', () => {
    const text = `${group('')}\nchecks: {c: {exec: [sleep, 0.50, 010, 1e3, 7]}}`;
    expect(parseSettings(text, 'x').checks.get('check:c')).toMatchObject({
      command: ['sleep', '0.50', '010', '1e3', '7'],
    });
  });
});

describe('anchors and merge keys', () => {
  test('a list of several anchors has the members of all of them, equal ones once', () => {
    const text = `
x-lan: &lan [em0, em1]
x-wan: &wan [em1, em2]
groups:
  g: {sources: [*lan, *wan, em3], destinations: [*lan, carp0]}`;
    expect(faults(text)).toEqual(
      ['em0', 'em1'].map((name) => expect.stringContaining(`depends on itself (g → ${name} → g)`)),
    );
    expect(groups(text.replace('[*lan, carp0]', '[carp0, carp0]'))['g']).toEqual({
      require: { all: ['em0', 'em1', 'em2', 'em3'] },
      destinations: ['carp0'],
    });
  });

  test('one destination and one event of a hook need no list', () => {
    const one = (destinations: string, on: string) =>
      parseSettings(
        `groups: {g: {sources: [a], destinations: ${destinations}}}\nhooks: [{on: ${on}, exec: [/bin/true]}]`,
        'x',
      );
    expect(one('b', 'any')).toEqual(one('[b]', '[any]'));
    expect(one('{interface: b, action: protodown}', 'up')).toEqual(
      one('[{interface: b, action: protodown}]', '[up]'),
    );
    expect(() => one('b:c', 'any')).toThrowError(
      /groups\.g\.destinations: must be a list .*; write \[b, c\]$/,
    );
    expect(() => one('{interfac: b}', 'any')).toThrowError(/x:1:43: .*interfac: unknown key; did you mean/);
  });

  test('a mistake in a list of lists is reported at its own position', () => {
    const text = 'groups:\n  g: {sources: [em0, em0, [em1, [a/b]]], destinations: [d]}';
    expect(faults(text)).toEqual([expect.stringMatching(/^x:2:34: groups\.g\.sources\.2\.1\.0: /)]);
    const loop = 'groups:\n  g: {require: {at-least: 1, of: [[a, b], a]}, destinations: [d]}';
    expect(faults(loop)).toEqual(['x:2:43: groups.g.require.of.1: is listed twice; remove one']);
  });

  test('a merge key adds the keys of a mapping, and a key of the group itself wins', () => {
    const text = `
x-defaults: &defaults {up-delay: 3s, down-delay: 1s, sources: [em0]}
x-more: &more {up-delay: 9s, enforce: always}
groups:
  g: {<<: [*defaults, *more], down-delay: 2s, destinations: [carp0]}`;
    expect(groups(text)['g']).toEqual({
      require: { all: ['em0'] },
      destinations: ['carp0'],
      upDelayMs: 3000,
      downDelayMs: 2000,
      enforce: 'always',
    });
  });

  test('a mistake in a merged mapping is reported at its own position', () => {
    const text = 'x-d: &d\n  up-delay: soon\ngroups:\n  g: {<<: *d, sources: [a], destinations: [b]}';
    expect(faults(text)).toEqual([expect.stringMatching(/^x:2:13: groups\.g\.up-delay: must be a duration/)]);
  });

  test.each(['7', '[7]', 'text', '~'])('a merge key with %s is refused', (value) => {
    expect(faults(group(`, <<: ${value}`))).toEqual([
      expect.stringContaining("'<<' takes the keys of a mapping (*NAME), or of a list of mappings"),
    ]);
  });

  test('a mapping that merges itself is refused', () => {
    expect(faults('groups: &g {<<: *g, g: {sources: [a], destinations: [b], x: 1}}')).toEqual([
      expect.stringContaining('Unresolved alias'),
      expect.stringContaining('unknown key'),
    ]);
  });

  test('"<<" in quotes is an ordinary key', () => {
    expect(faults(group(', "<<": {up-delay: 3s}'))).toEqual([expect.stringContaining('unknown key')]);
  });
});

describe('words of the command line', () => {
  test.each([
    ['all', { all: ['em0', 'em1'] }],
    ['any', { any: ['em0', 'em1'] }],
    ['1', { atLeast: 1, of: ['em0', 'em1'] }],
    ['"2"', { atLeast: 2, of: ['em0', 'em1'] }],
    ['50%', { atLeast: '50%', of: ['em0', 'em1'] }],
  ])('require: %s beside sources says how many of them are enough', (word, require) => {
    expect(groups(group(`, require: ${word}`))['g']?.require).toEqual(require);
  });

  test.each(['any', 'all', '1', '50%'])('require: %s without sources is refused with the way out', (word) => {
    expect(faults(`groups: {g: {require: ${word}, destinations: [d]}}`)).toEqual([
      `x:1:23: groups.g.require: 'require: ${word}' needs 'sources', the list of them; an interface of that name is written {all: ["${word}"]}`,
    ]);
    expect(groups(`groups: {g: {require: {all: ["${word}"]}, destinations: [d]}}`)['g']?.require).toEqual({
      all: [word],
    });
  });

  test.each(['0', '-1'])('require: %s of two sources is refused with the range', (word) => {
    expect(faults(group(`, require: ${word}`))).toEqual([
      `x:1:67: groups.g.require: must be a whole number from 1 to 2, or a percentage up to 100%, not ${word}`,
    ]);
  });

  test('require: 3 of two sources is refused with the number of sources', () => {
    expect(faults(group(', require: 3'))).toEqual([
      'x:1:67: groups.g.require: there are only 2 sources; use all, any, a whole number from 1 to 2, or a percentage',
    ]);
  });

  test.each([
    [
      group(', action: protodown'),
      'belongs to a destination: destinations: [{interface: NAME, action: protodown}]',
    ],
    [`${group('')}\nup-delay: 3s`, 'up-delay: belongs to a group: groups: {NAME: {up-delay: …}}'],
    [`${group('')}\nearly-loss: 50ms`, 'early-loss: belongs to the command line: --early-loss'],
    [`${group('')}\nwait: true`, 'wait: belongs to the command line: --wait'],
    ['groups: {g: {sources: em0:bge0, destinations: [d]}}', 'not "em0:bge0"; write [em0, bge0]'],
    [`${group('')}\nmetrics: 9817`, 'metrics: must be a mapping such as {listen: 9817}, not 9817'],
    [
      `${group('')}\nlog: json`,
      'log: must be a mapping such as {format: json} or {target: syslog}, not "json"',
    ],
    ['groups: {g: {require: [a, b], destinations: [d]}}', 'not a list; write {all: […]} or {any: […]}'],
    [
      'groups: {g: {sources: {any: [a, b]}, destinations: [d]}}',
      "must be a list of interface names, not a mapping; an expression is written under 'require'",
    ],
    [group(', dampening: on'), 'must be a mapping, and {} is all of the defaults, not "on"'],
    [group(', dampening: true'), 'must be a mapping, and {} is all of the defaults, not true'],
  ])(
    'an option of the command line in a wrong place or form is refused with the way out: %s',
    (text, words) => {
      expect(faults(text)).toEqual([expect.stringContaining(words)]);
    },
  );
});

describe('names', () => {
  test.each([
    ['"eth*"', "patterns such as 'eth*' are not supported: name each interface"],
    ['"eth[0-9]"', "patterns such as 'eth[0-9]' are not supported"],
    ['"eth?"', "patterns such as 'eth?' are not supported"],
    ['".."', "no interface can be called '..'"],
    ['"a\\u0007b"', 'no white space and no control characters'],
    ['"a\\ud800"', 'not valid UTF-8'],
    ['eth0:1', 'a label such as eth0:1 is an address of eth0, not an interface'],
    [`"${'x'.repeat(128)}"`, 'an alternative name of Linux at most 127'],
  ])('the interface name %s is refused', (name, words) => {
    expect(faults(`groups: {g: {sources: [${name}], destinations: [d]}}`)).toEqual([
      expect.stringContaining(words),
    ]);
    expect(faults(`groups: {g: {sources: [s], destinations: [${name}]}}`)).toEqual([
      expect.stringContaining(words),
    ]);
  });

  test('an alternative name of 127 bytes is accepted', () => {
    const name = 'x'.repeat(127);
    expect(groups(`groups: {g: {sources: [${name}], destinations: [d]}}`)['g']?.require).toEqual({
      all: [name],
    });
  });

  test.each(['"a\\u001bb"', '"a\\ud800"'])('a group or a check called %s is refused', (name) => {
    expect(faults(`groups: {${name}: {sources: [a], destinations: [b]}}`)).toEqual([
      expect.stringContaining('no control characters'),
    ]);
    expect(faults(`${group('')}\nchecks: {${name}: {file: /x}}`)).toEqual([
      expect.stringContaining('no control characters'),
    ]);
  });
});

describe('every mistake in one round', () => {
  test('mistakes in keys, words, counts, members and loops are reported once each, in the order of the file', () => {
    const found = faults(`groups:
  g:
    require: {at-least: 3, of: [a, b, a]}
    destinations: [c]
    enforce: allways
    up-dealy: 1
  h: {require: {group: i}, destinations: [d]}
  i: {require: {group: h}, destinations: [e, e/f]}
  j: {require: {group: nobody}, destinations: [1e3]}
  k: {sources: [x], destinations: [x]}
  k: {sources: [x], destinations: [y], dampening: {suppress: 1, reuse: 2}}
log: {format: xml}
`);
    expect(found.map((line) => line.replace(/^x:/, '').replace(/ \(known.*/, ''))).toEqual([
      '3:39: groups.g.require.of.2: is listed twice; remove one',
      '5:14: groups.g.enforce: must be one of down, always, never, not "allways"; did you mean \'always\'?',
      "6:5: groups.g.up-dealy: unknown key; did you mean 'up-delay'?",
      '7:16: groups.h.require: depends on itself (h → i → h); remove one link',
      "8:46: groups.i.destinations.1: an interface name has no '/'",
      '9:24: groups.j.require.group: there is no group "nobody" here; known: g, h, i, j, k',
      '9:48: groups.j.destinations.0: must be an interface name: YAML takes 1e3 for a number; write it in quotes: "1e3"',
      '11:3: Map keys must be unique',
      '11:51: groups.k.dampening: reuse (2) must be less than suppress (1)',
      '12:15: log.format: must be one of text, json, not "xml"',
    ]);
  });

  test('unknown checks, destinations in two ways and misspelt keys of one group are reported beside the rules of the policy', () => {
    const found = faults(`groups:
  g: {destinatoins: [a], dampening: {suppress: 1, reuse: 2}}
  h: {require: {any: [{check: c}, {group: i}]}, destinations: [b], on-exit: sideways}
  i: {sources: [b, 7], destinations: [h, {interface: h, action: protodown}]}
`);
    expect(found.map((line) => line.replace(/^x:(\S+) (\S+): (.{0,28}).*/, '$1 $2 $3'))).toEqual([
      "2:3: groups.g must have 'sources' (a list ",
      "2:7: groups.g.destinatoins unknown key; did you mean 'd",
      '2:37: groups.g.dampening reuse (2) must be less than ',
      "3:31: groups.h.require.any.0.check there is no check 'c'; there",
      '3:63: groups.h.destinations depends on itself (h → i → b',
      '3:77: groups.h.on-exit must be one of leave, restor',
      '4:20: groups.i.sources.1 must be an interface name: Y',
      "4:42: groups.i.destinations.1 group 'i' sets h in another ",
    ]);
  });

  test('a group and a check may be called __proto__, and their mistakes have a place', () => {
    const settings = parseSettings(
      'groups: {"__proto__": {require: {check: "__proto__"}, destinations: [b]}}\nchecks: {"__proto__": {file: /a}, proto: {file: /b}}',
      'x',
    );
    expect(Object.keys(settings.policy.groups)).toEqual(['__proto__']);
    expect([...settings.checks.keys()]).toEqual(['check:__proto__', 'check:proto']);
    expect(faults('groups: {"__proto__": {sources: [a], destinations: [b], enforce: x}}')).toEqual([
      expect.stringMatching(/^x:1:\d+: groups\.__proto__\.enforce: must be one of /),
    ]);
  });

  test('a mistake in a list causes none about the count beside it', () => {
    expect(faults('groups: {g: {require: {at-least: 2, of: [a, b/c]}, destinations: [d]}}')).toHaveLength(1);
    expect(faults('groups: {g: {require: {at-least: 2, of: a}, destinations: [d]}}')).toHaveLength(1);
    expect(
      faults(
        'groups: {g: {require: {weight: {at-least: 5, of: [{source: a, weight: 0}, {source: b, weight: 3}]}}, destinations: [d]}}',
      ),
    ).toHaveLength(1);
  });
});

test('start-hold and a count with hysteresis are read', () => {
  const text =
    'groups: {g: {require: {at-least: 40%, below: 30%, of: [a, b, c]}, destinations: [d], start-hold: 1m}}';
  expect(groups(text)['g']).toMatchObject({
    require: { atLeast: '40%', below: '30%', of: ['a', 'b', 'c'] },
    startHoldMs: 60_000,
  });
  expect(faults(text.replace('30%', '90%'))).toEqual([
    'x:1:46: groups.g.require.below: must be a whole number from 1 to 2 (the upper threshold), or a percentage up to 100%, not "90%"',
  ]);
});

test.each([
  ['!env em0', '!env'],
  ['!!binary ZW0w', '!!binary'],
  ['!!set {em0}', '!!set'],
  ['!include other.yaml', '!include'],
])('the tag in %s is refused, because nothing is done about it', (written, tag) => {
  expect(faults(`groups: {g: {sources: [${written}], destinations: [d]}}`)).toEqual([
    `x:1:${25 + tag.length}: a tag of YAML, which means nothing here: take ${tag} away`,
  ]);
});

test('the tags of a text, a list and a mapping change nothing', () => {
  const text = '!!map {groups: {g: {sources: !!seq [!!str 12, ! em0], destinations: [d]}}}';
  expect(groups(text)['g']?.require).toEqual({ all: ['12', 'em0'] });
});

test('the texts of a file destination that differ only in white space are refused', () => {
  expect(faults('groups: {g: {sources: [s], destinations: [{file: /x, up: "1", down: " 1"}]}}')).toEqual([
    "x:1:69: groups.g.destinations.0.down: 'up' and 'down' must differ by more than white space",
  ]);
});
