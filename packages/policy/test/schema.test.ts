import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile, type PolicyConfig, PolicyError } from '../src/index.ts';
import { config, runs } from './support/arbitraries.ts';
import { jsonSchema, toText } from './support/json-schema.ts';

const validate = new Ajv({ strict: true, strictTypes: false }).compile(jsonSchema());

test('the committed schema matches the types and the table of knobs (npm run schema writes it)', async () => {
  await expect(toText(jsonSchema())).toMatchFileSnapshot('../schema.json');
});

test('a configuration that compiles is valid by the schema', () => {
  fc.assert(
    fc.property(config, (configuration) => validate(JSON.parse(JSON.stringify(configuration)))),
    runs(0.05),
  );
});

test('equal expressions in a list are valid and compile; a repeated name is valid and does not compile', () => {
  const rule = { all: ['a', 'b'] };
  const twins = [rule, { ...rule }];
  const weighted = twins.map((source) => ({ source, weight: 1 }));
  for (const require of [
    { any: twins },
    { atLeast: 2, of: twins },
    { weight: { atLeast: 1, of: weighted } },
  ]) {
    const configuration: PolicyConfig = { groups: { g: { require, destinations: ['d'] } } };
    expect(validate(configuration)).toBe(true);
    expect(compile(configuration).groups).toEqual(['g']);
  }
  const twice = { groups: { g: { require: { any: ['a', 'a'] }, destinations: ['d'] } } };
  expect(validate(twice)).toBe(true);
  expect(() => compile(twice)).toThrow('groups.g.require.any.1: is listed twice; remove one');
});

test.each<[string, unknown]>([
  ['no group table', {}],
  ['an unknown key', { groups: { g: { require: 'a', destinations: ['d'], upDelay: 1 } } }],
  ['an empty list', { groups: { g: { require: { all: [] }, destinations: ['d'] } } }],
  ['a name twice', { groups: { g: { require: 'a', destinations: ['d', 'd'] } } }],
  ['a negative delay', { groups: { g: { require: 'a', destinations: ['d'], upDelayMs: -1 } } }],
  ['an absurd delay', { groups: { g: { require: 'a', destinations: ['d'], upDelayMs: 1e12 } } }],
  ['an unknown word', { groups: { g: { require: 'a', destinations: ['d'], enforce: 'maybe' } } }],
  ['a count of nothing', { groups: { g: { require: { atLeast: 0, of: ['a'] }, destinations: ['d'] } } }],
  ['two operators', { groups: { g: { require: { all: ['a'], any: ['b'] }, destinations: ['d'] } } }],
  ['an empty name', { groups: { g: { require: '', destinations: ['d'] } } }],
])('schema and compile both refuse %s', (_, configuration) => {
  expect(validate(configuration)).toBe(false);
  expect(() => compile(configuration as PolicyConfig)).toThrow(PolicyError);
});
