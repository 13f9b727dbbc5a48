import { expect, test } from 'vitest';
import * as policy from '../src/index.ts';

/** Every function that is exported, called as a program without a type checker might. */
const call = policy as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** A policy; its JSON is short, for the names of the tests. */
const compiled = Object.assign(
  policy.compile({ groups: { web: { require: 'db', destinations: ['shop'] } } }),
  { toJSON: () => 'policy' },
);

test.each<[string, readonly unknown[], RegExp]>([
  ['graph', [null], /^policy must be compiled, not null\.$/],
  ['graph', [{}], /^policy must be compiled, not \[object Object\]\.$/],
  ['simulate', [undefined, []], /^policy must be compiled, not undefined\.$/],
  ['simulate', [compiled, null], /^timeline must be an array, not null\.$/],
  ['simulate', [compiled, [null]], /^timeline\[0\]\.at must be a finite number, not undefined\.$/],
  ['simulate', [compiled, [], null], /^options must be an object, not null\.$/],
  ['run', [null, { apply() {} }], /^policy must be compiled, not null\.$/],
  ['run', [compiled, null], /^options must be an object, not null\.$/],
  ['run', [compiled, {}], /^options\.apply must be a function, not undefined\.$/],
  ['run', [compiled, { apply: 'up' }], /^options\.apply must be a function, not "up"\.$/],
  ['toDot', [null], /^graph\.nodes must be an array, not undefined\.$/],
  ['toMermaid', [{}], /^graph\.nodes must be an array, not undefined\.$/],
  ['toDot', [{ nodes: [] }], /^graph\.edges must be an array, not undefined\.$/],
  ['toDot', [{ nodes: [null], edges: [] }], /^graph\.nodes\[0\]\.id must be a string, not undefined\.$/],
  [
    'toMermaid',
    [{ nodes: [{ id: 'n0', kind: 'check', label: '' }], edges: [] }],
    /^graph\.nodes\[0\]\.kind must be source,gate,group,destination, not "check"\.$/,
  ],
  [
    'toMermaid',
    [{ nodes: [], edges: [null] }],
    /^graph\.edges\[0\]\.from must be a string, not undefined\.$/,
  ],
  [
    'toDot',
    [{ nodes: [], edges: [{ from: 'n0', label: '' }] }],
    /^graph\.edges\[0\]\.to must be a string, not undefined\.$/,
  ],
  ['start', [null, 0], /^policy must be compiled, not null\.$/],
])('%s(%j): the error names the argument and the value', (name, args, message) => {
  expect(() => call[name]?.(...args)).toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(message) }),
  );
});

test('compile of a symbol refuses it as a configuration, and shows it', () => {
  expect(() => policy.compile(Symbol('x') as never)).toThrow(
    expect.objectContaining({ name: 'PolicyError', message: expect.stringContaining('not Symbol(x)') }),
  );
});
