import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { configSchema } from '../../src/config/schema.ts';
import { generatedSchema } from '../support/config-schema.ts';

const file = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
// Strict about the schema itself: an unknown keyword is an error. A list of types is what YAML needs.
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(
  configSchema,
);

function accepts(text: string): boolean {
  try {
    parseSettings(text, 'x');
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return false;
  }
}

test('the committed schema is the one that the shape of the file makes (npm run schema writes it)', async () => {
  await expect(generatedSchema()).toMatchFileSnapshot('../../schema/ifdepd.schema.json');
});

test('the example names its schema, and is valid', () => {
  const text = file('examples/ifdepd.conf');
  const path = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? '';
  expect(JSON.parse(file(`examples/${path}`))).toEqual(configSchema);
  expect(validate(parse(text))).toBe(true);
});

/** The keys that a schema names, wherever they stand. */
function keysIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) {
    return [];
  }
  const own = 'properties' in schema ? Object.keys(Object(schema.properties)) : [];
  return [...own, ...Object.values(schema).flatMap(keysIn)];
}

test('the manual page of the file names every key of the schema', () => {
  const words = file('man/ifdepd.conf.5').match(/(?<=Ic )\S+/g);
  const keys = new Set(keysIn(configSchema));
  expect(keys.size).toBeGreaterThan(30);
  expect([...keys].filter((key) => words?.includes(key) !== true)).toEqual([]);
});

/** A group with this in it. */
const group = (more: string): string => `groups: {g: {sources: [em0, em1], destinations: [carp0]${more}}}`;
const requires = (expression: string): string =>
  `groups: {g: {require: ${expression}, destinations: [carp0]}, h: {sources: [em0], destinations: [carp1]}}
checks: {c: {file: /x}}`;
const destination = (one: string): string => `groups: {g: {sources: [em0], destinations: [${one}]}}`;
const check = (one: string): string => `${group('')}\nchecks: {c: ${one}}`;
const hook = (one: string): string => `${group('')}\nhooks: [${one}]`;

describe('the schema accepts what the daemon accepts', () => {
  test.each([
    group(''),
    `$schema: x\n${group('')}`,
    group(', up-delay: 250ms, down-delay: 3, start-delay: 1h30m'),
    group(', up-delay: 0.5, down-delay: "2"'),
    group(', dampening: {half-life: 15s, suppress: 2000, reuse: 750, max-suppress: 60s, penalty: 1000}'),
    group(', dampening:'),
    group(', start-hold: 1m'),
    group(', require: any'),
    group(', require: 2'),
    group(', require: 50%'),
    group(', require: "1"'),
    'groups: {g: {sources: [uplink-fibre-building-north-0], destinations: [carp0]}}',
    'groups: {g: {sources: [[em0], [em1, em2]], destinations: [[carp0], carp1]}}',
    'groups: {g: {sources: [em0, em0], destinations: [carp0, carp0]}}',
    `x-uplinks: [em0]\n${group('')}`,
    requires('{at-least: 100%, below: 50%, of: [em0, em1]}'),
    group(', enforce: always, raise: owned, restore: manual, on-exit: restore'),
    'groups: {g: {sources: [em0]}}',
    requires('em0'),
    requires('{any: [em0, {not: em1}]}'),
    requires('{at-least: 1, of: [em0, em1]}'),
    requires('{at-least: 50%, of: [em0, em1]}'),
    requires('{weight: {at-least: 3, below: 2, of: [{source: em0, weight: 2}, {source: em1, weight: 2}]}}'),
    requires('{all: [{group: h}, {check: c}]}'),
    'groups: {g: {sources: [em0], destinations: carp0}}',
    'groups: {g: {sources: em0, destinations: carp0}}',
    'groups: {g: {require: {any: [{match: "em*"}, em0]}, destinations: [carp0]}}',
    'groups: {g: {require: {at-least: 2, of: [[{match: "em*", driver: em}], {mac: 52-54-00-00-00-01}]}, destinations: [carp0]}}',
    'groups: {g: {sources: [{driver: "mlx5_*"}, {mac: "5254.0000.0001"}], require: 50%, destinations: [carp0]}}',
    'groups: {g: {sources: [em0], destinations: {interface: carp0, action: protodown}}}',
    destination('{interface: carp0}'),
    destination('{interface: carp0, action: protodown}'),
    destination('{file: /x, up: "0", down: "1"}'),
    destination('{file: /x, value: weight}'),
    destination('{vf: eth0/3}'),
    check('{file: /x, active-when: missing}'),
    check('{exec: [ping, -c1, 192.0.2.1], every: 2s, timeout: 1s, rise: 2, fall: 3}'),
    check('{exec: [sleep, 1]}'),
    hook('{exec: [/bin/true]}'),
    hook('{on: any, exec: [/bin/true]}'),
    hook('{on: [up, down, any], exec: [/bin/true, x], timeout: 10s}'),
    `${group('')}\nlog: {format: json, target: syslog}`,
    `${group('')}\nlog: {}`,
    `${group('')}\nmetrics: {listen: "127.0.0.1:9817"}`,
    `${group('')}\nmetrics: {listen: 9817}`,
  ])('%s', (text) => {
    expect(accepts(text)).toBe(true);
    validate(parse(text));
    expect(validate.errors).toBe(null);
  });
});

describe('the schema refuses what the daemon refuses', () => {
  test.each([
    '{}',
    '[]',
    'groups: {}',
    'groups: []',
    'groups: {g: {}}',
    'groups: {g: {sources: [em0], restore: never, destinations: [carp0]}}',
    'groups: {g: {sources: [em0], destinations: []}}',
    'groups: {g: {destinations: [carp0]}}',
    'groups: {g: {sources: [], destinations: [carp0]}}',
    'groups: {g: {sources: "em0 em1", destinations: [carp0]}}',
    'groups: {g: {sources: {any: [em0]}, destinations: [carp0]}}',
    'groups: {g: {require: {all: [{match: "em*"}]}, destinations: [carp0]}}',
    'groups: {g: {require: {match: "em*"}, destinations: [carp0]}}',
    'groups: {g: {require: {any: [{match: "em[0-9]"}]}, destinations: [carp0]}}',
    'groups: {g: {require: {any: [{mac: "52:54"}]}, destinations: [carp0]}}',
    'groups: {g: {require: {any: [{driver: "a b"}]}, destinations: [carp0]}}',
    'groups: {g: {require: {any: [{match: "em*", all: [em0]}]}, destinations: [carp0]}}',
    'groups: {g: {sources: [em0], destinations: 7}}',
    'groups: {g: {sources: [em0], destinations: "carp0 carp1"}}',
    'groups: {g: {sources: [em0], require: em0, destinations: [carp0]}}',
    'groups: {"a b": {sources: [em0], destinations: [carp0]}}',
    'groups: {g: {sources: [1], destinations: [carp0]}}',
    `groups: {g: {sources: [${'x'.repeat(128)}], destinations: [carp0]}}`,
    'groups: {g: {sources: ["eth*"], destinations: [carp0]}}',
    'groups: {g: {require: any, destinations: [carp0]}}',
    'groups: {g: {sources: [em0], require: some, destinations: [carp0]}}',
    'groups: {g: {sources: [em0], require: "0", destinations: [carp0]}}',
    group(', start-hold: soon'),
    requires('{at-least: 50%, below: most, of: [em0, em1]}'),
    requires('{all: [em0], below: 1}'),
    'groups: {g: {sources: [a/b], destinations: [carp0]}}',
    'groups: {g: {sources: ["a b"], destinations: [carp0]}}',
    'groups: {g: {sources: ["em0:1"], destinations: [carp0]}}',
    'groups: {g: {sources: [".."], destinations: [carp0]}}',
    group(', up-dealy: 1'),
    group(', up-delay: soon'),
    group(', up-delay: -1'),
    group(', up-delay: [1]'),
    group(', dampening: {half-life: 15s, half-live: 15s}'),
    group(', dampening: {suppress: 0}'),
    group(', enforce: up'),
    group(', raise: never'),
    group(', on-exit: stay'),
    requires('{}'),
    requires('{some: [em0]}'),
    requires('{all: []}'),
    requires('{all: [em0], any: [em1]}'),
    requires('{at-least: 0, of: [em0]}'),
    requires('{at-least: 1.5, of: [em0, em1]}'),
    requires('{at-least: 0%, of: [em0]}'),
    requires('{at-least: 101%, of: [em0]}'),
    requires('{at-least: most, of: [em0]}'),
    requires('{at-least: 1}'),
    requires('{weight: {of: [{source: em0, weight: 2}]}}'),
    requires('{weight: {at-least: 1, of: [{source: em0}]}}'),
    requires('{group: 7}'),
    destination('7'),
    destination('{action: admin}'),
    destination('{interface: carp0, action: shut}'),
    destination('{file: relative, up: "0", down: "1"}'),
    destination('{file: /x, up: 0, down: 1}'),
    destination('{file: /x, up: "0"}'),
    destination('{file: /x, value: sum}'),
    destination('{value: weight}'),
    destination('{vf: eth0}'),
    destination('{vf: eth0/x}'),
    destination('{vf: 3}'),
    destination('{file: /x, value: weight, up: "0"}'),
    destination('{interface: carp0, file: /x, up: "0", down: "1"}'),
    check('{}'),
    check('{file: x}'),
    check('{file: /x, exec: [true]}'),
    check('{file: /x, active-when: gone}'),
    check('{exec: ping -c1 192.0.2.1}'),
    check('{exec: []}'),
    check('{exec: [a], rise: 0}'),
    check('{exec: [a], every: never}'),
    hook('{on: [up]}'),
    hook('{on: [sideways], exec: [a]}'),
    hook('{on: [], exec: [a]}'),
    `${group('')}\nhooks: []`,
    `${group('')}\nlog: {format: xml}`,
    `${group('')}\nlog: {target: file}`,
    `${group('')}\nlog: {level: 1}`,
    `${group('')}\nmetrics: {}`,
    `${group('')}\nmetrics: {listen: "127.0.0.1"}`,
    `${group('')}\nmetrics: {listen: 65536}`,
    `${group('')}\ngroup: {}`,
  ])('%s', (text) => {
    expect(accepts(text)).toBe(false);
    expect(validate(parse(text))).toBe(false);
  });
});
