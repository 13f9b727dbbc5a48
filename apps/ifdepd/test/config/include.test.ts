import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { configFile } from '../support/config-file.ts';

/** A configuration with files in conf.d beside it. */
function withParts(text: string, parts: Readonly<Record<string, string>>) {
  const main = configFile(text);
  mkdirSync(join(main.folder, 'conf.d'));
  for (const [name, part] of Object.entries(parts)) {
    writeFileSync(join(main.folder, 'conf.d', name), part, { mode: 0o644 });
  }
  return main;
}

const ALL = 'include: [conf.d/*.yaml]\n';
const group = (name: string, source = 'a') =>
  `groups:\n  ${name}: {sources: [${source}], destinations: [${name}0]}\n`;

/** The mistakes, with the names of files relative to their folder. */
function faults(main: { readonly path: string; readonly folder: string }): string[] {
  try {
    loadSettings(main.path);
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    return error.message.replaceAll(`${main.folder}/`, '').split('\n');
  }
  return [];
}

test('included files add groups, checks, probes and hooks, in the order of their names', () => {
  using main = withParts(`${ALL}${group('one')}hooks: [{exec: [/bin/true]}]\n`, {
    '20.yaml': `${group('three')}hooks: [{exec: [/bin/three]}]\n`,
    '10.yaml': 'groups:\n  two: {require: {all: [{check: c}, {probe: p}]}}\n',
    '30.yaml': 'checks: {c: {file: /x}}\nprobes: {p: {ping: 192.0.2.1}}\nx-anything: 1\n',
    '.hidden.yaml': 'nonsense: 1\n',
    'other.txt': 'nonsense: 1\n',
    'empty.yaml': '',
  });
  const { policy, checks, probes, hooks, file } = loadSettings(main.path);
  expect(Object.keys(policy.groups)).toEqual(['one', 'two', 'three']);
  expect([[...checks.keys()], [...probes.keys()]]).toEqual([['check:c'], ['probe:p']]);
  expect(hooks.map(({ command }) => command)).toEqual([['/bin/true'], ['/bin/three']]);
  expect(file).toBe(main.path);
});

test('a file that includes all of its groups has none itself', () => {
  using main = withParts(ALL, { 'a.yaml': group('one') });
  expect(Object.keys(loadSettings(main.path).policy.groups)).toEqual(['one']);
});

test('a pattern in an included file is one of the configuration, and a mistake in it has its place', () => {
  using main = withParts(ALL, {
    'a.yaml': 'groups:\n  two:\n    sources: [{match: "eth*"}]\n    require: any\n',
  });
  expect([...(loadSettings(main.path).patterns?.byId.keys() ?? [])]).toEqual(['match:eth*']);
  using other = withParts(ALL, { 'a.yaml': 'groups:\n  two:\n    sources: [{match: "eth*"}]\n' });
  expect(faults(other)[0]).toMatch(/^conf\.d\/a\.yaml:3:15: groups\.two\.sources\.0: a pattern stands for/);
});

test('a mistake in an included file has its name, line and column', () => {
  using main = withParts(`${ALL}${group('one')}hooks: [{exec: [/bin/true]}]\n`, {
    'a.yaml': 'groups:\n  two:\n    sources: [a]\n    up-dealy: 3s\n',
    'b.yaml': 'groups:\n  three: {require: {group: tow}}\nhooks:\n  - {on: [sideways], exec: [/x]}\n',
    'c.yaml': 'groups: [\n',
  });
  expect(faults(main)).toEqual([
    expect.stringMatching(
      /^conf\.d\/a\.yaml:4:5: groups\.two\.up-dealy: unknown key; did you mean 'up-delay'/,
    ),
    expect.stringMatching(/^conf\.d\/b\.yaml:2:28: groups\.three\.require\.group: there is no group "tow"/),
    expect.stringMatching(
      /^conf\.d\/b\.yaml:4:11: hooks\.1\.on\.0: must be one of up, down, any, not "sideways"$/,
    ),
    expect.stringMatching(/^conf\.d\/c\.yaml:2:1: /),
  ]);
});

test('a name in two files is a mistake that names both places', () => {
  using main = withParts(`${ALL}${group('one')}`, {
    'a.yaml': `# more\n${group('one')}`,
    'b.yaml': group('one'),
  });
  expect(faults(main)).toEqual([
    expect.stringMatching(/^conf\.d\/a\.yaml:3:3: groups\.one: is also in \S+:3:3; names must differ$/),
    expect.stringMatching(/^conf\.d\/b\.yaml:2:3: groups\.one: is also in \S+:3:3; names must differ$/),
  ]);
});

test('an included file can neither include others nor set what belongs to the whole daemon', () => {
  using main = withParts(`${ALL}${group('one')}`, {
    'a.yaml': 'include: [b.yaml]\nlog: {format: json}\n',
    'b.yaml': '- a list\n',
    'c.yaml': 'groups: [x]\n',
  });
  expect(faults(main)).toEqual([
    expect.stringMatching(
      /^conf\.d\/a\.yaml:1:1: include: belongs into \S+: an included file has groups, checks/,
    ),
    expect.stringMatching(/^conf\.d\/a\.yaml:2:1: log: belongs into /),
    expect.stringMatching(/^conf\.d\/b\.yaml:1:1: must be a mapping with groups, checks, probes, hooks$/),
    expect.stringMatching(/^conf\.d\/c\.yaml:1:9: groups: must be a mapping$/),
  ]);
});

test.each([
  ['conf.d/no.yaml', /conf\.d\/no\.yaml: cannot be read: there is no such file$/],
  ['no/*.yaml', /include 'no\/\*\.yaml': ENOENT/],
  ['*/a.yaml', /\* and \? may only stand in the last part of a path$/],
  ['*', /the file includes itself$/],
])('include: [%s] is refused', (pattern, message) => {
  using main = withParts(`include: ['${pattern}']\n${group('one')}`, {});
  expect(() => loadSettings(main.path)).toThrowError(message);
});

test('a pattern that matches nothing is no mistake', () => {
  using main = withParts(`${ALL}${group('one')}`, {});
  expect(faults(main)).toEqual([]);
});

test('an included file that others can write is refused where any file runs programs', () => {
  using main = withParts(`${ALL}${group('one')}hooks: [{exec: [/bin/true]}]\n`, { 'a.yaml': group('two') });
  chmodSync(join(main.folder, 'conf.d/a.yaml'), 0o666);
  expect(faults(main)).toEqual([
    expect.stringMatching(/^conf\.d\/a\.yaml: is included by \S+, which runs programs .*: chmod go-w /),
  ]);
});

test('a configuration that is no file cannot include one', () => {
  expect(() => parseSettings(ALL, '-')).toThrowError(
    /cannot be included: only a configuration that is read from/,
  );
});
